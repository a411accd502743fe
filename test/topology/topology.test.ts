import { describe, expect, it } from "vitest";
import type { ClusterConfig } from "../../src/config/types.ts";
import type { Graph, ManagedNode } from "../../src/engine/graph.ts";
import type { AwsContext } from "../../src/aws/context.ts";
import { endpointServices } from "../../src/config/endpoint-services.ts";
import type { Facts, InstanceType } from "../../src/facts/types.ts";
import { splitCidr } from "../../src/topology/cidr.ts";
import { buildTopology, information } from "../../src/topology/index.ts";
import { certificate } from "../support/certificates.ts";
import { facts } from "../support/facts.ts";

type Group = NonNullable<ClusterConfig["managedNodeGroups"]>[number];

function config(more: Partial<ClusterConfig> = {}): ClusterConfig {
  return {
    apiVersion: "eksctl.io/v1alpha5",
    kind: "ClusterConfig",
    metadata: { name: "demo", region: "us-west-2" },
    managedNodeGroups: [{ name: "workers" }],
    ...more,
  };
}
const withGroup = (group: Partial<Group>, more: Partial<ClusterConfig> = {}) =>
  config({ managedNodeGroups: [{ name: "workers", ...group }], ...more });

function build(file: ClusterConfig, told: Partial<Facts> = {}): Graph<AwsContext> {
  return buildTopology(file, { ...facts, ...told });
}

function node(graph: Graph<AwsContext>, id: string): ManagedNode<AwsContext> {
  const found = graph.nodes.get(id);
  if (found?.source !== "managed") throw new Error(`${id} is no managed node of ${[...graph.nodes.keys()].join(" ")}`);
  return found;
}
const spec = (graph: Graph<AwsContext>, id: string) => node(graph, id).spec as Record<string, unknown>;
const initially = (graph: Graph<AwsContext>, id: string) => node(graph, id).initially as Record<string, unknown>;
const after = (graph: Graph<AwsContext>, id: string) =>
  node(graph, id).after.map(({ on, until }) => `${on.id} ${until}`);
const ids = (graph: Graph<AwsContext>, prefix = "") => [...graph.nodes.keys()].filter((id) => id.startsWith(prefix));

describe("an IPv6 cluster", () => {
  const zones = ["us-west-2a", "us-west-2b"];
  const file = config({ kubernetesNetworkConfig: { ipFamily: "IPv6" }, availabilityZones: zones });
  const graph = build(file);

  it("has a VPC of both families, and a way out for each", () => {
    expect(spec(graph, "vpc")["ipv6"]).toBe("amazon");
    const ways = ids(graph, "route-table/").map((id) =>
      ["ipv4", "ipv6"].map((family) => (node(graph, id).deps[family] as { id: string }[]).map((one) => one.id)),
    );
    const nat = [["nat-gateway/us-west-2a"], ["egress-only-internet-gateway"]];
    expect(ways).toEqual([[["internet-gateway"], ["internet-gateway"]], nat, nat]);
  });

  it("gives each subnet a block of its own, and nodes addresses of it", () => {
    const blocks = ids(graph, "subnet/").map((id) => spec(graph, id)["ipv6"]);
    expect(blocks).toEqual([0, 2, 1, 3].map((block) => ({ block, assign: true })));
  });

  it.each([
    ["the node role", {}, "role/nodegroup/workers"],
    ["a role of its own", { iam: { withOIDC: true } }, "role/addon/vpc-cni"],
  ])("lets the VPC CNI do all that AWS's policy does, and assign IPv6 addresses, by %s", (_what, more, id) => {
    const role = spec(build({ ...file, ...more }), id);
    expect(role["managedPolicyArns"]).toContain("arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy");
    expect(JSON.stringify(role["inlinePolicies"])).toContain("ec2:AssignIpv6Addresses");
  });
});

describe("Karpenter in a private cluster", () => {
  it("reaches its services by VPC endpoints, and is told that there are no others", () => {
    const file = config({
      privateCluster: { enabled: true },
      iam: { withOIDC: true },
      karpenter: { version: "1.6.0", withSpotInterruptionQueue: true },
      managedNodeGroups: [{ name: "workers", privateNetworking: true }],
    });
    const names = endpointServices(file);
    expect(names).toEqual(expect.arrayContaining(["ssm", "sqs"]));
    const zones = facts.zones.map((zone) => zone.name);
    const services = Object.fromEntries(names.map((name) => [name, { name, zones }]));
    const graph = build(file, { endpointServices: services });
    expect(ids(graph, "vpc-endpoint/")).toContain("vpc-endpoint/sqs");
    expect(spec(graph, "helm-release/karpenter")["values"]).toMatchObject({ "settings.isolatedVPC": "true" });
  });
});

describe("Karpenter", () => {
  const released = (version: string) => {
    const file = config({
      iam: { withOIDC: true },
      karpenter: { version, withSpotInterruptionQueue: true },
      managedNodeGroups: [{ name: "workers" }],
    });
    const graph = build(file);
    const policy = JSON.stringify(spec(graph, "role/karpenter")["inlinePolicies"]);
    return { release: spec(graph, "helm-release/karpenter"), policy, lines: information(file, facts) };
  };

  it.each([
    ["1.8.1", "1.8.1", { "settings.clusterName": "demo" }, ["karpenter.sh/nodepool", "eks:eks-cluster-name"]],
    ["0.37.0", "0.37.0", { "settings.clusterName": "demo" }, ["karpenter.sh/nodepool"]],
    ["0.34.1", "v0.34.1", { "settings.clusterName": "demo" }, ["karpenter.sh/nodepool"]],
    ["v0.20.0", "v0.20.0", { "settings.aws.clusterName": "demo" }, ["karpenter.sh/provisioner-name"]],
  ])("%s is told what it asks for, and may do what its tags allow", (version, chartVersion, values, tags) => {
    const { release, policy } = released(version);
    expect(release).toMatchObject({ chartVersion, values });
    const all = ["karpenter.sh/nodepool", "karpenter.sh/provisioner-name", "RequestTag/eks:eks-cluster-name"];
    expect(all.filter((tag) => policy.includes(tag))).toHaveLength(tags.length);
    for (const tag of tags) expect(policy).toContain(tag);
  });

  it("before 0.32 is told of the queue, the nodes' profile and the endpoint by their older names", () => {
    const { release } = released("0.29.2");
    expect(Object.keys(release["values"] as object)).toEqual([
      "settings.aws.clusterName",
      "settings.aws.defaultInstanceProfile",
      "settings.aws.interruptionQueueName",
      "serviceAccount.name",
      "serviceAccount.create",
    ]);
    expect(release["endpointValue"]).toBe("settings.aws.clusterEndpoint");
  });

  it("before 1.0 is installed with a word of warning", () => {
    const about = (version: string) => released(version).lines.filter((line) => line.startsWith("Karpenter"));
    expect(about("0.37.0")).toEqual([
      expect.stringMatching(
        /^Karpenter 0\.37\.0 is not meant for Kubernetes 1\.\d+: its authors support 1\.0 and newer/,
      ),
    ]);
    expect(about("1.8.1")).toEqual([]);
  });
});

describe("the resources of a cluster", () => {
  it("have ids that are a contract: tags in people's accounts hold them", () => {
    expect(ids(build(config({ availabilityZones: ["us-west-2a", "us-west-2b"] })))).toEqual([
      "vpc",
      "internet-gateway",
      "subnet/public/us-west-2a",
      "subnet/private/us-west-2a",
      "subnet/public/us-west-2b",
      "subnet/private/us-west-2b",
      "route-table/public",
      "elastic-ip/us-west-2a",
      "nat-gateway/us-west-2a",
      "route-table/private/us-west-2a",
      "route-table/private/us-west-2b",
      "role/cluster",
      "security-group/control-plane",
      "cluster",
      "security-group/shared-node",
      "security-group-rule/shared-node/self",
      "security-group-rule/shared-node/cluster",
      "security-group-rule/cluster/shared-node",
      "addon/vpc-cni",
      "addon/kube-proxy",
      "role/nodegroup/workers",
      "access-entry/nodegroup/workers",
      "launch-template/workers",
      "nodegroup/workers",
      "addon/coredns",
      "addon/metrics-server",
    ]);
  });

  it("split the VPC's block as eksctl does", () => {
    const graph = build(config({ availabilityZones: ["us-west-2c", "us-west-2a", "us-west-2b"] }));
    const blocks = ["public", "private"].flatMap((side) =>
      ["us-west-2c", "us-west-2a", "us-west-2b"].map((zone) => spec(graph, `subnet/${side}/${zone}`)["cidr"]),
    );
    expect(blocks).toEqual(["0", "32", "64", "96", "128", "160"].map((third) => `192.168.${third}.0/19`));
  });

  it("take three zones by hash, the same every time and others for another name", () => {
    const zones = (name: string) => ids(build(config({ metadata: { name, region: "us-west-2" } })), "subnet/public/");
    expect(zones("demo")).toEqual(zones("demo"));
    expect(zones("demo")).toHaveLength(3);
    expect(new Set(["a", "b", "c", "d", "e", "f"].map((name) => zones(name).join()))).not.toHaveProperty("size", 1);
  });

  it("take the zones that nodegroups name, and fill up", () => {
    const zones = ids(build(withGroup({ availabilityZones: ["us-west-2d"] })), "subnet/public/");
    expect(zones[0]).toBe("subnet/public/us-west-2d");
    expect(zones).toHaveLength(3);
    expect(() => build(withGroup({ subnets: ["us-west-2x"] }))).toThrow(/us-west-2x cannot host a cluster/);
  });

  it("take a zone that offers what few do, and place the nodegroup there alone", () => {
    const scarce = { name: "p5.48xlarge", architecture: "x86_64", accelerator: "nvidia", efaInterfaces: 32 } as const;
    const told = { instanceTypes: { ...facts.instanceTypes, [scarce.name]: { ...scarce, zones: ["us-west-2d"] } } };
    const groups = [{ name: "workers" }, { name: "gpu", instanceType: scarce.name }];
    const graph = build(config({ managedNodeGroups: groups }), told);
    expect(ids(graph, "subnet/public/")).toHaveLength(3);
    const placed = (name: string) => node(graph, `nodegroup/${name}`).deps["subnets"] as readonly { id: string }[];
    expect(placed("gpu").map(({ id }) => id)).toEqual(["subnet/public/us-west-2d"]);
    expect(placed("workers")).toHaveLength(3);
    const elsewhere = { availabilityZones: ["us-west-2a", "us-west-2b"], managedNodeGroups: groups };
    expect(() => build(config(elsewhere), told)).toThrow(
      /nodegroup gpu: p5.48xlarge cannot be had in us-west-2a, us-west-2b/,
    );
  });

  it("keep the zones that the VPC has, in its order", () => {
    const told = { vpcZones: { first: ["us-west-2d", "us-west-2a"], added: [] } };
    const graph = build(config(), told);
    expect(spec(graph, "subnet/public/us-west-2d")["cidr"]).toBe("192.168.0.0/19");
    expect(() => build(config({ availabilityZones: ["us-west-2a", "us-west-2b"] }), told)).toThrow(
      /a VPC keeps its zones: us-west-2d must stay/,
    );
  });

  it("add zones to those that the VPC has, in blocks that are free, and leave the control plane where it is", () => {
    const told = { vpcZones: { first: ["us-west-2d", "us-west-2a"], added: ["us-west-2c"] } };
    const zones = ["us-west-2a", "us-west-2b", "us-west-2c", "us-west-2d"];
    const graph = build(config({ availabilityZones: zones, vpc: { nat: { gateway: "HighlyAvailable" } } }), told);
    const blocks = ids(graph, "subnet/").map(
      (id) => `${id.slice("subnet/".length)} ${String(spec(graph, id)["cidr"])}`,
    );
    expect(blocks).toEqual([
      "public/us-west-2d 192.168.0.0/19",
      "private/us-west-2d 192.168.64.0/19",
      "public/us-west-2a 192.168.32.0/19",
      "private/us-west-2a 192.168.96.0/19",
      "public/us-west-2c 192.168.128.0/20",
      "private/us-west-2c 192.168.144.0/20",
      "public/us-west-2b 192.168.160.0/20",
      "private/us-west-2b 192.168.176.0/20",
    ]);
    expect(spec(graph, "vpc")["tags"]).toMatchObject({
      "ekstool.dev/zones": "us-west-2d us-west-2a + us-west-2c us-west-2b",
    });
    const node = graph.nodes.get("cluster");
    expect(node?.source === "managed" && node.deps["subnets"]).toHaveLength(4);
    expect(ids(graph, "nat-gateway/")).toHaveLength(4);
  });

  it("say when there is no block left for another zone", () => {
    const first = ["us-west-2a", "us-west-2b", "us-west-2c"];
    const drawn = (added: readonly string[]) => splitCidr("10.0.0.0/16", { first, added });
    expect(drawn(["d", "e"]).at(-1)).toMatchObject({ private: { cidr: "10.0.240.0/20", ipv6: 9 } });
    expect(() => drawn(["d", "e", "f"])).toThrow("split for 3 zones, has room for 2 more, not 3");
    expect(() => splitCidr("10.0.0.0/16", { first: [...first, "d"], added: ["e"] })).toThrow("room for no other zone");
  });

  describe("in Local Zones", () => {
    const [lax, den] = ["us-west-2-lax-1a", "us-west-2-den-1a"];
    const localZones = [
      { name: den, group: "us-west-2-den-1", optedIn: false },
      { name: lax, group: "us-west-2-lax-1", optedIn: true },
    ];
    const known = facts.instanceTypes["m6i.large"];
    if (known === undefined) throw new Error("m6i.large is not among the facts");
    const instanceTypes = { ...facts.instanceTypes, "m6i.large": { ...known, zones: [...known.zones, lax] } };
    const told = { localZones, instanceTypes };
    const zones = ["us-west-2a", "us-west-2b"];
    const nodeGroups = [
      { name: "near", localZones: [lax], additionalVolumes: [{ volumeName: "/dev/sdf" }] },
      { name: "far" },
    ];
    const file = config({ availabilityZones: zones, localZones: [lax], nodeGroups });
    const graph = build(file, told);
    const subnetsIn = (id: string) => (node(graph, id).deps["subnets"] as { id: string }[]).map((one) => one.id);

    it("come after those in the region, and nobody finds them but nodegroups that name them", () => {
      expect(ids(graph, "subnet/").map((id) => spec(graph, id)["cidr"])).toEqual(
        [0, 96, 32, 128, 64, 160].map((third) => `192.168.${third}.0/19`),
      );
      const inRegion = zones.flatMap((zone) => [`subnet/public/${zone}`, `subnet/private/${zone}`]);
      expect(subnetsIn("cluster").toSorted()).toEqual(inRegion.toSorted());
      expect(subnetsIn("nodegroup/near")).toEqual([`subnet/public/${lax}`]);
      expect(subnetsIn("nodegroup/far")).toEqual(zones.map((zone) => `subnet/public/${zone}`));
      expect(subnetsIn("nodegroup/workers")).toEqual(zones.map((zone) => `subnet/public/${zone}`));
      const tags = (id: string) => Object.keys(spec(graph, id)["tags"] as object);
      expect(tags(`subnet/public/${lax}`)).not.toContain("kubernetes.io/role/elb");
      expect(tags("subnet/public/us-west-2a")).toContain("kubernetes.io/role/elb");
    });

    it("share the NAT gateway, and are attached to no transit gateway", () => {
      expect(node(graph, `route-table/private/${lax}`).deps["ipv4"]).toEqual([{ id: "nat-gateway/us-west-2a" }]);
      const remoteNetworkConfig = {
        vpcGatewayID: "tgw-0123456789abcdef0",
        remoteNodeNetworks: [{ cidrs: ["172.16.0.0/16"] }],
      };
      const remote = build({ ...file, remoteNetworkConfig }, told);
      expect(node(remote, "transit-gateway-attachment").deps["subnets"]).toEqual(
        zones.map((zone) => ({ id: `subnet/private/${zone}` })),
      );
      expect(spec(remote, `route-table/private/${lax}`)["remote"]).toMatchObject({ cidrs: ["172.16.0.0/16"] });
    });

    it("have nodes of a type that the zone offers, on disks that each zone has", () => {
      expect(initially(graph, "launch-template/near")["instanceType"]).toBe("m6i.large");
      expect(initially(graph, "launch-template/far")["instanceType"]).toBe("m5.large");
      expect(spec(graph, "launch-template/near")["volumes"]).toMatchObject([
        { type: "gp2" },
        { type: "gp2", size: 80 },
      ]);
      const typed = (instanceType: string) =>
        build(config({ localZones: [lax], nodeGroups: [{ name: "near", localZones: [lax], instanceType }] }), told);
      expect(() => typed("g5.xlarge")).toThrow(`nodegroup near: g5.xlarge cannot be had in ${lax}`);
    });

    it("must be of the region, and open to the account", () => {
      const named = (...names: string[]) => build(config({ localZones: names }), told);
      expect(() => named("us-west-2-bos-1a")).toThrow("localZones: us-west-2-bos-1a is no Local Zone of us-west-2");
      expect(() => named(den)).toThrow(`localZones: the account has not opted in to ${den}`);
    });

    it("can be added to a VPC that is there, and taken out, while each keeps its blocks", () => {
      const vpcZones = { first: [...zones, lax], added: [] };
      const open = localZones.map((zone) => ({ ...zone, optedIn: true }));
      const grown = build(config({ localZones: [lax, den] }), { ...told, localZones: open, vpcZones });
      expect(spec(grown, `subnet/public/${den}`)["cidr"]).toBe("192.168.192.0/20");
      expect(spec(grown, "vpc")["tags"]).toMatchObject({
        "ekstool.dev/zones": `us-west-2a us-west-2b ${lax} + ${den}`,
      });
      const without = build(config({ localZones: [den] }), { ...told, localZones: open, vpcZones });
      expect(ids(without, "subnet/").filter((id) => id.endsWith(lax))).toEqual([]);
      expect(spec(without, `subnet/public/${den}`)["cidr"]).toBe("192.168.192.0/20");
    });
  });

  describe("on an Outpost", () => {
    const id = "op-0123456789abcdef0";
    const arn = `arn:aws:outposts:us-west-2:111122223333:outpost/${id}`;
    const m5d = { ...facts.instanceTypes["m5.large"], name: "m5d.large", zones: [id] } as InstanceType;
    const told = {
      outposts: { [id]: { arn, zone: "us-west-2b", instanceTypes: ["m5d.large"] } },
      instanceTypes: { ...facts.instanceTypes, "m5d.large": m5d },
    };
    const workers = { name: "workers", privateNetworking: true };
    const local: ClusterConfig = {
      apiVersion: "eksctl.io/v1alpha5",
      kind: "ClusterConfig",
      metadata: { name: "demo", region: "us-west-2" },
      outpost: { controlPlaneOutpostARN: arn },
      nodeGroups: [workers],
    };

    it("a local cluster has one private subnet there, and one in the region for its NAT gateway", () => {
      const graph = build(local, told);
      expect(
        ids(graph, "subnet/").map((one) => [one, spec(graph, one)["zone"], spec(graph, one)["outpostArn"]]),
      ).toEqual([
        [`subnet/public/${id}`, "us-west-2b", undefined],
        [`subnet/private/${id}`, "us-west-2b", arn],
      ]);
      expect(node(graph, `nat-gateway/${id}`).deps["subnet"]).toEqual({ id: `subnet/public/${id}` });
      expect(node(graph, "cluster").deps["subnets"]).toEqual([{ id: `subnet/private/${id}` }]);
      expect(node(graph, "nodegroup/workers").deps["subnets"]).toEqual([{ id: `subnet/private/${id}` }]);
      expect(ids(graph, "addon/")).toEqual([]);
    });

    it("it is born with the smallest instances, a private endpoint, and the role of instances", () => {
      const graph = build(local, told);
      expect(initially(graph, "cluster")).toMatchObject({
        outpost: { arn, controlPlaneInstanceType: "m5d.large" },
        endpointPublicAccess: false,
        authenticationMode: "CONFIG_MAP",
      });
      expect(spec(graph, "cluster")["outpost"]).toEqual({ arn });
      expect(spec(graph, "role/cluster")).toMatchObject({
        trust: { services: ["ec2.amazonaws.com"] },
        managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonEKSLocalOutpostClusterPolicy"],
      });
    });

    it("its nodes are let in by aws-auth, or by an access entry in the second generation", () => {
      const first = build(local, told);
      expect(ids(first, "access-entry/")).toEqual([]);
      expect(ids(first, "node-mapping/")).toEqual([
        expect.stringMatching(/arn:aws:iam::111122223333:role\/[^/]+workers/),
      ]);
      const etcd = { controlPlaneOutpostARN: arn, etcdInstanceType: "m5d.large" };
      const second = build({ ...local, outpost: etcd }, told);
      expect(ids(second, "access-entry/")).toEqual(["access-entry/nodegroup/workers"]);
      expect(ids(second, "node-mapping/")).toEqual([]);
    });

    it("its nodes are told its id, and have disks that Outposts have", () => {
      const graph = build(local, told);
      expect(spec(graph, "launch-template/workers")).toMatchObject({
        userData: expect.stringContaining('"enableOutpost": true') as string,
        volumes: [{ type: "gp2" }],
      });
      expect(initially(graph, "launch-template/workers")["instanceType"]).toBe("m5d.large");
    });

    it("without the internet it reaches more of AWS by endpoints", () => {
      const names = [...endpointServices({ ...local, privateCluster: { enabled: true } })];
      expect(names).toEqual(expect.arrayContaining(["ssm", "ssmmessages", "ec2messages", "secretsmanager"]));
      const services = Object.fromEntries(names.map((name) => [name, { name, zones: ["us-west-2b"] }]));
      const graph = build({ ...local, privateCluster: { enabled: true } }, { ...told, endpointServices: services });
      expect(node(graph, "vpc-endpoint/ssm").deps["subnets"]).toEqual([{ id: `subnet/private/${id}` }]);
      expect(ids(graph, "subnet/")).toEqual([`subnet/private/${id}`]);
    });

    it("nodes of a cluster in the region have a subnet there that nobody else is in", () => {
      const graph = build(config({ nodeGroups: [{ ...workers, name: "far", outpostARN: arn }] }), told);
      expect(node(graph, "nodegroup/far").deps["subnets"]).toEqual([{ id: `subnet/private/${id}` }]);
      expect(ids(graph, "subnet/public/")).not.toContain(`subnet/public/${id}`);
      const inRegion = JSON.stringify([node(graph, "cluster").deps, node(graph, "nodegroup/workers").deps]);
      expect(inRegion).not.toContain(id);
    });

    it("has the types that it was ordered with", () => {
      const typed = { ...workers, outpostARN: arn, instanceType: "m5.large" };
      expect(() => build({ ...local, nodeGroups: [typed] }, told)).toThrow(
        `nodegroup workers: m5.large cannot be had in ${id}`,
      );
      const outpost = { controlPlaneOutpostARN: arn, controlPlaneInstanceType: "m5.large" };
      expect(() => build({ ...local, outpost }, told)).toThrow(`outpost: ${arn} has no m5.large`);
    });
  });

  it.each([
    ["Single", 1],
    ["HighlyAvailable", 3],
    ["Disable", 0],
  ] as const)("NAT mode %s has %i gateways", (gateway, count) => {
    const graph = build(config({ vpc: { nat: { gateway } } }));
    expect(ids(graph, "nat-gateway/")).toHaveLength(count);
    expect(ids(graph, "elastic-ip/")).toHaveLength(count);
    const targets = ids(graph, "route-table/private/").map((id) => (node(graph, id).deps["ipv4"] as unknown[]).length);
    expect(targets).toEqual(Array(3).fill(count === 0 ? 0 : 1));
  });
});

describe("what the file leaves open", () => {
  it("is given at birth and not enforced", () => {
    const graph = build(config());
    expect(spec(graph, "cluster")).not.toHaveProperty("version");
    expect(initially(graph, "cluster")).toMatchObject({
      version: "1.34",
      authenticationMode: "API_AND_CONFIG_MAP",
      endpointPublicAccess: true,
      endpointPrivateAccess: false,
      bootstrapClusterCreatorAdminPermissions: true,
    });
    expect(spec(graph, "addon/coredns")).not.toHaveProperty("version");
    expect(initially(graph, "addon/coredns")).toEqual({ version: "v1.2.0-eksbuild.1" });
    expect(spec(graph, "nodegroup/workers")).not.toHaveProperty("minSize");
    expect(initially(graph, "nodegroup/workers")).toMatchObject({ minSize: 2, maxSize: 2, desiredCapacity: 2 });
    expect(spec(graph, "launch-template/workers")).not.toHaveProperty("instanceType");
    expect(initially(graph, "launch-template/workers")).toMatchObject({
      instanceType: "m5.large",
      volumes: [{ device: "/dev/xvda", size: 80, type: "gp3", iops: 3000, throughput: 125 }],
      imds: { tokens: "required", hopLimit: 2 },
    });
  });

  it("takes another default type where the region lacks the first", () => {
    const { "m5.large": _, ...others } = facts.instanceTypes;
    expect(initially(build(config(), { instanceTypes: others }), "launch-template/workers")["instanceType"]).toBe(
      "m6i.large",
    );
  });

  it("latest is the newest, and enforced", () => {
    const graph = build(
      config({
        metadata: { name: "demo", region: "us-west-2", version: "latest" },
        addons: [{ name: "coredns", version: "latest" }],
      }),
    );
    expect(spec(graph, "cluster")["version"]).toBe("1.35");
    expect(spec(graph, "addon/coredns")["version"]).toBe("v1.3.0-eksbuild.1");
  });
});

describe("order", () => {
  it("nodes wait for the CNI, their routes and their access entry; CoreDNS's health for nodes", () => {
    const graph = build(config());
    expect(after(graph, "nodegroup/workers")).toEqual([
      "addon/vpc-cni created",
      "addon/kube-proxy created",
      "access-entry/nodegroup/workers ready",
      "route-table/public ready",
    ]);
    expect(node(graph, "addon/coredns").healthyAfter).toEqual([{ id: "nodegroup/workers" }]);
    expect(node(graph, "addon/vpc-cni").healthyAfter).toEqual([]);
  });

  it("private nodes wait for their own zones' routes", () => {
    const graph = build(
      withGroup(
        { privateNetworking: true, availabilityZones: ["us-west-2b"] },
        { availabilityZones: ["us-west-2a", "us-west-2b"] },
      ),
    );
    expect(after(graph, "nodegroup/workers")).toContain("route-table/private/us-west-2b ready");
    expect(node(graph, "nodegroup/workers").deps["subnets"]).toEqual([{ id: "subnet/private/us-west-2b" }]);
  });

  it("without nodes nobody waits for CoreDNS", () => {
    expect(node(build(config({ managedNodeGroups: [] })), "addon/coredns").healthyAfter).toBe("never");
    expect(node(build(withGroup({ minSize: 0 })), "addon/coredns").healthyAfter).toBe("never");
    const some = build(config({ managedNodeGroups: [{ name: "none", desiredCapacity: 0 }, { name: "some" }] }));
    expect(node(some, "addon/coredns").healthyAfter).toEqual([{ id: "nodegroup/some" }]);
  });

  it("logs that are on, and of which the file says nothing, keep their group", () => {
    const chosen = {
      version: "1.34",
      vpcId: "vpc-1",
      subnetIds: [],
      authenticationMode: "API",
      logging: true,
      owned: true,
    };
    const logGroup = (file: ClusterConfig, cluster = chosen) => build(file, { cluster }).nodes.get("log-group")?.source;
    expect(logGroup(config())).toBe("given");
    expect(logGroup(config(), { ...chosen, logging: false })).toBeUndefined();
    expect(logGroup(config({ cloudWatch: { clusterLogging: { enableTypes: [] } } }))).toBeUndefined();
  });

  it("the control plane waits for its log group and for nothing of the nodes", () => {
    const graph = build(config({ cloudWatch: { clusterLogging: { enableTypes: ["all"], logRetentionInDays: 30 } } }));
    expect(after(graph, "cluster")).toEqual(["log-group ready"]);
    expect(spec(graph, "log-group")["retentionInDays"]).toBe(30);
    expect(spec(graph, "cluster")["logging"]).toEqual([
      "api",
      "audit",
      "authenticator",
      "controllerManager",
      "scheduler",
    ]);
  });
});

describe("nodegroups", () => {
  const amiType = (group: Partial<Group>) => spec(build(withGroup(group)), "nodegroup/workers")["amiType"];

  it.each([
    [{ instanceType: "m5.large" }, "AL2023_x86_64_STANDARD"],
    [{ instanceType: "m7g.large" }, "AL2023_ARM_64_STANDARD"],
    [{ instanceType: "g5.xlarge" }, "AL2023_x86_64_NVIDIA"],
    [{ instanceType: "inf2.xlarge" }, "AL2023_x86_64_NEURON"],
    [{ instanceTypes: ["m5.large", "g5.xlarge"] }, "AL2023_x86_64_NVIDIA"],
    [{ amiFamily: "Bottlerocket", instanceType: "m7g.large" }, "BOTTLEROCKET_ARM_64"],
    [{ amiFamily: "Bottlerocket", instanceType: "g5.xlarge" }, "BOTTLEROCKET_x86_64_NVIDIA"],
  ] satisfies [Partial<Group>, string][])("%j has the AMI type %s", (group, expected) => {
    expect(amiType(group)).toBe(expected);
  });

  it("refuse what the region does not offer, and mixed architectures", () => {
    expect(() => amiType({ instanceType: "m9.huge" })).toThrow(/does not offer m9\.huge/);
    expect(() => amiType({ instanceTypes: ["m5.large", "m7g.large"] })).toThrow(/different architectures/);
  });

  it("keep one on-demand type in the template, spot's and several types on the nodegroup", () => {
    const place = (group: Partial<Group>) => {
      const graph = build(withGroup(group));
      return [
        spec(graph, "launch-template/workers")["instanceType"],
        spec(graph, "nodegroup/workers")["instanceTypes"],
      ];
    };
    expect(place({ instanceType: "m6i.large" })).toEqual(["m6i.large", []]);
    expect(place({ instanceType: "m6i.large", spot: true })).toEqual([null, ["m6i.large"]]);
    expect(place({ instanceTypes: ["m5.large", "m6i.large"] })).toEqual([null, ["m5.large", "m6i.large"]]);
  });

  it("name security groups only where one is asked for, and then the cluster's too", () => {
    const groups = (group: Partial<Group>) => {
      const graph = build(withGroup(group));
      return [
        spec(graph, "launch-template/workers")["securityGroupIds"],
        node(graph, "launch-template/workers").deps["securityGroups"],
      ];
    };
    expect(groups({})).toEqual([[], []]);
    expect(groups({ securityGroups: { attachIDs: ["sg-1"] } })).toEqual([
      ["sg-1"],
      [{ id: "cluster", part: "securityGroup" }],
    ]);
    expect(groups({ ssh: { allow: true, publicKeyName: "jo" } })).toEqual([
      [],
      [{ id: "cluster", part: "securityGroup" }, { id: "security-group/remote-access/workers" }],
    ]);
  });

  it("open SSH to the world for public nodes and to the VPC for private ones", () => {
    const ssh = { allow: true, publicKeyName: "jo" };
    expect(ids(build(withGroup({ ssh })), "security-group-rule/remote-access/")).toEqual([
      "security-group-rule/remote-access/workers/0.0.0.0/0",
      "security-group-rule/remote-access/workers/::/0",
    ]);
    expect(ids(build(withGroup({ ssh, privateNetworking: true })), "security-group-rule/remote-access/")).toEqual([
      "security-group-rule/remote-access/workers/192.168.0.0/16",
    ]);
  });
});

describe("device plugins", () => {
  const plugins = (file: Partial<ClusterConfig>, options = {}) =>
    ids(buildTopology(config(file), facts, options), "device-plugin/");
  const gpu = { name: "gpu", instanceType: "g5.xlarge" };

  it("come for nodes whose image leaves them out", () => {
    expect(plugins({ managedNodeGroups: [{ name: "workers" }] })).toEqual([]);
    expect(plugins({ managedNodeGroups: [gpu] })).toEqual(["device-plugin/nvidia"]);
    expect(plugins({ managedNodeGroups: [{ ...gpu, amiFamily: "Bottlerocket" }] })).toEqual([]);
    expect(plugins({ nodeGroups: [{ name: "inf", instanceType: "inf2.xlarge", amiFamily: "Bottlerocket" }] })).toEqual([
      "device-plugin/neuron",
    ]);
  });

  it("come for adapters in a template of one's own, whose nodes are in one subnet", () => {
    const template = { version: 1, ownImage: false, userData: false, instanceProfile: false };
    const group = { launchTemplate: { id: "lt-1" }, efaEnabled: true };
    const graph = build(withGroup(group), { launchTemplates: { "lt-1/$Default": template } });
    expect(ids(graph, "device-plugin/")).toEqual(["device-plugin/efa"]);
    expect(spec(graph, "nodegroup/workers")).toMatchObject({ keepsSubnets: true, oneSubnet: true });
    expect(ids(graph, "placement-group/")).toEqual([]);
  });

  it("do not come where somebody else sees to them", () => {
    expect(plugins({ managedNodeGroups: [gpu] }, { withoutDevicePlugins: ["nvidia"] })).toEqual([]);
  });

  it("run on the nodes that need them, whatever those are tainted with", () => {
    const taints = [{ key: "team", value: "ml", effect: "NoSchedule" as const }];
    const graph = build(config({ managedNodeGroups: [{ ...gpu, taints }, { name: "workers" }] }));
    const text = JSON.stringify(spec(graph, "device-plugin/nvidia"));
    expect(text).toContain('"operator":"In","values":["gpu"]');
    expect(text).toContain('{"key":"team","operator":"Equal","value":"ml","effect":"NoSchedule"}');
  });
});

describe("nodes with Windows", () => {
  it("make the VPC CNI give their pods addresses, beside its own settings", () => {
    const windows = { name: "windows", amiFamily: "WindowsServer2022CoreContainer" as const };
    const addons = [{ name: "vpc-cni", configurationValues: '{"env":{"A":"b"}}' }];
    const graph = build(config({ managedNodeGroups: [{ name: "workers" }, windows], addons }));
    expect(JSON.parse(String(spec(graph, "addon/vpc-cni")["configurationValues"]))).toEqual({
      enableWindowsIpam: "true",
      env: { A: "b" },
    });
    expect(spec(build(config()), "addon/vpc-cni")).not.toHaveProperty("configurationValues");
  });
});

describe("roles", () => {
  const policies = (graph: Graph<AwsContext>, id: string) =>
    (spec(graph, id)["managedPolicyArns"] as string[]).map((arn) => arn.replace(/^arn:aws:iam::aws:policy\//, ""));

  it("nodes have the CNI policy only while the CNI has no role of its own", () => {
    expect(policies(build(config()), "role/nodegroup/workers")).toContain("AmazonEKS_CNI_Policy");
    const withOidc = build(config({ iam: { withOIDC: true } }));
    expect(policies(withOidc, "role/nodegroup/workers")).not.toContain("AmazonEKS_CNI_Policy");
    expect(policies(withOidc, "role/addon/vpc-cni")).toEqual(["AmazonEKS_CNI_Policy"]);
    expect(spec(withOidc, "role/addon/vpc-cni")["trust"]).toEqual({
      kind: "oidc",
      subject: "system:serviceaccount:kube-system:aws-node",
    });
  });

  it("attachPolicyARNs replace the standard ones, add-on policies come on top", () => {
    const iam = { attachPolicyARNs: ["arn:aws:iam::aws:policy/X"], withAddonPolicies: { ebs: true, autoScaler: true } };
    const graph = build(withGroup({ iam }));
    expect(policies(graph, "role/nodegroup/workers")).toEqual(["X", "service-role/AmazonEBSCSIDriverPolicy"]);
    expect(Object.keys(spec(graph, "role/nodegroup/workers")["inlinePolicies"] as object)).toEqual([
      "PolicyAutoScaling",
    ]);
  });

  it("have no path where aws-auth could not carry one", () => {
    const graph = build(config({ accessConfig: { authenticationMode: "CONFIG_MAP" } }));
    expect(spec(graph, "role/nodegroup/workers")["path"]).toBe("/");
    expect(ids(graph, "access-entry/")).toEqual([]);
  });

  it("have no path behind a name that the file chooses: people know their ARNs", () => {
    const chosen = config({
      iam: {
        withOIDC: true,
        serviceAccounts: [
          { metadata: { name: "a", namespace: "n" }, roleName: "x", wellKnownPolicies: { certManager: true } },
          { metadata: { name: "b", namespace: "n" }, wellKnownPolicies: { certManager: true } },
        ],
        podIdentityAssociations: [
          { namespace: "n", serviceAccountName: "c", roleName: "y", wellKnownPolicies: { certManager: true } },
        ],
      },
      managedNodeGroups: [{ name: "workers", iam: { instanceRoleName: "z" } }],
      addons: [{ name: "aws-ebs-csi-driver", serviceAccountRoleARN: "arn:aws:iam::111122223333:role/x" }],
    });
    const graph = build(chosen);
    const paths = ids(graph, "role/").map((id) => [id, spec(graph, id)["path"]]);
    expect(Object.fromEntries(paths)).toMatchObject({
      "role/service-account/n/a": "/",
      "role/service-account/n/b": "/ekstool/us-west-2/demo/",
      "role/pod/n/c": "/",
      "role/nodegroup/workers": "/",
    });
    expect(after(graph, "addon/aws-ebs-csi-driver")).toContain("role/service-account/n/a ready");
  });

  it("are made for pod identity where the add-on's association names none", () => {
    const graph = build(
      config({
        addons: [
          { name: "eks-pod-identity-agent" },
          { name: "aws-ebs-csi-driver", useDefaultPodIdentityAssociations: true },
        ],
      }),
    );
    expect(spec(graph, "addon/aws-ebs-csi-driver")["podIdentityAssociations"]).toEqual([
      { serviceAccount: "ebs-csi-controller-sa" },
    ]);
    expect(node(graph, "addon/aws-ebs-csi-driver").deps["podIdentityRoles"]).toEqual([
      { id: "role/pod-identity/aws-ebs-csi-driver/ebs-csi-controller-sa" },
    ]);
    expect(after(graph, "addon/aws-ebs-csi-driver")).toEqual(["addon/eks-pod-identity-agent created"]);
  });

  it.each(["aws-cn", "aws-us-gov"] as const)("name policies of the partition %s", (partition) => {
    const graph = build(config(), { caller: { ...facts.caller, partition } });
    expect(
      JSON.stringify([...graph.nodes.values()].map((one) => (one.source === "managed" ? one.spec : null))),
    ).not.toContain("arn:aws:");
  });
});

describe("a given instance profile", () => {
  const arn = (resource: string) => `arn:aws:iam::111122223333:${resource}`;
  const profile = arn("instance-profile/nodes");
  const told = { instanceProfileRoles: { [profile]: arn("role/nodes") } };
  const given = (iam: object) =>
    build(config({ nodeGroups: [{ name: "own", iam: { instanceProfileARN: profile, ...iam } }] }), told);

  it("may stand beside the role that it holds, and beside no other", () => {
    expect(ids(given({ instanceRoleARN: arn("role/nodes") }))).toEqual(ids(given({})));
    expect(() => given({ instanceRoleARN: arn("role/others") })).toThrow(
      /holds the role .*role\/nodes, not .*role\/others/,
    );
  });
});

const withCertificates = config({
  remoteNetworkConfig: {
    remoteNodeNetworks: [{ cidrs: ["10.80.0.0/16"] }],
    iam: { provider: "ira", caBundleCert: `issuer=CN = ekstool test authority\n${certificate("authority.pem")}` },
  },
});

describe("hybrid nodes that are known by certificates", () => {
  const graph = build(withCertificates);

  it("have a role that trusts the anchor of their authority, and a profile that gives it", () => {
    expect(spec(graph, "trust-anchor")["certificates"]).toBe(certificate("authority.pem").trim());
    expect(node(graph, "role/hybrid-nodes").deps["trustAnchors"]).toEqual([{ id: "trust-anchor" }]);
    expect(node(graph, "anywhere-profile").deps["role"]).toEqual({ id: "role/hybrid-nodes" });
    expect(spec(graph, "role/hybrid-nodes")["managedPolicyArns"]).toEqual([
      "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
    ]);
  });

  it("have neither where their role is given", () => {
    const { remoteNetworkConfig } = withCertificates;
    const iam = { ...remoteNetworkConfig?.iam, roleARN: "arn:aws:iam::111122223333:role/hybrid" };
    const given = build(config({ remoteNetworkConfig: { ...remoteNetworkConfig, iam } }));
    expect(ids(given).filter((id) => /anchor|anywhere|hybrid/.test(id))).toEqual([`access-entry/${iam.roleARN}`]);
  });
});

describe("what a person should know", () => {
  const at = (version: string) => ({
    ...facts,
    cluster: { version, vpcId: "vpc-1", subnetIds: [], authenticationMode: "API", logging: false, owned: true },
  });

  it("newer versions are information", () => {
    expect(information(config(), at("1.34"))).toEqual(["EKS offers newer Kubernetes versions: 1.35"]);
  });

  it("types that fit an instanceSelector and came later are information", () => {
    const selectedTypes = { workers: { fits: ["m5.large", "m6i.large"], kept: ["m5.large"] } };
    const file = withGroup({ instanceSelector: { vCPUs: 2 } });
    expect(information(file, { ...facts, selectedTypes })).toEqual([
      "nodegroup workers: instanceSelector fits m6i.large by now, too; what it chose first is kept",
    ]);
  });

  it("a live version newer than the file's is left there", () => {
    const file = config({ metadata: { name: "demo", region: "us-west-2", version: "1.34" } });
    expect(information(file, at("1.35"))).toEqual([
      "the cluster runs Kubernetes 1.35, newer than the 1.34 of the file; it is left there",
    ]);
  });

  it("extended support is said", () => {
    const file = config({ metadata: { name: "demo", region: "us-west-2", version: "1.33" } });
    expect(information(file, facts)[0]).toMatch(/1\.33 is in extended support.*2027-07-29/);
  });

  it("until when hybrid nodes are known is said", () => {
    expect(information(withCertificates, facts)).toEqual([
      "hybrid nodes are known by certificates of CN=ekstool test authority until 2126-11-02",
    ]);
  });

  it("an unknown version is refused with those on offer", () => {
    const file = config({ metadata: { name: "demo", region: "us-west-2", version: "1.99" } });
    expect(() => build(file)).toThrow(/does not offer Kubernetes 1\.99/);
  });
});

describe("an image of one's own", () => {
  const ami = "ami-0123456789abcdef0";
  const image = { architecture: "x86_64", state: "available", rootDevice: "/dev/sda1", rootSize: 30 };
  const group: Partial<Group> = { ami, amiFamily: "AmazonLinux2023", overrideBootstrapCommand: "true" };
  const disks = (more: Partial<Group>, about: Partial<typeof image> = {}) =>
    spec(
      build(withGroup({ ...group, ...more }), { images: { [ami]: { ...image, ...about } } }),
      "launch-template/workers",
    )["volumes"];

  it("says which device the nodes' disk is, where the file does not", () => {
    expect(disks({ volumeSize: 50 })).toEqual([{ device: "/dev/sda1", size: 50 }]);
    expect(disks({ volumeSize: 50, volumeName: "/dev/xvda" })).toEqual([{ device: "/dev/xvda", size: 50 }]);
    expect(disks({ volumeSize: 50, amiFamily: "Bottlerocket" })).toEqual([{ device: "/dev/xvdb", size: 50 }]);
  });

  it.each([
    ["is for another architecture", { instanceType: "m7g.large" }, {}, /is for x86_64, and m7g.large is arm64/],
    ["cannot be launched", {}, { state: "disabled" }, /image ami-0123456789abcdef0 is disabled/],
    [
      "needs a larger disk",
      { volumeSize: 20 },
      {},
      /the disk has 20 GiB, and the image ami-0123456789abcdef0 needs 30/,
    ],
    ["needs a larger disk than the usual one", {}, { rootSize: 100 }, /the disk has 80 GiB/],
  ])("that %s is refused", (_, more, about, message) => {
    expect(() => disks(more, about)).toThrow(message);
  });

  it("that is not there is refused", () => {
    expect(() => build(withGroup(group))).toThrow(
      "nodegroup workers: there is no image ami-0123456789abcdef0 in us-west-2",
    );
  });
});
