import {
  DeleteSubnetCommand,
  DeleteVolumeCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeVolumesCommand,
  DetachInternetGatewayCommand,
  DeleteNetworkInterfaceCommand,
  ModifySubnetAttributeCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { durations } from "../../../src/sandbox/durations.ts";
import { addNetworkInterface, runInstances } from "../../../src/sandbox/services/ec2/internal.ts";
import { account, makeGateway, makeSubnet, makeVpc, present, refused, region } from "./account.ts";

const nodes = { groupIds: [], instanceType: "m5.large", tags: { "eks:nodegroup-name": "workers" } };

test("instances are spread over subnets, with the tags of their template", async () => {
  const here = await account();
  const { ec2, pass, sandbox } = here;
  const vpcId = await makeVpc(here);
  const subnetIds = [
    await makeSubnet(here, vpcId, "10.0.0.0/24", "us-west-2a"),
    await makeSubnet(here, vpcId, "10.0.1.0/24", "us-west-2b"),
  ];
  const launchTemplateTags = [
    { ResourceType: "instance" as const, Tags: [{ Key: "Name", Value: "node" }] },
    { ResourceType: "volume" as const, Tags: [{ Key: "Name", Value: "root" }] },
  ];
  runInstances(sandbox.world, region, { ...nodes, count: 4, subnetIds, launchTemplateTags });
  await pass(1);
  const Filters = [{ Name: "tag:eks:nodegroup-name", Values: ["workers"] }];
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
  const instances = Reservations.flatMap((reservation) => reservation.Instances ?? []);
  for (const subnetId of subnetIds) {
    expect(instances.filter((instance) => instance.SubnetId === subnetId)).toHaveLength(2);
  }
  expect(instances[0]).toMatchObject({ State: { Name: "running", Code: 16 }, Architecture: "x86_64" });
  expect(instances[0]?.Tags).toContainEqual({ Key: "Name", Value: "node" });
  const { Volumes } = await ec2.send(new DescribeVolumesCommand({ Filters: [{ Name: "tag:Name", Values: ["root"] }] }));
  expect(Volumes).toHaveLength(4);
  await refused(ec2.send(new DeleteVolumeCommand({ VolumeId: Volumes?.[0]?.VolumeId })), "VolumeInUse");
});

test("a terminated instance lets go of its network and lingers", async () => {
  const here = await account();
  const { ec2, pass, sandbox } = here;
  const VpcId = await makeVpc(here);
  const InternetGatewayId = await makeGateway(here, VpcId);
  const SubnetId = await makeSubnet(here, VpcId);
  await ec2.send(new ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value: true } }));
  const InstanceIds = runInstances(sandbox.world, region, { ...nodes, count: 1, subnetIds: [SubnetId] });
  await pass(1);
  const instance = async () =>
    (await ec2.send(new DescribeInstancesCommand({ InstanceIds }))).Reservations?.[0]?.Instances?.[0];
  expect((await instance())?.PublicIpAddress).toBeDefined();

  await ec2.send(new TerminateInstancesCommand({ InstanceIds }));
  expect((await instance())?.State?.Name).toBe("shutting-down");
  await refused(ec2.send(new DeleteSubnetCommand({ SubnetId })), "DependencyViolation");
  await refused(
    ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId })),
    "DependencyViolation",
    /mapped public address/,
  );
  await pass(durations.networkInterfaceRelease);
  expect(await instance()).toMatchObject({ State: { Name: "terminated" } });
  expect((await instance())?.SubnetId).toBeUndefined();
  await ec2.send(new DeleteSubnetCommand({ SubnetId }));
  await ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId }));
  await pass(durations.lingering);
  await refused(instance(), "InvalidInstanceID.NotFound");
});

test("instances run only in zones that offer their type", async () => {
  const here = await account();
  const { world } = here.sandbox;
  const subnetIds = [await makeSubnet(here, await makeVpc(here), "10.0.0.0/24", "us-west-2d")];
  const wanted = { ...nodes, count: 1, subnetIds };
  runInstances(world, region, wanted);
  expect(() => runInstances(world, region, { ...wanted, instanceType: "p5.48xlarge" })).toThrow(
    /not supported in your/,
  );
});

test("an interface is deleted when nothing uses it", async () => {
  const here = await account();
  const { ec2, pass, sandbox } = here;
  const subnetId = await makeSubnet(here, await makeVpc(here));
  const used = addNetworkInterface(sandbox.world, region, { subnetId, description: "Amazon EKS test" });
  const free = addNetworkInterface(sandbox.world, region, { subnetId, description: "aws-K8S-i-1", inUse: false });
  await pass(1);
  const Filters = [{ Name: "status", Values: ["available"] }];
  const { NetworkInterfaces } = await ec2.send(new DescribeNetworkInterfacesCommand({ Filters }));
  expect(present(NetworkInterfaces).map((each) => each.NetworkInterfaceId)).toEqual([free]);
  await ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: free }));
  await refused(
    ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: used })),
    "InvalidParameterValue",
    /currently in use/,
  );
});
