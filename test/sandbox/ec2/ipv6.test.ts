import {
  AssociateSubnetCidrBlockCommand,
  AssociateVpcCidrBlockCommand,
  CreateEgressOnlyInternetGatewayCommand,
  CreateNatGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteEgressOnlyInternetGatewayCommand,
  DeleteVpcCommand,
  DescribeEgressOnlyInternetGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  ModifySubnetAttributeCommand,
} from "@aws-sdk/client-ec2";
import { describe, expect, test } from "vitest";
import { durations } from "../../../src/sandbox/durations.ts";
import {
  account,
  type Ec2Account,
  makeAddress,
  makeGateway,
  makeSubnet,
  makeVpc,
  present,
  refused,
} from "./account.ts";

async function makeDualVpc({ ec2 }: Ec2Account): Promise<string> {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16", AmazonProvidedIpv6CidrBlock: true }));
  return present(Vpc?.VpcId);
}

async function blockOf({ ec2 }: Ec2Account, VpcId: string): Promise<{ cidr: string; state: string | undefined }> {
  const { Vpcs: [vpc] = [] } = await ec2.send(new DescribeVpcsCommand({ VpcIds: [VpcId] }));
  const [block] = vpc?.Ipv6CidrBlockAssociationSet ?? [];
  return { cidr: present(block?.Ipv6CidrBlock), state: block?.Ipv6CidrBlockState?.State };
}

const subnetOf = (block: string, digits: string) => block.replace("00::/56", `${digits}::/64`);

describe("a block of IPv6 addresses", () => {
  test("is Amazon's /56, and a VPC's after a moment, at once or later", async () => {
    const here = await account();
    const VpcId = await makeDualVpc(here);
    await here.pass(durations.ec2Propagation);
    expect(await blockOf(here, VpcId)).toMatchObject({ cidr: expect.stringMatching(/::\/56$/), state: "associating" });
    await here.pass(durations.ipv6Association);
    expect((await blockOf(here, VpcId)).state).toBe("associated");

    const later = await makeVpc(here, "10.1.0.0/16");
    const associate = () =>
      here.ec2.send(new AssociateVpcCidrBlockCommand({ VpcId: later, AmazonProvidedIpv6CidrBlock: true }));
    await associate();
    await here.pass(durations.ipv6Association);
    const { cidr } = await blockOf(here, later);
    const inVpc = { Filters: [{ Name: "vpc-id", Values: [later] }] };
    const { RouteTables: [main] = [] } = await here.ec2.send(new DescribeRouteTablesCommand(inVpc));
    expect(main?.Routes).toMatchObject([
      { DestinationCidrBlock: "10.1.0.0/16" },
      { DestinationIpv6CidrBlock: cidr, GatewayId: "local", State: "active" },
    ]);
    for (let more = 2; more <= 5; more++) await associate();
    await refused(associate(), "CidrLimitExceeded");
  });

  test("is taken once from a pool that the account has brought along", async () => {
    const here = await account();
    const pool = "ipv6pool-ec2-0123456789abcdef0";
    here.sandbox.residents({ ipv6Pools: [{ region: "us-west-2", id: pool, cidr: "2001:db8:4000::/40" }] });
    const make = (Ipv6CidrBlock: string, Ipv6Pool = pool) =>
      here.ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16", Ipv6Pool, Ipv6CidrBlock }));
    await refused(make("2001:db8:4000::/56", "ipv6pool-ec2-0"), "InvalidIpv6PoolID.NotFound");
    await refused(make("2001:db8:5000::/56"), "InvalidParameterValue", /cannot be allocated/);
    const { Vpc } = await make("2001:db8:4000::/56");
    expect(Vpc?.Ipv6CidrBlockAssociationSet).toMatchObject([{ Ipv6Pool: pool, IpSource: "byoip" }]);
    await refused(make("2001:db8:4000::/56"), "InvalidParameterValue", /cannot be allocated/);
  });

  test("gives subnets their /64, one each and none twice", async () => {
    const here = await account();
    const { ec2 } = here;
    const VpcId = await makeDualVpc(here);
    await here.pass(5);
    const { cidr } = await blockOf(here, VpcId);
    const make = (CidrBlock: string, Ipv6CidrBlock: string) =>
      ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock, Ipv6CidrBlock, AvailabilityZone: "us-west-2a" }));
    const { Subnet } = await make("10.0.0.0/24", subnetOf(cidr, "00"));
    const SubnetId = present(Subnet?.SubnetId);
    await refused(make("10.0.1.0/24", subnetOf(cidr, "00")), "InvalidSubnet.Conflict");
    await refused(make("10.0.1.0/24", cidr), "InvalidSubnet.Range");
    await refused(make("10.0.1.0/24", "2001:db9::/64"), "InvalidSubnet.Range");
    await refused(
      ec2.send(new AssociateSubnetCidrBlockCommand({ SubnetId, Ipv6CidrBlock: subnetOf(cidr, "01") })),
      "SubnetAlreadyAssociated",
    );

    const bare = await makeSubnet(here, VpcId, "10.0.2.0/24");
    const assign = (id: string) =>
      ec2.send(new ModifySubnetAttributeCommand({ SubnetId: id, AssignIpv6AddressOnCreation: { Value: true } }));
    await refused(assign(bare), "InvalidParameterValue", /no IPv6 CIDR block/);
    await ec2.send(new AssociateSubnetCidrBlockCommand({ SubnetId: bare, Ipv6CidrBlock: subnetOf(cidr, "02") }));
    await assign(bare);
    await here.pass(5);
    const { Subnets: [described] = [] } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [bare] }));
    expect(described).toMatchObject({
      AssignIpv6AddressOnCreation: true,
      EnableDns64: false,
      Ipv6CidrBlockAssociationSet: [
        { Ipv6CidrBlock: subnetOf(cidr, "02"), Ipv6CidrBlockState: { State: "associated" } },
      ],
    });
  });
});

test("an egress-only internet gateway takes IPv6 out, belongs to its VPC, and is made once for a token", async () => {
  const here = await account();
  const { ec2 } = here;
  const VpcId = await makeDualVpc(here);
  const other = await makeVpc(here, "10.1.0.0/16");
  const make = async (id: string, ClientToken: string) => {
    const made = await ec2.send(new CreateEgressOnlyInternetGatewayCommand({ VpcId: id, ClientToken }));
    return present(made.EgressOnlyInternetGateway?.EgressOnlyInternetGatewayId);
  };
  const EgressOnlyInternetGatewayId = await make(VpcId, "one");
  expect(await make(VpcId, "one")).toBe(EgressOnlyInternetGatewayId);
  const elsewhere = await make(other, "two");

  const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId }));
  const RouteTableId = present(RouteTable?.RouteTableId);
  const route = (DestinationIpv6CidrBlock: string, target: object) =>
    ec2.send(new CreateRouteCommand({ RouteTableId, DestinationIpv6CidrBlock, ...target }));
  await refused(
    route("::/0", { EgressOnlyInternetGatewayId: elsewhere }),
    "InvalidParameterValue",
    /different networks/,
  );
  await refused(
    ec2.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: "0.0.0.0/0", EgressOnlyInternetGatewayId })),
    "InvalidParameterValue",
    /not IPv6/,
  );
  await route("0::0/0", { EgressOnlyInternetGatewayId });
  await refused(route("::/0", { EgressOnlyInternetGatewayId }), "RouteAlreadyExists");

  const routes = async () => {
    const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [RouteTableId] }));
    return RouteTables?.[0]?.Routes?.find((each) => each.DestinationIpv6CidrBlock === "::/0");
  };
  await here.pass(1);
  expect(await routes()).toMatchObject({ EgressOnlyInternetGatewayId, State: "active" });
  await refused(ec2.send(new DeleteVpcCommand({ VpcId: other })), "DependencyViolation");
  await ec2.send(new DeleteEgressOnlyInternetGatewayCommand({ EgressOnlyInternetGatewayId: elsewhere }));
  await ec2.send(new DeleteVpcCommand({ VpcId: other }));

  await ec2.send(new DeleteEgressOnlyInternetGatewayCommand({ EgressOnlyInternetGatewayId }));
  expect((await routes())?.State).toBe("blackhole");
  const ids = { EgressOnlyInternetGatewayIds: [EgressOnlyInternetGatewayId] };
  await refused(ec2.send(new DescribeEgressOnlyInternetGatewaysCommand(ids)), "InvalidGatewayID.NotFound");
});

test("a NAT gateway takes of IPv6 only what DNS64 makes", async () => {
  const here = await account();
  const { ec2 } = here;
  const VpcId = await makeDualVpc(here);
  await makeGateway(here, VpcId);
  const { NatGateway } = await ec2.send(
    new CreateNatGatewayCommand({ SubnetId: await makeSubnet(here, VpcId), AllocationId: await makeAddress(here) }),
  );
  const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId }));
  const to = (DestinationIpv6CidrBlock: string) =>
    ec2.send(
      new CreateRouteCommand({
        RouteTableId: RouteTable?.RouteTableId,
        DestinationIpv6CidrBlock,
        NatGatewayId: NatGateway?.NatGatewayId,
      }),
    );
  await refused(to("::/0"), "InvalidParameterValue", /64:ff9b::\/96/);
  await to("64:ff9b::/96");
});
