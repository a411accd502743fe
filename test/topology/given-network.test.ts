import { describe, expect, it } from "vitest";
import type { Facts, GivenSubnet } from "../../src/facts/types.ts";
import { buildTopology, information } from "../../src/topology/index.ts";
import { parse } from "../support/account.ts";
import { facts } from "../support/facts.ts";

const subnet = (id: string, zone: string, more: Partial<GivenSubnet> = {}): GivenSubnet => ({
  id,
  vpcId: "vpc-00001",
  cidr: `10.0.${Number.parseInt(id.slice(-1), 16)}.0/24`,
  zone,
  freeAddresses: 200,
  mapPublicIp: more.wayOut === "internet-gateway",
  wayOut: "nat-gateway",
  routeTableId: "rtb-00001",
  ownRouteTable: true,
  ipv6: false,
  assignsIpv6: false,
  tags: { "kubernetes.io/role/internal-elb": "1", "kubernetes.io/role/elb": "1" },
  ...more,
});

const network: NonNullable<Facts["network"]> = {
  vpc: { id: "vpc-00001", cidrs: ["10.0.0.0/16"], dnsSupport: true, dnsHostnames: true },
  subnets: [
    subnet("subnet-00001", "us-west-2a"),
    subnet("subnet-00002", "us-west-2b"),
    subnet("subnet-00003", "us-west-2a", { wayOut: "internet-gateway" }),
    subnet("subnet-00004", "us-west-2b", { wayOut: "internet-gateway" }),
  ],
  securityGroups: { "sg-00001": "vpc-00001", "sg-00002": "vpc-00002" },
  endpoints: [],
};

const file = (vpc: string, groups = "") =>
  parse(`apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: c, region: us-west-2, version: "1.34" }
vpc: ${vpc}
managedNodeGroups: [${groups}]
`);

const build = (vpc: string, groups = "", given: Partial<NonNullable<Facts["network"]>> = {}) =>
  buildTopology(file(vpc, groups), { ...facts, network: { ...network, ...given } });

/** What the error says, one finding each. */
function findings(vpc: string, groups = "", given: Partial<NonNullable<Facts["network"]>> = {}): readonly string[] {
  try {
    build(vpc, groups, given);
  } catch (error) {
    return (error as Error).message.split("\n  - ").slice(1);
  }
  return [];
}

const all = `{ id: vpc-00001, subnets: {
  private: { us-west-2a: { id: subnet-00001 }, b: { az: us-west-2b } },
  public: { us-west-2a: {}, d: { cidr: 10.0.4.0/24 } } } }`;

function deps(graph: ReturnType<typeof build>, id: string): unknown {
  const node = graph.nodes.get(id);
  return node?.source === "managed" ? node.deps : undefined;
}

describe("a given network", () => {
  it("is used, and nothing of it is ours", () => {
    const graph = build(all, "{ name: a }, { name: b, privateNetworking: true, subnets: [b] }");
    expect([...graph.nodes.keys()].filter((id) => /^(vpc|subnet|route|nat|internet|elastic)/.test(id))).toEqual([]);
    expect(deps(graph, "cluster")).toMatchObject({
      subnets: ["3", "4", "1", "2"].map((last) => ({ id: `given/subnet-0000${last}` })),
    });
    expect(deps(graph, "nodegroup/a")).toMatchObject({
      subnets: [{ id: "given/subnet-00003" }, { id: "given/subnet-00004" }],
    });
    expect(deps(graph, "nodegroup/b")).toMatchObject({ subnets: [{ id: "given/subnet-00002" }] });
    expect(deps(graph, "security-group/shared-node")).toEqual({ vpc: { id: "given/vpc-00001" } });
  });

  it("lends a subnet that only one nodegroup uses", () => {
    const more = [...network.subnets, subnet("subnet-00005", "us-west-2c")];
    const graph = build(all, "{ name: a, privateNetworking: true, subnets: [subnet-00005] }", { subnets: more });
    expect(deps(graph, "nodegroup/a")).toMatchObject({ subnets: [{ id: "given/subnet-00005" }] });
    expect(deps(graph, "cluster")).toMatchObject({ subnets: { length: 4 } });
  });

  it("lends subnets to self-managed nodegroups and Fargate profiles, which must be private for these", () => {
    const more = [...network.subnets, subnet("subnet-00005", "us-west-2c")];
    const config = (subnets: string) => ({
      ...parse(`apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: c, region: us-west-2, version: "1.34" }
vpc: ${all}
nodeGroups: [{ name: a, privateNetworking: true, subnets: [subnet-00005] }]
fargateProfiles: [{ name: p, selectors: [{ namespace: p }], subnets: [${subnets}] }]
`),
    });
    const draw = (subnets: string) =>
      buildTopology(config(subnets), { ...facts, network: { ...network, subnets: more } });
    const graph = draw("b, subnet-00005");
    expect(deps(graph, "nodegroup/a")).toMatchObject({ subnets: [{ id: "given/subnet-00005" }] });
    expect(deps(graph, "fargate-profile/p")).toMatchObject({
      subnets: [{ id: "given/subnet-00002" }, { id: "given/subnet-00005" }],
    });
    more.push(subnet("subnet-00006", "us-west-2c", { wayOut: "internet-gateway" }));
    expect(() => draw("subnet-00006")).toThrow(/subnet-00006 of the Fargate profile p: is no private subnet/);
  });

  it("has IPv6 for an IPv6 cluster, in each subnet", () => {
    const config = parse(`apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: c, region: us-west-2, version: "1.34" }
kubernetesNetworkConfig: { ipFamily: IPv6 }
iam: { withOIDC: true }
vpc: { id: vpc-00001, subnets: { private: { a: { id: subnet-00001 }, b: { id: subnet-00002 } } } }
`);
    const draw = (...given: readonly Partial<GivenSubnet>[]) =>
      buildTopology(config, {
        ...facts,
        network: { ...network, subnets: network.subnets.map((one, index) => ({ ...one, ...given[index] })) },
      });
    expect(() => draw({}, { ipv6: true })).toThrow(
      /subnet-00001\): has no IPv6 block[\s\S]*subnet-00002\): gives interfaces/,
    );
    const good = { ipv6: true, assignsIpv6: true };
    expect(deps(draw(good, good), "cluster")).toMatchObject({ subnets: { length: 2 } });
  });

  it("holds the control plane where the file wants it", () => {
    const more = "{ controlPlaneOnPrivateSubnets: true, controlPlaneSecurityGroupIDs: [sg-00001], id";
    expect(deps(build(all.replace("{ id", more)), "cluster")).toMatchObject({
      subnets: [{ id: "given/subnet-00001" }, { id: "given/subnet-00002" }],
      securityGroups: [{ id: "given/sg-00001" }],
    });
  });

  it("holds the control plane in the subnets that are named for it alone", () => {
    const more = [...network.subnets, subnet("subnet-00005", "us-west-2a"), subnet("subnet-00006", "us-west-2b")];
    const vpc = all
      .replace("{ az: us-west-2b }", "{ id: subnet-00002 }")
      .replace("{ id: vpc", "{ controlPlaneSubnetIDs: [subnet-00005, subnet-00006], id: vpc");
    const graph = build(vpc, "{ name: a }", { subnets: more });
    expect(deps(graph, "cluster")).toMatchObject({
      subnets: [{ id: "given/subnet-00005" }, { id: "given/subnet-00006" }],
    });
    expect(deps(graph, "nodegroup/a")).toMatchObject({
      subnets: [{ id: "given/subnet-00003" }, { id: "given/subnet-00004" }],
    });
  });

  it("keeps a control plane in its zones", () => {
    const cluster = { version: "1.34", vpcId: "vpc-00001", authenticationMode: "API", logging: false, owned: true };
    const moved = { ...facts, network, cluster: { ...cluster, subnetIds: ["subnet-00001", "subnet-00003"] } };
    expect(() => buildTopology(file(all), moved)).toThrow(
      "the control plane stays in the zones that it was made in, us-west-2a; the file has it in us-west-2a, us-west-2b",
    );
  });

  it("may bring its security groups", () => {
    const graph = build(all.replace("{ id", "{ securityGroup: sg-00001, sharedNodeSecurityGroup: sg-00001, id"));
    expect([...graph.nodes.keys()].filter((id) => id.startsWith("security-group"))).toEqual([
      "security-group-rule/shared-node/cluster",
      "security-group-rule/cluster/shared-node",
    ]);
    expect(deps(graph, "cluster")).toMatchObject({ securityGroups: [{ id: "given/sg-00001" }] });
  });

  it("is told all that is wrong with it at once", () => {
    const vpc = `{ id: vpc-00001, cidr: 10.9.0.0/16, securityGroup: sg-00009, sharedNodeSecurityGroup: sg-00002, subnets: {
      private: { us-west-2a: { id: subnet-00001, cidr: 10.1.0.0/24 }, us-west-2b: { id: subnet-00009 } },
      public: { us-west-2b: {}, us-west-2c: {} } } }`;
    const given = {
      vpc: { id: "vpc-00001", cidrs: ["10.0.0.0/16"], dnsSupport: true, dnsHostnames: false },
      subnets: [
        subnet("subnet-00001", "us-west-2a"),
        subnet("subnet-00004", "us-west-2b", { wayOut: "internet-gateway", mapPublicIp: false, freeAddresses: 3 }),
      ],
    };
    expect(findings(vpc, "{ name: a, desiredCapacity: 9 }", given)).toEqual([
      "vpc.subnets.public.us-west-2c: vpc-00001 has no public subnet in us-west-2c",
      "vpc.subnets.private.us-west-2a: subnet-00001 has the block 10.0.1.0/24, not 10.1.0.0/24",
      "vpc.subnets.private.us-west-2b: subnet-00009 does not exist",
      "vpc.cidr: vpc-00001 has the blocks 10.0.0.0/16, and not 10.9.0.0/16",
      "vpc-00001: enableDnsHostnames must be on, or nodes do not find the control plane",
      "nodegroup a: its subnets have 3 free addresses for 9 nodes",
      "vpc.subnets.public.us-west-2b (subnet-00004): gives instances no public address, without which nodes of a have " +
        "no way out (turn MapPublicIpOnLaunch on, or use privateNetworking)",
      "vpc.subnets.public.us-west-2b (subnet-00004): has 3 free addresses, and the control plane needs 6",
      "the subnets of the control plane are in one zone only, us-west-2b: EKS wants them in two",
      "vpc.securityGroup: sg-00009 does not exist",
      "vpc.sharedNodeSecurityGroup: sg-00002 is in vpc-00002, not in vpc-00001",
    ]);
  });

  it("is public or private by its routes", () => {
    const swapped = `{ subnets: { public: { a: { id: subnet-00001 } }, private: { b: { id: subnet-00004 } } } }`;
    expect(findings(swapped)).toEqual([
      "vpc.subnets.public.a (subnet-00001): is no public subnet, since rtb-00001 has no route to an internet gateway",
      "vpc.subnets.private.b (subnet-00004): is no private subnet, since rtb-00001 has a route to an internet gateway",
    ]);
  });

  it("is not there, or ambiguous, or in two VPCs", () => {
    const { vpc: _, ...nothing } = { ...network, subnets: [] };
    const missing = { ...facts, network: nothing };
    expect(() => buildTopology(file(all), missing)).toThrow("vpc.id: vpc-00001 does not exist");
    const more = [
      ...network.subnets,
      subnet("subnet-00006", "us-west-2b"),
      subnet("subnet-00007", "us-west-2c", { vpcId: "vpc-00002" }),
    ];
    expect(findings(all.replace("id: subnet-00001", "id: subnet-00007"), "", { subnets: more })).toEqual([
      "vpc.subnets.private.b: vpc-00001 has several private subnets in us-west-2b: subnet-00002 (10.0.2.0/24), " +
        "subnet-00006 (10.0.6.0/24); say which by id or cidr",
      "vpc.subnets.private.us-west-2a (subnet-00007): it is in vpc-00002, not in vpc-00001",
    ]);
  });

  it("is remarked on where load balancers or nodes may miss something", () => {
    const untagged = network.subnets.map((one) => ({
      ...one,
      tags: {},
      ...(one.id === "subnet-00001" ? { wayOut: "nowhere" as const } : {}),
    }));
    const lines = information(
      file(`{ nat: { gateway: Single }, subnets: { private: { a: { id: subnet-00001 }, b: { id: subnet-00002 } } } }`),
      {
        ...facts,
        network: { ...network, subnets: untagged },
      },
    );
    expect(lines).toEqual([
      "vpc.subnets.private.a (subnet-00001) has no tag kubernetes.io/role/internal-elb=1, by which load balancers find their subnets",
      "vpc.subnets.private.b (subnet-00002) has no tag kubernetes.io/role/internal-elb=1, by which load balancers find their subnets",
      "vpc.subnets.private.a (subnet-00001) has no default route: nodes in it need VPC endpoints",
      "vpc.nat.gateway: Single means nothing in a given VPC, whose routes are left as they are",
    ]);
  });
});

describe("a private cluster in a given network", () => {
  const service = (name: string) => ({ name: `com.amazonaws.us-west-2.${name}`, zones: ["us-west-2a"] });
  const services = Object.fromEntries(
    ["ec2", "ecr.api", "ecr.dkr", "eks", "sts", "s3"].map((name) => [name, service(name)]),
  );
  const drawn = (given: Partial<NonNullable<Facts["network"]>> = {}, endpointServices = services) => {
    const config = { ...file(all, "{ name: a, privateNetworking: true }"), privateCluster: { enabled: true } };
    return buildTopology(config, { ...facts, endpointServices, network: { ...network, ...given } });
  };
  const endpoints = (graph: ReturnType<typeof build>) =>
    [...graph.nodes.keys()].filter((id) => id.startsWith("vpc-endpoint/"));

  it("gets endpoints in the zones that have the service, and in the subnets' own route tables", () => {
    const graph = drawn();
    expect(endpoints(graph)).toEqual(
      ["ec2", "ecr.api", "ecr.dkr", "eks", "sts", "s3"].map((name) => `vpc-endpoint/${name}`),
    );
    expect(deps(graph, "vpc-endpoint/ec2")).toMatchObject({ subnets: [{ id: "given/subnet-00001" }], routeTables: [] });
    expect(deps(graph, "vpc-endpoint/s3")).toMatchObject({
      subnets: [],
      routeTables: [{ id: expect.stringMatching(/^given\/rtb-/) as string }],
    });
    expect(deps(graph, "cluster")).toMatchObject({
      subnets: [{ id: "given/subnet-00001" }, { id: "given/subnet-00002" }],
    });
  });

  it("uses the endpoints that somebody else keeps there", () => {
    const other = { id: "vpce-1", serviceName: service("sts").name, privateDns: true, routeTableIds: [] };
    const tables = network.subnets.map(({ routeTableId }) => routeTableId);
    const s3 = { id: "vpce-2", serviceName: service("s3").name, privateDns: false, routeTableIds: tables };
    const silent = { id: "vpce-3", serviceName: service("eks").name, privateDns: false, routeTableIds: [] };
    expect(endpoints(drawn({ endpoints: [other, s3, silent] }))).toEqual(
      ["ec2", "ecr.api", "ecr.dkr", "eks"].map((name) => `vpc-endpoint/${name}`),
    );
  });

  it("is refused where the region has no endpoints, or S3's route would go into the main table", () => {
    const { sts, ...others } = services;
    expect(() => drawn({}, others)).toThrow(`us-west-2 has no VPC endpoints for ${sts?.name.split(".").at(-1)}`);
    const subnets = network.subnets.map((one) => ({ ...one, ownRouteTable: false }));
    expect(() => drawn({ subnets })).toThrow("has the main route table");
  });
});
