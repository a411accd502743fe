import {
  AssociateRouteTableCommand,
  CreateNatGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  DeleteNatGatewayCommand,
  DeleteSubnetCommand,
  DescribeAddressesCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DetachInternetGatewayCommand,
  type NatGateway,
  ReleaseAddressCommand,
} from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { durations } from "../../../src/sandbox/durations.ts";
import { routeOf } from "../../../src/sandbox/services/ec2/internal.ts";
import {
  account,
  type Ec2Account,
  makeAddress,
  makeGateway,
  makeSubnet,
  makeVpc,
  present,
  refused,
  region,
} from "./account.ts";

interface Network {
  readonly here: Ec2Account;
  readonly VpcId: string;
  readonly SubnetId: string;
  readonly AllocationId: string;
}

async function network(): Promise<Network> {
  const here = await account();
  const VpcId = await makeVpc(here);
  return { here, VpcId, SubnetId: await makeSubnet(here, VpcId), AllocationId: await makeAddress(here) };
}

async function createNat({ here, SubnetId, AllocationId }: Network, ClientToken = "one"): Promise<string> {
  const input = { SubnetId, AllocationId, ClientToken };
  return present((await here.ec2.send(new CreateNatGatewayCommand(input))).NatGateway?.NatGatewayId);
}

async function natById({ ec2 }: Ec2Account, id: string): Promise<NatGateway> {
  const { NatGateways } = await ec2.send(new DescribeNatGatewaysCommand({ NatGatewayIds: [id] }));
  return present(NatGateways?.[0]);
}

test("a NAT gateway comes up, goes, and lingers as deleted", async () => {
  const net = await network();
  const { here, VpcId, AllocationId } = net;
  const { ec2, pass } = here;
  const InternetGatewayId = await makeGateway(here, VpcId);
  const id = await createNat(net);
  await pass(durations.natGatewayCreate - 1);
  expect((await natById(here, id)).State).toBe("pending");
  await pass(1);
  expect(await natById(here, id)).toMatchObject({ State: "available", NatGatewayAddresses: [{ AllocationId }] });

  await refused(ec2.send(new ReleaseAddressCommand({ AllocationId })), "InvalidIPAddress.InUse");
  await refused(
    ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId })),
    "DependencyViolation",
    /mapped public address/,
  );
  await refused(ec2.send(new DeleteSubnetCommand({ SubnetId: net.SubnetId })), "DependencyViolation");

  await ec2.send(new DeleteNatGatewayCommand({ NatGatewayId: id }));
  expect((await natById(here, id)).State).toBe("deleting");
  await refused(ec2.send(new ReleaseAddressCommand({ AllocationId })), "InvalidIPAddress.InUse");
  await pass(durations.natGatewayDelete);
  expect((await natById(here, id)).State).toBe("deleted");
  await refused(ec2.send(new DeleteNatGatewayCommand({ NatGatewayId: id })), "NatGatewayNotFound");
  await ec2.send(new ReleaseAddressCommand({ AllocationId }));
  await ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId }));
  await ec2.send(new DeleteSubnetCommand({ SubnetId: net.SubnetId }));

  await pass(durations.lingering - 1);
  expect((await natById(here, id)).State).toBe("deleted");
  await pass(1);
  await refused(natById(here, id), "NatGatewayNotFound");
});

test("a client token makes one NAT gateway, whatever is asked again", async () => {
  const net = await network();
  await makeGateway(net.here, net.VpcId);
  const id = await createNat(net);
  expect(await createNat(net)).toBe(id);
  await refused(createNat({ ...net, AllocationId: await makeAddress(net.here) }), "IdempotentParameterMismatch");
  await net.here.pass(1);
  expect((await net.here.ec2.send(new DescribeNatGatewaysCommand({}))).NatGateways).toHaveLength(1);
});

test("a NAT gateway in a VPC without an internet gateway fails and frees its address", async () => {
  const net = await network();
  const id = await createNat(net);
  await net.here.pass(durations.natGatewayCreate);
  expect(await natById(net.here, id)).toMatchObject({ State: "failed", FailureCode: "Gateway.NotAttached" });
  const { NetworkInterfaces } = await net.here.ec2.send(new DescribeNetworkInterfacesCommand({}));
  expect(NetworkInterfaces).toEqual([]);
  await net.here.ec2.send(new ReleaseAddressCommand({ AllocationId: net.AllocationId }));
});

test("an address serves one NAT gateway, and tells which", async () => {
  const net = await network();
  const { ec2, pass } = net.here;
  await makeGateway(net.here, net.VpcId);
  const first = await natById(net.here, await createNat(net).then(async (id) => (await pass(1), id)));
  const second = await createNat(net, "two");
  await pass(durations.natGatewayCreate);
  expect(await natById(net.here, second)).toMatchObject({ State: "failed", FailureCode: "Resource.AlreadyAssociated" });
  const { Addresses } = await ec2.send(new DescribeAddressesCommand({ AllocationIds: [net.AllocationId] }));
  expect(Addresses?.[0]?.NetworkInterfaceId).toBe(first.NatGatewayAddresses?.[0]?.NetworkInterfaceId);
});

test("addresses count against a quota of five", async () => {
  const here = await account();
  for (let i = 0; i < 5; i++) await makeAddress(here);
  await refused(makeAddress(here), "AddressLimitExceeded", /maximum number of addresses/);
});

test("a NAT gateway carries traffic once it is available", async () => {
  const net = await network();
  const { ec2, pass, sandbox } = net.here;
  await makeGateway(net.here, net.VpcId);
  const NatGatewayId = await createNat(net);
  const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId: net.VpcId }));
  const RouteTableId = present(RouteTable?.RouteTableId);
  await ec2.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: "0.0.0.0/0", NatGatewayId }));
  await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId: net.SubnetId }));
  expect(routeOf(sandbox.world, region, net.SubnetId)).toBe("none");
  await pass(durations.natGatewayCreate);
  expect((await natById(net.here, NatGatewayId)).State).toBe("available");
  expect(routeOf(sandbox.world, region, net.SubnetId)).toBe("nat-gateway");
});

test("a route to a NAT gateway that is gone is a black hole", async () => {
  const net = await network();
  const { ec2, pass } = net.here;
  await makeGateway(net.here, net.VpcId);
  const NatGatewayId = await createNat(net);
  const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId: net.VpcId }));
  const RouteTableId = present(RouteTable?.RouteTableId);
  const route = { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", NatGatewayId };
  await ec2.send(new CreateRouteCommand(route));
  await pass(1);
  const stateOfRoute = async () => {
    const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [RouteTableId] }));
    return RouteTables?.[0]?.Routes?.find((each) => each.NatGatewayId === NatGatewayId)?.State;
  };
  expect(await stateOfRoute()).toBe("active");
  await ec2.send(new DeleteNatGatewayCommand({ NatGatewayId }));
  expect(await stateOfRoute()).toBe("blackhole");
  const again = { ...route, DestinationCidrBlock: "192.168.0.0/16" };
  await refused(ec2.send(new CreateRouteCommand(again)), "InvalidNatGatewayID.NotFound");
});
