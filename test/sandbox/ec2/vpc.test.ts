import {
  AttachInternetGatewayCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteInternetGatewayCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeInternetGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  DetachInternetGatewayCommand,
  ModifySubnetAttributeCommand,
  ModifyVpcAttributeCommand,
} from "@aws-sdk/client-ec2";
import { describe, expect, test } from "vitest";
import { account, makeGateway, makeSubnet, makeVpc, present, refused } from "./account.ts";

describe("a VPC", () => {
  test("comes with a main route table and a default security group, which go with it", async () => {
    const { ec2, pass, ...rest } = await account();
    const vpcId = await makeVpc({ ec2, pass, ...rest });
    await pass(1);
    const inVpc = { Filters: [{ Name: "vpc-id", Values: [vpcId] }] };
    const { RouteTables: [table] = [] } = await ec2.send(new DescribeRouteTablesCommand(inVpc));
    expect(table?.Associations?.[0]?.Main).toBe(true);
    expect(table?.Routes).toMatchObject([{ DestinationCidrBlock: "10.0.0.0/16", GatewayId: "local", State: "active" }]);
    const { SecurityGroups: [group] = [] } = await ec2.send(new DescribeSecurityGroupsCommand(inVpc));
    expect(group?.GroupName).toBe("default");
    expect(group?.IpPermissions?.[0]?.UserIdGroupPairs?.[0]?.GroupId).toBe(group?.GroupId);

    await ec2.send(new DeleteVpcCommand({ VpcId: vpcId }));
    expect((await ec2.send(new DescribeRouteTablesCommand({}))).RouteTables).toEqual([]);
    expect((await ec2.send(new DescribeSecurityGroupsCommand({}))).SecurityGroups).toEqual([]);
    await refused(ec2.send(new DeleteVpcCommand({ VpcId: vpcId })), "InvalidVpcID.NotFound", /does not exist/);
  });

  test("clears host bits of its CIDR and refuses sizes and texts that are none", async () => {
    const { ec2 } = await account();
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.1.2.3/16" }));
    expect(Vpc).toMatchObject({ CidrBlock: "10.1.0.0/16", State: "pending" });
    await refused(ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/8" })), "InvalidVpc.Range");
    await refused(
      ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0/16" })),
      "InvalidParameterValue",
      /not a valid CIDR/,
    );
  });

  test("has DNS attributes, changed one at a time", async () => {
    const here = await account();
    const VpcId = await makeVpc(here);
    const on = { Value: true };
    await refused(
      here.ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsSupport: on, EnableDnsHostnames: on })),
      "InvalidParameterCombination",
    );
    const hostnames = () => here.ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute: "enableDnsHostnames" }));
    expect((await hostnames()).EnableDnsHostnames).toEqual({ Value: false });
    await here.ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: on }));
    expect((await hostnames()).EnableDnsHostnames).toEqual({ Value: true });
  });

  test("cannot be deleted while a subnet, a gateway or a security group is in it", async () => {
    const here = await account();
    const { ec2 } = here;
    const VpcId = await makeVpc(here);
    const gone = () => ec2.send(new DeleteVpcCommand({ VpcId }));

    const SubnetId = await makeSubnet(here, VpcId);
    await refused(gone(), "DependencyViolation", /has dependencies and cannot be deleted/);
    await ec2.send(new DeleteSubnetCommand({ SubnetId }));

    const InternetGatewayId = await makeGateway(here, VpcId);
    await refused(gone(), "DependencyViolation");
    await refused(ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId })), "DependencyViolation");
    await ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId }));
    await gone();
  });

  test("counts against a quota of five", async () => {
    const here = await account();
    for (let i = 0; i < 5; i++) await makeVpc(here);
    await refused(makeVpc(here), "VpcLimitExceeded", /maximum number of VPCs/);
    const elsewhere = await account("eu-west-1");
    await makeVpc(elsewhere);
  });

  test("shows up in describes only after a moment", async () => {
    const here = await account();
    const VpcIds = [await makeVpc(here)];
    await refused(here.ec2.send(new DescribeVpcsCommand({ VpcIds })), "InvalidVpcID.NotFound");
    expect((await here.ec2.send(new DescribeVpcsCommand({}))).Vpcs).toEqual([]);
    await here.pass(1);
    expect((await here.ec2.send(new DescribeVpcsCommand({ VpcIds }))).Vpcs).toMatchObject([
      { VpcId: VpcIds[0], State: "available" },
    ]);
  });
});

describe("a subnet", () => {
  test("lies in its VPC, beside its siblings, in a zone of the region", async () => {
    const here = await account();
    const VpcId = await makeVpc(here);
    await makeSubnet(here, VpcId, "10.0.0.0/24");
    await refused(makeSubnet(here, VpcId, "10.0.0.128/25"), "InvalidSubnet.Conflict", /conflicts with another subnet/);
    await refused(makeSubnet(here, VpcId, "10.1.0.0/24"), "InvalidSubnet.Range");
    await refused(makeSubnet(here, VpcId, "10.0.1.0/29"), "InvalidSubnet.Range");
    await refused(
      makeSubnet(here, VpcId, "10.0.1.0/24", "us-west-2z"),
      "InvalidParameterValue",
      /availability zones: us-west-2a, us-west-2b, us-west-2c, us-west-2d, us-west-2-lax-1a, us-west-2-lax-1b, us-west-2-las-1a\./,
    );
    await refused(makeSubnet(here, "vpc-0", "10.0.1.0/24"), "InvalidVpcID.NotFound");
    const byId = await here.ec2.send(
      new CreateSubnetCommand({ VpcId, CidrBlock: "10.0.1.0/24", AvailabilityZoneId: "usw2-az1" }),
    );
    expect(byId.Subnet).toMatchObject({ AvailabilityZone: "us-west-2b", AvailableIpAddressCount: 251 });
  });

  test("has attributes that are changed one at a time", async () => {
    const here = await account();
    const { ec2, pass } = here;
    const SubnetId = await makeSubnet(here, await makeVpc(here));
    const modify = (change: object) => ec2.send(new ModifySubnetAttributeCommand({ SubnetId, ...change }));
    await modify({ MapPublicIpOnLaunch: { Value: true } });
    await modify({ PrivateDnsHostnameTypeOnLaunch: "resource-name" });
    await refused(
      modify({ MapPublicIpOnLaunch: { Value: true }, PrivateDnsHostnameTypeOnLaunch: "ip-name" }),
      "InvalidParameterCombination",
    );
    await pass(1);
    const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [SubnetId] }));
    expect(Subnets).toMatchObject([
      { MapPublicIpOnLaunch: true, PrivateDnsNameOptionsOnLaunch: { HostnameType: "resource-name" } },
    ]);
  });
});

describe("an internet gateway", () => {
  test("is attached to one VPC, and a VPC to one gateway", async () => {
    const here = await account();
    const VpcId = await makeVpc(here);
    const InternetGatewayId = await makeGateway(here, VpcId);
    const attach = (id: string) => here.ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: id, VpcId }));
    await refused(attach(InternetGatewayId), "Resource.AlreadyAssociated");
    await refused(attach(await makeGateway(here)), "InvalidParameterValue", /already has an internet gateway/);
    await here.pass(1);
    const { InternetGateways } = await here.ec2.send(
      new DescribeInternetGatewaysCommand({ Filters: [{ Name: "attachment.vpc-id", Values: [VpcId] }] }),
    );
    expect(present(InternetGateways)[0]?.Attachments).toEqual([{ VpcId, State: "available" }]);
    await here.ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId }));
    await refused(here.ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId })), "Gateway.NotAttached");
  });
});
