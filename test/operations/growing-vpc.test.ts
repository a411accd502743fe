import { describe, expect, it } from "vitest";
import { closing, failuresOf, openTestAccount } from "../support/account.ts";
import { owned } from "../support/holdings.ts";

const file = (zones: string, body: string) => `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: us-west-2 }
availabilityZones: [${zones}]
${body}`;

const web = "{ name: web, privateNetworking: true, desiredCapacity: 1 }";
const more = "{ name: more, privateNetworking: true, desiredCapacity: 1, availabilityZones: [us-west-2c] }";

const networks: readonly (readonly [what: string, body: string, sends: Readonly<Record<string, number>>])[] = [
  ["one NAT gateway", "", { CreateSubnet: 2, CreateRouteTable: 1, AssociateRouteTable: 2, CreateNatGateway: 0 }],
  ["a NAT gateway a zone", "vpc: { nat: { gateway: HighlyAvailable } }", { CreateSubnet: 2, CreateNatGateway: 1 }],
  [
    "IPv6",
    "kubernetesNetworkConfig: { ipFamily: IPv6 }\niam: { withOIDC: true }\naddons: [{ name: vpc-cni }, { name: coredns }, { name: kube-proxy }]",
    { CreateSubnet: 2 },
  ],
  ["no internet", "privateCluster: { enabled: true }", { CreateSubnet: 1, ModifyVpcEndpoint: 6, CreateVpcEndpoint: 0 }],
  [
    "a transit gateway",
    "remoteNetworkConfig: { vpcGatewayID: tgw-0123456789abcdef0, remoteNodeNetworks: [{ cidrs: [10.80.0.0/16] }] }",
    { CreateSubnet: 2, ModifyTransitGatewayVpcAttachment: 1 },
  ],
  [
    "a virtual private gateway",
    "remoteNetworkConfig: { vpcGatewayID: vgw-0123456789abcdef0, remoteNodeNetworks: [{ cidrs: [10.80.0.0/16] }] }",
    { CreateSubnet: 2, AttachVpnGateway: 0, CreateRoute: 2 },
  ],
];

describe("a zone that is added to the VPC of a living cluster, with", () => {
  it.each(networks)("%s", async (_what, body, sends) => {
    const account = closing(await openTestAccount());
    const before = file("us-west-2a, us-west-2b", `${body}\nmanagedNodeGroups: [${web}]`);
    const after = file("us-west-2c, us-west-2a, us-west-2b", `${body}\nmanagedNodeGroups: [${web}, ${more}]`);
    expect(failuresOf(await account.create(before))).toEqual([]);
    account.changes();

    expect(failuresOf(await account.apply(after))).toEqual([]);
    const sent = account.changes().filter(({ outcome }) => outcome === "ok");
    const count = (name: string) => sent.filter(({ operation }) => operation === name).length;
    expect(Object.fromEntries(Object.keys(sends).map((name) => [name, count(name)]))).toEqual(sends);
    // The new nodegroup alone is made: the control plane and the other one stay where they are.
    expect([count("CreateNodegroup"), count("UpdateClusterConfig"), count("DeleteNodegroup")]).toEqual([1, 0, 0]);
    expect((await account.plan(after, true)).changes).toBe(false);
    expect(
      (await account.plan(file("us-west-2b, us-west-2c, us-west-2a", after.split("\n").slice(5).join("\n")))).changes,
    ).toBe(false);

    await expect(account.plan(before)).rejects.toThrow(/a VPC keeps its zones: us-west-2c must stay/);
    expect(failuresOf(await account.delete("demo", "us-west-2"))).toEqual([]);
    await account.rest();
    expect(owned(account.sandbox)).toEqual([]);
  });
});
