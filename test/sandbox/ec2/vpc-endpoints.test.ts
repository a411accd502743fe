import {
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateVpcEndpointCommand,
  type CreateVpcEndpointRequest,
  DeleteRouteCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DeleteVpcEndpointsCommand,
  DescribeRouteTablesCommand,
  DescribeVpcEndpointServicesCommand,
  DescribeVpcEndpointsCommand,
  ModifyVpcAttributeCommand,
  ModifyVpcEndpointCommand,
} from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { durations } from "../../../src/sandbox/durations.ts";
import { account, makeSubnet, makeVpc, present, refused } from "./account.ts";

const ServiceName = "com.amazonaws.us-west-2.sts";

async function network() {
  const here = await account();
  const VpcId = await makeVpc(here);
  await here.ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: { Value: true } }));
  const SubnetId = await makeSubnet(here, VpcId);
  const make = async (more: Partial<CreateVpcEndpointRequest> = {}) => {
    const request: CreateVpcEndpointRequest = {
      VpcId,
      ServiceName,
      VpcEndpointType: "Interface",
      SubnetIds: [SubnetId],
      ...more,
    };
    const { VpcEndpoint } = await here.ec2.send(new CreateVpcEndpointCommand(request));
    await here.pass(durations.ec2Propagation);
    return present(VpcEndpoint?.VpcEndpointId);
  };
  const describe = async (id: string) => {
    const { VpcEndpoints } = await here.ec2.send(new DescribeVpcEndpointsCommand({ VpcEndpointIds: [id] }));
    return present(VpcEndpoints?.[0]);
  };
  return { ...here, VpcId, SubnetId, make, describe };
}

test("services are found by filters, which leave out what does not exist, and S3 is of both types", async () => {
  const { ec2 } = await account();
  const Values = ["com.amazonaws.us-west-2.s3", "com.amazonaws.us-west-2.nothing", ServiceName];
  const { ServiceDetails } = await ec2.send(
    new DescribeVpcEndpointServicesCommand({ Filters: [{ Name: "service-name", Values }] }),
  );
  const shown = ServiceDetails?.map((one) => `${one.ServiceName} ${one.ServiceType?.[0]?.ServiceType}`).toSorted();
  expect(shown).toEqual([
    "com.amazonaws.us-west-2.s3 Gateway",
    "com.amazonaws.us-west-2.s3 Interface",
    "com.amazonaws.us-west-2.sts Interface",
  ]);
  await refused(ec2.send(new DescribeVpcEndpointServicesCommand({ ServiceNames: ["nothing"] })), "InvalidServiceName");
  const china = await account("cn-north-1");
  const named = await china.ec2.send(new DescribeVpcEndpointServicesCommand({}));
  expect(named.ServiceNames).toContain("cn.com.amazonaws.cn-north-1.autoscaling");
});

test("an interface endpoint holds its subnets until it is gone", async () => {
  const { ec2, pass, VpcId, SubnetId, make, describe } = await network();
  const id = await make({ PrivateDnsEnabled: true });
  expect(await describe(id)).toMatchObject({ State: "pending", SubnetIds: [SubnetId], PrivateDnsEnabled: true });
  await refused(
    ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId: id, RemoveSubnetIds: [SubnetId] })),
    "IncorrectState",
  );
  await pass(durations.vpcEndpointCreate);
  expect(await describe(id)).toMatchObject({ State: "available" });

  await refused(ec2.send(new DeleteSubnetCommand({ SubnetId })), "DependencyViolation");
  await refused(ec2.send(new DeleteVpcCommand({ VpcId })), "DependencyViolation");
  expect((await ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }))).Unsuccessful).toEqual([]);
  expect(await describe(id)).toMatchObject({ State: "deleting" });
  await refused(ec2.send(new DeleteSubnetCommand({ SubnetId })), "DependencyViolation");
  await pass(durations.vpcEndpointDelete);
  await refused(describe(id), "InvalidVpcEndpointId.NotFound");
  await ec2.send(new DeleteSubnetCommand({ SubnetId }));
  const { Unsuccessful } = await ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }));
  expect(Unsuccessful).toMatchObject([{ ResourceId: id, Error: { Code: "InvalidVpcEndpoint.NotFound" } }]);
});

test("one endpoint a VPC answers for a service's name, where the VPC's DNS does", async () => {
  const { ec2, VpcId, make } = await network();
  const dns = (Value: boolean) => ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: { Value } }));
  await dns(false);
  await refused(make({ PrivateDnsEnabled: true }), "InvalidParameter", /requires both enableDnsSupport/);
  await dns(true);
  await make({ PrivateDnsEnabled: true });
  await refused(make({ PrivateDnsEnabled: true }), "InvalidParameter", /conflicting DNS domain for sts\.us-west-2/);
  await make();
});

test("an interface endpoint has one subnet a zone, and of its own VPC", async () => {
  const here = await network();
  const request = { VpcId: here.VpcId, CidrBlock: "10.0.200.0/24", AvailabilityZone: "us-west-2a" };
  const { Subnet } = await here.ec2.send(new CreateSubnetCommand(request));
  await refused(here.make({ SubnetIds: [here.SubnetId, present(Subnet?.SubnetId)] }), "DuplicateSubnetsInSameZone");
  const elsewhere = await makeSubnet(here, await makeVpc(here, "10.1.0.0/16"), "10.1.0.0/24");
  await refused(here.make({ SubnetIds: [elsewhere] }), "InvalidParameter", /is not in VPC/);
  await refused(here.make({ ServiceName: "com.amazonaws.us-west-2.nothing" }), "InvalidServiceName");
  await refused(here.make({ VpcEndpointType: "Gateway" }), "InvalidParameter", /endpoint type/);
});

test("a gateway endpoint is there at once, and keeps a route in each of its tables", async () => {
  const { ec2, VpcId, make, describe } = await network();
  const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId }));
  const table = present(RouteTable?.RouteTableId);
  const gateway: Partial<CreateVpcEndpointRequest> = {
    ServiceName: "com.amazonaws.us-west-2.s3",
    VpcEndpointType: "Gateway",
    RouteTableIds: [table],
    SubnetIds: undefined,
  };
  const routes = async () => {
    const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [table] }));
    return (RouteTables?.[0]?.Routes ?? []).filter((route) => route.DestinationPrefixListId !== undefined);
  };
  const id = await make(gateway);
  expect(await describe(id)).toMatchObject({ State: "available", RouteTableIds: [table] });
  expect(await routes()).toMatchObject([{ GatewayId: id, State: "active" }]);
  await refused(make(gateway), "RouteAlreadyExists");
  await ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId: id, RemoveRouteTableIds: [table] }));
  expect(await routes()).toEqual([]);
  await ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId: id, AddRouteTableIds: [table] }));
  await refused(
    ec2.send(new DeleteRouteCommand({ RouteTableId: table, DestinationCidrBlock: "0.0.0.0/0" })),
    "InvalidRoute.NotFound",
  );
  await ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }));
  expect(await routes()).toEqual([]);
});
