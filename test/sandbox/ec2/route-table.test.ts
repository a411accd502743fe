import {
  AssociateRouteTableCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  DeleteRouteCommand,
  DeleteRouteTableCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeRouteTablesCommand,
  DisassociateRouteTableCommand,
  ReplaceRouteCommand,
  ReplaceRouteTableAssociationCommand,
} from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { routeOf } from "../../../src/sandbox/services/ec2/internal.ts";
import { account, type Ec2Account, makeGateway, makeSubnet, makeVpc, present, refused, region } from "./account.ts";

async function makeTable({ ec2 }: Ec2Account, VpcId: string): Promise<string> {
  const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId }));
  return present(RouteTable?.RouteTableId);
}

test("routes are made once, replaced and deleted", async () => {
  const here = await account();
  const { ec2 } = here;
  const VpcId = await makeVpc(here);
  const RouteTableId = await makeTable(here, VpcId);
  const GatewayId = await makeGateway(here);
  const route = { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", GatewayId };
  await refused(ec2.send(new CreateRouteCommand(route)), "InvalidParameterValue", /belong to different networks/);
  const attached = { ...route, GatewayId: await makeGateway(here, VpcId) };
  await ec2.send(new CreateRouteCommand(attached));
  await refused(ec2.send(new CreateRouteCommand(attached)), "RouteAlreadyExists", /identified by 0\.0\.0\.0\/0/);
  await refused(ec2.send(new CreateRouteCommand({ ...route, GatewayId: "igw-0" })), "InvalidGatewayID.NotFound");
  await ec2.send(new ReplaceRouteCommand(attached));

  const gone = { RouteTableId, DestinationCidrBlock: "0.0.0.0/0" };
  await ec2.send(new DeleteRouteCommand(gone));
  await refused(ec2.send(new DeleteRouteCommand(gone)), "InvalidRoute.NotFound");
  await refused(ec2.send(new ReplaceRouteCommand(attached)), "InvalidRoute.NotFound");
  await refused(
    ec2.send(new DeleteRouteCommand({ RouteTableId, DestinationCidrBlock: "10.0.0.0/16" })),
    "InvalidParameterValue",
  );
});

test("a subnet has one association, which holds the table until it goes", async () => {
  const here = await account();
  const { ec2, pass } = here;
  const VpcId = await makeVpc(here);
  const SubnetId = await makeSubnet(here, VpcId);
  const [RouteTableId, other] = [await makeTable(here, VpcId), await makeTable(here, VpcId)];
  const { AssociationId } = await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));
  await refused(
    ec2.send(new AssociateRouteTableCommand({ RouteTableId: other, SubnetId })),
    "Resource.AlreadyAssociated",
  );
  await refused(ec2.send(new DeleteRouteTableCommand({ RouteTableId })), "DependencyViolation");

  const replaced = await ec2.send(new ReplaceRouteTableAssociationCommand({ AssociationId, RouteTableId: other }));
  expect(replaced.NewAssociationId).not.toBe(AssociationId);
  await ec2.send(new DeleteRouteTableCommand({ RouteTableId }));
  await ec2.send(new DisassociateRouteTableCommand({ AssociationId: replaced.NewAssociationId }));
  await refused(ec2.send(new DisassociateRouteTableCommand({ AssociationId })), "InvalidAssociationID.NotFound");

  await ec2.send(new AssociateRouteTableCommand({ RouteTableId: other, SubnetId }));
  await pass(1);
  const bySubnet = { Filters: [{ Name: "association.subnet-id", Values: [SubnetId] }] };
  expect((await ec2.send(new DescribeRouteTablesCommand(bySubnet))).RouteTables).toMatchObject([
    { RouteTableId: other },
  ]);
  await refused(ec2.send(new DeleteVpcCommand({ VpcId })), "DependencyViolation");
  await ec2.send(new DeleteSubnetCommand({ SubnetId }));
  await ec2.send(new DeleteRouteTableCommand({ RouteTableId: other }));
  await ec2.send(new DeleteVpcCommand({ VpcId }));
});

test("the main table serves subnets without one of their own, and stays", async () => {
  const here = await account();
  const { ec2, pass, sandbox } = here;
  const VpcId = await makeVpc(here);
  const SubnetId = await makeSubnet(here, VpcId);
  const GatewayId = await makeGateway(here, VpcId);
  await pass(1);
  const { RouteTables } = await ec2.send(
    new DescribeRouteTablesCommand({ Filters: [{ Name: "association.main", Values: ["true"] }] }),
  );
  const main = present(RouteTables?.[0]);
  const route = { DestinationCidrBlock: "0.0.0.0/0", GatewayId };
  await ec2.send(new CreateRouteCommand({ ...route, RouteTableId: main.RouteTableId }));
  expect(routeOf(sandbox.world, region, SubnetId)).toBe("internet-gateway");

  const own = await makeTable(here, VpcId);
  await ec2.send(new AssociateRouteTableCommand({ RouteTableId: own, SubnetId }));
  expect(routeOf(sandbox.world, region, SubnetId)).toBe("none");

  const AssociationId = main.Associations?.[0]?.RouteTableAssociationId;
  await refused(ec2.send(new DisassociateRouteTableCommand({ AssociationId })), "InvalidParameterValue");
  await refused(ec2.send(new DeleteRouteTableCommand({ RouteTableId: main.RouteTableId })), "DependencyViolation");
  await ec2.send(new ReplaceRouteTableAssociationCommand({ AssociationId, RouteTableId: own }));
  await ec2.send(new DeleteRouteTableCommand({ RouteTableId: main.RouteTableId }));
});
