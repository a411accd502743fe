import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/config/errors.ts";
import { loadClusterConfig, validateClusterConfig } from "../../src/config/load.ts";
import { exitCode } from "../../src/errors.ts";
import { clusterFile, exampleNames, exampleText, nodegroupFile, problemsOf } from "./support.ts";

describe("loading a ClusterConfig", () => {
  it.each(exampleNames)("accepts %s", (name) => {
    expect(problemsOf(exampleText(name))).toEqual([]);
  });

  it("gives what is written, and nothing more", () => {
    const { config } = loadClusterConfig({ text: clusterFile("iam:\n  withOIDC: true"), name: "x" });
    expect(config).toEqual({
      apiVersion: "eksctl.io/v1alpha5",
      kind: "ClusterConfig",
      metadata: { name: "c", region: "us-west-2", version: "1.34" },
      iam: { withOIDC: true },
    });
  });

  it("reads JSON", () => {
    const text = JSON.stringify({
      apiVersion: "eksctl.io/v1alpha5",
      kind: "ClusterConfig",
      metadata: { name: "c", region: "us-west-2" },
      managedNodeGroups: [{ name: "a", minSize: -1 }],
    });
    expect(problemsOf(text)).toEqual(["1:147 managedNodeGroups[0].minSize: must be at least 0"]);
  });

  it("takes a key without a value for absent, as eksctl does", () => {
    const { config } = loadClusterConfig({ text: clusterFile("vpc:\niam:\n  withOIDC:\naddons: []"), name: "x" });
    expect(config).not.toHaveProperty("vpc");
    expect(config.iam).toEqual({});
  });

  it("follows anchors and merge keys; keys of one's own win", () => {
    const text = clusterFile(
      [
        "managedNodeGroups:",
        "  - &base { name: a, labels: { pool: x }, maxSize: 4 }",
        "  - { <<: *base, name: b, maxSize: 5 }",
        "  - { name: c, <<: [{ maxSize: 7 }, *base] }",
      ].join("\n"),
    );
    const { config } = loadClusterConfig({ text, name: "x" });
    expect(config.managedNodeGroups).toEqual([
      { name: "a", labels: { pool: "x" }, maxSize: 4 },
      { name: "b", labels: { pool: "x" }, maxSize: 5 },
      { name: "c", labels: { pool: "x" }, maxSize: 7 },
    ]);
  });

  it("shows a problem of a merged value where the value stands", () => {
    const text = clusterFile("managedNodeGroups:\n  - &base { name: a, minSize: many }\n  - { <<: *base, name: b }");
    expect(problemsOf(text)).toEqual([
      '7:31 managedNodeGroups[0].minSize: must be a number, not "many"',
      '7:31 managedNodeGroups[1].minSize: must be a number, not "many"',
    ]);
  });

  it("takes the switches of YAML 1.1 where true or false is wanted, and nowhere else", () => {
    const text = nodegroupFile("spot: on", "privateNetworking: No", "ebsOptimized: y", "labels: { a: yes, b: off }");
    const { config } = loadClusterConfig({ text, name: "x" });
    expect(config.managedNodeGroups?.[0]).toMatchObject({
      spot: true,
      privateNetworking: false,
      ebsOptimized: true,
      labels: { a: "yes", b: "off" },
    });
    expect(problemsOf(nodegroupFile("spot: yEs", "ebsOptimized: 'no'"))).toEqual([
      '8:11 managedNodeGroups[0].spot: must be true or false, not "yEs" (write true, without quotes)',
      '9:19 managedNodeGroups[0].ebsOptimized: must be true or false, not "no" (write false, without quotes)',
    ]);
  });

  it("takes a block by any of its addresses where eksctl does", () => {
    const text = clusterFile("vpc: { publicAccessCIDRs: [198.51.100.7/24], extraCIDRs: [10.9.1.1/16] }");
    expect(loadClusterConfig({ text, name: "x" }).config.vpc).toEqual({
      publicAccessCIDRs: ["198.51.100.0/24"],
      extraCIDRs: ["10.9.0.0/16"],
    });
  });

  it("ignores letter case where eksctl does", () => {
    const { config } = loadClusterConfig({
      text: `${nodegroupFile("amiFamily: bottlerocket")}kubernetesNetworkConfig: { ipFamily: ipv4 }`,
      name: "x",
    });
    expect(config.managedNodeGroups?.[0]?.amiFamily).toBe("Bottlerocket");
    expect(config.kubernetesNetworkConfig?.ipFamily).toBe("IPv4");
  });
});

describe("variables of the environment", () => {
  const text = nodegroupFile(
    "minSize: ${MIN}",
    'instanceName: "node-${MIN}"',
    "instancePrefix: $${MIN} ${aws:username}",
    "tags: { 'team/${TEAM}': x }",
    "spot: ${SPOT}",
  );
  const load = (variables?: Record<string, string>) => loadClusterConfig({ text, name: "x" }, variables).config;

  it("are filled in where that is asked for: without quotes a value is what YAML takes it for", () => {
    expect(load({ MIN: "2", TEAM: "a: b", SPOT: "yes" }).managedNodeGroups?.[0]).toEqual({
      name: "a",
      minSize: 2,
      instanceName: "node-2",
      instancePrefix: "${MIN} ${aws:username}",
      tags: { "team/a: b": "x" },
      spot: true,
    });
  });

  it("cannot bring in more than one value", () => {
    const injected = loadClusterConfig(
      { text: nodegroupFile("instanceName: ${X}"), name: "x" },
      { X: "a\n    spot: true" },
    );
    expect(injected.config.managedNodeGroups).toEqual([{ name: "a", instanceName: "a\n    spot: true" }]);
  });

  it("that are not set are told where they stand", () => {
    expect(errorOf(() => load({ MIN: "2", TEAM: "x" })).message).toBe(
      [
        "x:12:11  the environment variable SPOT is not set; for the text itself write $${SPOT}",
        "   12 |     spot: ${SPOT}",
        "      |           ^",
      ].join("\n"),
    );
  });

  it("are no variables otherwise", () => {
    expect(errorOf(() => load()).message).toContain('minSize  must be a number, not "${MIN}"');
  });
});

function errorOf(run: () => unknown): ConfigError {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  throw new Error("no ConfigError was thrown");
}

describe("an error", () => {
  const text = clusterFile("iam:\n  withOIDC: 'yes'\n  withOicd: true\nvpc: { cidr: 10.0.0.0/8 }");

  it("names file, line, column and path, shows the line, and says the way out", () => {
    const error = errorOf(() => loadClusterConfig({ text, name: "cluster.yaml" }));
    expect(error.exitCode).toBe(exitCode.invalid);
    expect(error.message).toBe(
      [
        'cluster.yaml:7:13  iam.withOIDC  must be true or false, not "yes"',
        "    7 |   withOIDC: 'yes'",
        "      |             ^",
        "      write true, without quotes",
        "cluster.yaml:8:3  iam.withOicd  is not a known key",
        "    8 |   withOicd: true",
        "      |   ^",
        "      did you mean withOIDC?",
        "cluster.yaml:9:14  vpc.cidr  the prefix must be from /16 to /24, not /8",
        "    9 | vpc: { cidr: 10.0.0.0/8 }",
        "      |              ^",
      ].join("\n"),
    );
  });

  it("has the same words for plain data, without positions", () => {
    const error = errorOf(() => validateClusterConfig({ kind: "ClusterConfig", metadata: { name: "c" } }, "flags"));
    expect(error.message).toBe("flags  apiVersion  is missing\nflags  metadata.region  is missing");
    expect(error.problems.every((problem) => problem.line === undefined)).toBe(true);
  });

  it("shows of a long line the part around the caret", () => {
    const error = errorOf(() =>
      loadClusterConfig({ text: clusterFile(`iam: { ${"withOIDC: true, ".repeat(20)} }`), name: "x" }),
    );
    const [, line, caret] = error.message.split("\n");
    expect(line?.length).toBe(108);
    expect(line?.slice((caret?.length ?? 0) - 1)).toMatch(/^withOIDC/);
  });
});

describe("what is wrong with single values", () => {
  it.each([
    // Required keys, the misspelt included: one message for one mistake.
    ["kind: ClusterConfig\nmetadata: { name: c, region: us-west-2 }", ["1:1 apiVersion: is missing"]],
    [
      "apiVersion: eksctl.io/v1alpha4\nkind: Clusterconfig\nmetadata: { name: c, regoin: us-west-2 }",
      [
        '1:13 apiVersion: must be eksctl.io/v1alpha5, not "eksctl.io/v1alpha4"',
        '2:7 kind: must be ClusterConfig, not "Clusterconfig"',
        "3:22 metadata.regoin: is not a known key (did you mean region?)",
      ],
    ],
    [
      "- a\n- b",
      [
        "1:1 : must be a mapping, not a list (a ClusterConfig begins with apiVersion: eksctl.io/v1alpha5 and kind: ClusterConfig)",
      ],
    ],
    [
      "hello",
      [
        '1:1 : must be a mapping, not "hello" (a ClusterConfig begins with apiVersion: eksctl.io/v1alpha5 and kind: ClusterConfig)',
      ],
    ],
    // Keys.
    [
      clusterFile("managedNodegroups: []"),
      ["6:1 managedNodegroups: is not a known key (did you mean managedNodeGroups?)"],
    ],
    [
      clusterFile("upgradePolicy: { frequency: 3 }"),
      ["6:18 upgradePolicy.frequency: is not a known key (known here: supportType)"],
    ],
    [nodegroupFile("completelyDifferent: 1"), ["8:5 managedNodeGroups[0].completelyDifferent: is not a known key"]],
    [
      clusterFile("__proto__: { polluted: 1 }\nupgradePolicy: { constructor: 1 }"),
      [
        "6:1 __proto__: is not a known key",
        "7:18 upgradePolicy.constructor: is not a known key (known here: supportType)",
      ],
    ],
    [
      nodegroupFile("labels: { __proto__: x }", "tags: { __proto__: x }"),
      [
        "8:15 managedNodeGroups[0].labels.__proto__: cannot be used as a name",
        "9:13 managedNodeGroups[0].tags.__proto__: cannot be used as a name",
      ],
    ],
    // Types.
    [clusterFile("", "1.30"), ['4:42 metadata.version: must be text, not the number 1.30 (put it in quotes: "1.30")']],
    [
      clusterFile("", "'1.30.1'"),
      ['4:42 metadata.version: must be a Kubernetes version such as "1.34", or default, auto or latest: write "1.30"'],
    ],
    [
      nodegroupFile(
        "spot: 'on'",
        "volumeSize: '80'",
        "minSize: 1.5",
        "availabilityZones: us-west-2a",
        "taints: { a: b }",
        "iam: []",
      ),
      [
        '8:11 managedNodeGroups[0].spot: must be true or false, not "on" (write true, without quotes)',
        '9:17 managedNodeGroups[0].volumeSize: must be a number, not "80" (write it without quotes: 80)',
        "10:14 managedNodeGroups[0].minSize: must be a whole number, not the number 1.5",
        '11:24 managedNodeGroups[0].availabilityZones: must be a list, not "us-west-2a" (for a list of one write [us-west-2a])',
        "12:13 managedNodeGroups[0].taints: must be a list, not a mapping (each item begins with a hyphen)",
        "13:10 managedNodeGroups[0].iam: must be a mapping, not a list (write attachPolicyARNs: below iam, and the list there)",
      ],
    ],
    [clusterFile("managedNodeGroups: [null]"), ["6:21 managedNodeGroups[0]: must be a mapping, not empty"]],
    [
      nodegroupFile("tags: { a: 1, b: null, c: true }"),
      [
        '8:16 managedNodeGroups[0].tags.a: must be text, not the number 1 (put it in quotes: "1")',
        "8:22 managedNodeGroups[0].tags.b: must be text, not empty",
        '8:31 managedNodeGroups[0].tags.c: must be text, not true (put it in quotes: "true")',
      ],
    ],
    // Choices.
    [
      nodegroupFile("volumeType: gp33", "taints: [{ key: a, effect: Noschedule }]"),
      [
        '8:17 managedNodeGroups[0].volumeType: must be one of gp3, gp2, io1, io2, sc1, st1, not "gp33" (did you mean gp3?)',
        '9:32 managedNodeGroups[0].taints[0].effect: must be one of NoSchedule, PreferNoSchedule, NoExecute, not "Noschedule" (did you mean NoSchedule?)',
      ],
    ],
    [
      clusterFile("accessConfig: { authenticationMode: IAM }\nvpc: { nat: { gateway: Singel } }"),
      [
        '6:37 accessConfig.authenticationMode: must be one of API, API_AND_CONFIG_MAP, CONFIG_MAP, not "IAM"',
        '7:24 vpc.nat.gateway: must be one of HighlyAvailable, Single, Disable, not "Singel" (did you mean Single?)',
      ],
    ],
    [
      clusterFile("cloudWatch: { clusterLogging: { enableTypes: [apis], logRetentionInDays: 10 } }"),
      [
        '6:47 cloudWatch.clusterLogging.enableTypes[0]: must be one of api, audit, authenticator, controllerManager, scheduler, all, *, not "apis" (did you mean api?)',
        "6:74 cloudWatch.clusterLogging.logRetentionInDays: must be one of 0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653, not the number 10",
      ],
    ],
    // Numbers.
    [
      nodegroupFile("minSize: -1", "maxSize: 0", "updateConfig: { maxUnavailable: 101 }", "volumeThroughput: 2000"),
      [
        "8:14 managedNodeGroups[0].minSize: must be at least 0",
        "9:14 managedNodeGroups[0].maxSize: must be at least 1",
        "10:37 managedNodeGroups[0].updateConfig.maxUnavailable: must be at most 100",
        "11:23 managedNodeGroups[0].volumeThroughput: must be at most 1000",
      ],
    ],
    // Names.
    [
      `apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: { name: -a_b, region: us-west-2 }\nmanagedNodeGroups: [{ name: ${"n".repeat(64)} }]`,
      [
        "3:19 metadata.name: must begin with a letter or digit, and hold letters, digits and hyphens only",
        "4:29 managedNodeGroups[0].name: is longer than the 63 characters that EKS allows",
      ],
    ],
    // CIDR blocks.
    [
      clusterFile(
        "vpc: { cidr: 10.0.5.0/16, publicAccessCIDRs: [203.0.113.7, 300.0.0.0/8, 1.0.0.0/33, '2001:db8::/32', x] }",
      ),
      [
        "6:14 vpc.cidr: 10.0.5.0 is not the first address of a /16 block (write 10.0.0.0/16)",
        "6:47 vpc.publicAccessCIDRs[0]: must be an IPv4 CIDR block such as 10.0.0.0/16 (for this one address write 203.0.113.7/32)",
        "6:60 vpc.publicAccessCIDRs[1]: must be an IPv4 CIDR block such as 10.0.0.0/16",
        "6:73 vpc.publicAccessCIDRs[2]: must be an IPv4 CIDR block such as 10.0.0.0/16; the prefix goes from /0 to /32",
        "6:85 vpc.publicAccessCIDRs[3]: must be an IPv4 CIDR block such as 10.0.0.0/16; this is IPv6",
        "6:102 vpc.publicAccessCIDRs[4]: must be an IPv4 CIDR block such as 10.0.0.0/16",
      ],
    ],
    // ARNs.
    [
      clusterFile(
        "iam: { serviceRoleARN: 'arn:aws:iam::111122223333:user/a' }\nsecretsEncryption: { keyARN: alias/a }",
      ),
      [
        "6:24 iam.serviceRoleARN: must be the ARN of an IAM role: arn:<partition>:iam::<account>:role/<name>; this is of the type user",
        "7:30 secretsEncryption.keyARN: must be the ARN of a KMS key: arn:<partition>:kms:<region>:<account>:key/<id>",
      ],
    ],
    [
      clusterFile(
        "accessConfig: { accessEntries: [{ principalARN: 'arn:aws:sts::111122223333:assumed-role/a/b', accessPolicies: [{ policyARN: 'arn:aws:iam::aws:policy/A', accessScope: { type: all } }] }] }",
      ),
      [
        "6:49 accessConfig.accessEntries[0].principalARN: must be the ARN of an IAM role or user: arn:<partition>:iam::<account>:role/<name>; this is of the service sts, not of iam",
        "6:125 accessConfig.accessEntries[0].accessPolicies[0].policyARN: must be the ARN of an EKS access policy: arn:<partition>:eks::aws:cluster-access-policy/<name>; this is of the service iam, not of eks",
        '6:175 accessConfig.accessEntries[0].accessPolicies[0].accessScope.type: must be one of cluster, namespace, not "all"',
      ],
    ],
    // Labels, taints, tags.
    [
      nodegroupFile(
        "labels: { -a: b, c: '-', d/e/f: g }",
        `taints: [{ key: a, value: ${"v".repeat(64)}, effect: NoExecute }]`,
        "tags: { 'a#': b, c: 'd;' }",
      ),
      [
        '8:15 managedNodeGroups[0].labels["-a"]: must be a label key: a name of at most 63 letters, digits and _.-, with an optional DNS prefix and a slash before it',
        "8:25 managedNodeGroups[0].labels.c: must begin and end with a letter or digit, and hold letters, digits and _.- only",
        '8:30 managedNodeGroups[0].labels["d/e/f"]: must be a label key: a name of at most 63 letters, digits and _.-, with an optional DNS prefix and a slash before it',
        "9:31 managedNodeGroups[0].taints[0].value: is longer than the 63 characters that Kubernetes allows",
        '10:13 managedNodeGroups[0].tags["a#"]: a tag key may hold letters, digits, blanks and _.:/=+-@ only',
        "10:25 managedNodeGroups[0].tags.c: a tag value may hold letters, digits, blanks and _.:/=+-@ only",
      ],
    ],
    // Lists.
    [
      clusterFile("availabilityZones: [us-west-2a]\nvpc: { extraCIDRs: [10.1.0.0/16, 10.1.0.0/16] }"),
      [
        "6:20 availabilityZones: needs at least two zones: EKS wants subnets in two",
        "7:34 vpc.extraCIDRs[1]: 10.1.0.0/16 is listed twice",
      ],
    ],
    [
      clusterFile(
        "addons: [{ name: a, attachPolicy: { Id: x }, namespaceConfig: { namespace: 1a } }]\niam: { withOIDC: true }",
      ),
      [
        "6:35 addons[0].attachPolicy: a policy document needs a Statement",
        "6:76 addons[0].namespaceConfig.namespace: must begin with a letter, and hold lower-case letters, digits and hyphens only",
      ],
    ],
    [
      nodegroupFile(
        "instanceType: large",
        "releaseVersion: latest",
        "securityGroups: { attachIDs: [sg-x] }",
        "iam: { instanceRoleName: a/b }",
      ),
      [
        "8:19 managedNodeGroups[0].instanceType: must be an EC2 instance type, as m5.large",
        "9:21 managedNodeGroups[0].releaseVersion: must be a release of the EKS AMI, as 1.34.1-20251016 (Bottlerocket: 1.49.0-713f44ce)",
        "10:35 managedNodeGroups[0].securityGroups.attachIDs[0]: must be the id of a security group, as sg-0123456789abcdef0",
        "11:30 managedNodeGroups[0].iam.instanceRoleName: may hold letters, digits and _+=,.@- only",
      ],
    ],
  ])("%#", (text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });

  it("leaves Object.prototype alone", () => {
    expect(problemsOf(clusterFile("__proto__: { polluted: 1 }"))).not.toEqual([]);
    expect({}).not.toHaveProperty("polluted");
  });

  it("stops listing after two hundred problems", () => {
    const many = Array.from({ length: 300 }, (_, index) => `unknown${index}: 1`).join("\n");
    expect(problemsOf(clusterFile(many))).toHaveLength(200);
  });
});
