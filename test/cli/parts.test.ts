import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateAccessEntryCommand, CreatePodIdentityAssociationCommand, EKSClient } from "@aws-sdk/client-eks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { sandboxCredentials } from "../../src/sandbox/index.ts";
import { owned } from "../support/holdings.ts";
import { startTestSandbox } from "../support/sandbox.ts";
import { type Ran, type Shell, connectionTo, openShell } from "./harness.ts";

let sandbox: Sandbox;
let shell: Shell;

const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const here = ["--region", "us-west-2", "--cluster", "demo"];
const header = `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: us-west-2 }
`;

/** What it prints on stdout; it must have done what it should. */
async function documentOf(ran: Promise<Ran>): Promise<unknown> {
  const { code, stdout, stderr } = await ran;
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

const run = (...argv: readonly string[]) => documentOf(shell.run(...argv, "-o", "json"));
const byOptions = (verb: string, noun: string, ...more: readonly string[]) => run(verb, noun, ...here, ...more);

/** The verbs and logical ids of a plan of the file. */
async function planOf(content: string): Promise<readonly string[]> {
  const { code, stdout, stderr } = await shell.run("plan", "-f", fileOf(content), "-o", "json");
  expect([0, 2], stderr).toContain(code);
  const { items } = JSON.parse(stdout) as { items: readonly { verb: string; id: string }[] };
  return items.filter(({ verb }) => verb !== "keep").map(({ verb, id }) => `${verb} ${id}`);
}

function fileOf(content: string): string {
  const path = join(shell.directory, "cluster.yaml");
  writeFileSync(path, header + content);
  return path;
}

/** As somebody else of the account. */
function others(): EKSClient {
  return new EKSClient({ endpoint: sandbox.endpoint, region: "us-west-2", credentials: sandboxCredentials });
}

beforeAll(async () => {
  sandbox = await startTestSandbox();
  shell = openShell(connectionTo(sandbox));
  const named = (name: string, service: string) => ({ arn: role(name), trustServices: [service], policyArns: [] });
  sandbox.residents({
    roles: [
      named("ci", "ec2.amazonaws.com"),
      named("auditor", "ec2.amazonaws.com"),
      named("cart", "pods.eks.amazonaws.com"),
      named("kro", "capabilities.eks.amazonaws.com"),
    ],
    users: [],
    policies: [],
    keyPairs: [],
    ipv6Pools: [],
    transitGateways: [],
    vpnGateways: [],
    vpcs: [],
    securityGroups: [],
    launchTemplates: [],
  });
  await run("create", "cluster", "-f", fileOf("managedNodeGroups: [{ name: workers }]"));
}, 120_000);
afterAll(async () => {
  await sandbox.close();
  shell.remove();
});

describe.sequential("parts of a cluster by options alone", () => {
  it("an access entry is made, changed and listed", async () => {
    const entry = ["--principal-arn", role("ci")];
    expect(await byOptions("create", "accessentry", ...entry, "--kubernetes-groups", "deployers")).toMatchObject([
      { principalArn: role("ci"), kubernetesGroups: ["deployers"], owned: true },
    ]);
    expect(await byOptions("update", "accessentry", ...entry, "--kubernetes-groups", "viewers")).toMatchObject([
      { kubernetesGroups: ["viewers"] },
    ]);
    expect(await byOptions("get", "accessentry", ...entry)).toMatchObject([{ kubernetesGroups: ["viewers"] }]);
  });

  it("a Fargate profile, with the role that such profiles share", async () => {
    expect(await byOptions("create", "fargateprofile", "apps", "--namespace", "apps")).toMatchObject([
      { name: "apps", status: "ready", selectors: [{ namespace: "apps", labels: {} }] },
    ]);
  });

  it("an add-on, which keeps all else when one thing of it changes", async () => {
    expect(await byOptions("create", "addon", "eks-pod-identity-agent")).toMatchObject([{ status: "ready" }]);
    const csi = ["aws-ebs-csi-driver", "--auto-apply-pod-identity-associations"];
    const [made] = (await byOptions("create", "addon", ...csi)) as { podIdentityAssociations: unknown[] }[];
    expect(made).toMatchObject({
      status: "ready",
      podIdentityAssociations: [{ serviceAccount: "ebs-csi-controller-sa" }],
    });
    const [updated] = (await byOptions("update", "addon", "aws-ebs-csi-driver", "--version", "latest")) as unknown[];
    expect(updated).toMatchObject({ podIdentityAssociations: made?.podIdentityAssociations, newerVersions: [] });
  });

  it("a pod identity association, with its role and service account", async () => {
    const cart = ["--namespace", "shop", "--service-account-name", "cart"];
    const more = ["--well-known-policies", "externalDNS", "--create-service-account"];
    expect(await byOptions("create", "podidentityassociation", ...cart, ...more)).toMatchObject([
      { name: "shop/cart", roleArn: expect.stringContaining("pod-shop-cart") as string },
    ]);
    expect(await byOptions("update", "podidentityassociation", ...cart, "--disable-session-tags")).toMatchObject([
      { disableSessionTags: true, roleArn: expect.stringContaining("pod-shop-cart") as string },
    ]);
  });

  it("a capability, whose made role a given one follows", async () => {
    const kro = ["--name", "kro"];
    expect(await byOptions("create", "capability", ...kro, "--type", "KRO")).toMatchObject([
      { name: "kro", status: "ready", roleArn: expect.stringContaining("capability-kro") as string },
    ]);
    const second = await shell.run("create", "capability", ...here, "--name", "another", "--type", "KRO");
    expect(second.code).toBe(4);
    expect(second.stderr).toContain("EKS takes one capability of a type, and has kro");
    expect(await byOptions("update", "capability", ...kro, "--role-arn", role("kro"))).toMatchObject([
      { roleArn: role("kro") },
    ]);
    expect(await byOptions("get", "capability", "kro")).toMatchObject([{ roleArn: role("kro"), version: "v0.6.3" }]);
  });

  it("a service account with a role, once the cluster has an OIDC provider", async () => {
    const books = ["--namespace", "shop", "--name", "books"];
    const reading = ["--attach-policy-arn", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"];
    const early = await shell.run("create", "iamserviceaccount", ...here, ...books, ...reading);
    expect(early.code).toBe(4);
    expect(early.stderr).toContain("lacks its OIDC identity provider");
    expect(await byOptions("utils", "associate-iam-oidc-provider", "--approve")).toMatchObject([{ owned: true }]);
    expect(await byOptions("create", "iamserviceaccount", ...books, ...reading, "--approve")).toMatchObject([
      { name: "shop/books", roleArn: expect.stringContaining("service-account-shop-books") as string },
    ]);
    const full = ["--attach-policy-arn", "arn:aws:iam::aws:policy/AmazonS3FullAccess", "--approve"];
    await byOptions("update", "iamserviceaccount", ...books, ...full);
  });

  it("are listed by a plan of a file without them, and left", async () => {
    const orphans = await planOf("managedNodeGroups: [{ name: workers }]\niam: { serviceAccounts: [] }");
    expect(orphans).toEqual(
      expect.arrayContaining([
        `orphan access-entry/${role("ci")}`,
        "orphan fargate-profile/apps",
        "orphan addon/aws-ebs-csi-driver",
        "orphan capability/kro",
        "orphan role/capability/kro",
        "orphan pod-identity/shop/cart",
        "orphan role/service-account/shop/books",
        "orphan oidc-provider",
      ]),
    );
    expect(orphans.every((line) => line.startsWith("orphan "))).toBe(true);
  });

  it("are deleted with what was made for them alone", async () => {
    const names: readonly (readonly string[])[] = [
      ["accessentry", "--principal-arn", role("ci")],
      ["fargateprofile", "apps"],
      ["addon", "aws-ebs-csi-driver", "--preserve"],
      ["capability", "kro"],
      ["podidentityassociation", "--namespace", "shop", "--service-account-name", "cart"],
      ["iamserviceaccount", "--namespace", "shop", "--name", "books"],
    ];
    for (const [noun = "", ...name] of names) {
      expect(await byOptions("delete", noun, ...name, "--approve")).toMatchObject({ leftovers: [] });
    }
    expect(sandbox.journal.filter(({ operation }) => operation === "DeleteAddon").at(-1)?.input).toMatchObject({
      preserve: true,
    });
    const left = await planOf("managedNodeGroups: [{ name: workers }]\niam: { withOIDC: true, serviceAccounts: [] }");
    expect(left.toSorted()).toEqual(
      [
        "orphan access-entry/fargate-pods",
        "orphan addon/eks-pod-identity-agent",
        "orphan role/fargate-pods",
        // With OIDC the CNI has a role of its own.
        "create role/addon/vpc-cni",
        "update addon/vpc-cni",
        "update role/nodegroup/workers",
      ].toSorted(),
    );
  });

  it("of others are refused, and what is not there is said", async () => {
    await others().send(new CreateAccessEntryCommand({ clusterName: "demo", principalArn: role("auditor") }));
    const theirs = ["accessentry", ...here, "--principal-arn", role("auditor")];
    const created = await shell.run("create", ...theirs);
    expect(created.code).toBe(4);
    expect(created.stderr).toContain("exists and is not ours");
    const deleted = await shell.run("delete", ...theirs, "--yes");
    expect(deleted.code).not.toBe(0);
    expect(deleted.stderr).toContain(`has no access entry ${role("auditor")} that ekstool made`);

    const roleArn = role("cart");
    await others().send(
      new CreatePodIdentityAssociationCommand({ clusterName: "demo", namespace: "a", serviceAccount: "b", roleArn }),
    );
    const name = ["--namespace", "a", "--service-account-name", "b"];
    const again = await shell.run("create", "podidentityassociation", ...here, ...name, "--role-arn", roleArn);
    expect(again.code).toBe(4);

    const missing = await shell.run("update", "addon", ...here, "--name", "kube-prox", "--version", "latest");
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain("the cluster demo has no add-on kube-prox");
  });
});

describe.sequential("parts of a cluster by a file", () => {
  const content = `managedNodeGroups: [{ name: workers }]
accessConfig:
  accessEntries:
    - { principalARN: "${role("ci")}", kubernetesGroups: [deployers] }
fargateProfiles:
  - { name: blue, selectors: [{ namespace: blue }] }
  - { name: green, selectors: [{ namespace: green }] }
identityProviders:
  - { type: oidc, name: login, issuerURL: "https://login.example.com", clientID: kubernetes }
`;

  it("are made as the file lists and options choose, and nothing else", async () => {
    const file = fileOf(content);
    expect(await run("create", "fargateprofile", "-f", file, "--include", "b*")).toMatchObject([{ name: "blue" }]);
    expect(await run("associate", "identityprovider", "-f", file)).toMatchObject([{ name: "login", status: "ready" }]);
    expect((await planOf(content)).filter((line) => line.startsWith("create "))).toEqual([
      `create access-entry/${role("ci")}`,
      "create fargate-profile/green",
    ]);
  });

  it("are changed only where they are there, and asked about", async () => {
    await run("create", "accessentry", "-f", fileOf(content));
    const edited = content.replace("[deployers]", "[viewers]").replace("namespace: green", "namespace: lime");
    const asked = await shell.run("update", "accessentry", "-f", fileOf(edited));
    expect(asked.code).toBe(4);
    expect(await run("update", "accessentry", "-f", fileOf(edited), "--yes")).toMatchObject([
      { kubernetesGroups: ["viewers"] },
    ]);
    expect(await run("get", "fargateprofile", "-f", fileOf(edited))).toMatchObject([{ name: "blue" }]);
  });

  it("are deleted as the file lists, or does not list", async () => {
    const withoutBlue = content.replace(/ {2}- \{ name: blue.*\n/u, "");
    const missing = ["delete", "fargateprofile", "-f", fileOf(withoutBlue), "--only-missing"];
    const asked = await shell.run(...missing);
    expect(asked.code).toBe(4);
    expect(await run(...missing, "--approve")).toMatchObject({ deleted: ["blue"] });
    expect(await run("disassociate", "identityprovider", "-f", fileOf(content), "--yes")).toMatchObject({
      deleted: ["login"],
    });
    expect(await run("get", "identityprovider", ...here)).toEqual([]);
  });

  it("say what is wrong of options", async () => {
    const cases: readonly (readonly [argv: readonly string[], message: string])[] = [
      [["create", "accessentry", ...here], "--principal-arn must be set"],
      [["create", "accessentry", "-f", fileOf(content), "--principal-arn", "a"], "cannot use --principal-arn"],
      [["create", "accessentry", "--principal-arn", "a"], "--cluster must be set"],
      [["create", "accessentry", ...here, "--principal-arn", "a"], "must be the ARN of an IAM role or user"],
      [["delete", "addon", ...here, "--include", "a*", "a"], "cannot use --include unless --config-file/-f is set"],
      [["associate", "identityprovider", ...here], "--config-file/-f must be set"],
    ];
    for (const [argv, message] of cases) {
      const { code, stderr } = await shell.run(...argv);
      expect(code, argv.join(" ")).toBe(3);
      expect(stderr).toContain(message);
    }
  });

  it("go with the cluster", async () => {
    await byOptions("create", "fargateprofile", "apps", "--namespace", "apps");
    await documentOf(shell.run("delete", "cluster", "demo", "--region", "us-west-2", "--yes", "-o", "json"));
    await sandbox.clock.sleep(2 * 60 * 60 * 1000);
    // AWS forgets what is gone when it is next asked.
    await documentOf(shell.run("delete", "cluster", "demo", "--region", "us-west-2", "--yes", "-o", "json"));
    expect(owned(sandbox, "demo", "us-west-2")).toEqual([]);
  });
});
