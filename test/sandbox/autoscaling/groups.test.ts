import {
  AttachLoadBalancerTargetGroupsCommand,
  CreateAutoScalingGroupCommand,
  type CreateAutoScalingGroupType,
  CreateOrUpdateTagsCommand,
  DeleteAutoScalingGroupCommand,
  DeleteTagsCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  DescribeScalingActivitiesCommand,
  DescribeTagsCommand,
  DetachLoadBalancerTargetGroupsCommand,
  DisableMetricsCollectionCommand,
  EnableMetricsCollectionCommand,
  paginateDescribeAutoScalingGroups,
  ResumeProcessesCommand,
  SetDesiredCapacityCommand,
  SuspendProcessesCommand,
  TerminateInstanceInAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  CreateLaunchTemplateCommand,
  DescribeInstancesCommand,
  type RequestLaunchTemplateData,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { UpdateNodegroupConfigCommand } from "@aws-sdk/client-eks";
import { CreateTargetGroupCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { AddRoleToInstanceProfileCommand, CreateInstanceProfileCommand } from "@aws-sdk/client-iam";
import { describe, expect, it } from "vitest";
import { clusterWithNodes, describeNodegroup, type Ground, ground, present, refused } from "../eks/account.ts";

const name = { AutoScalingGroupName: "nodes" };

async function makeTemplate({ ec2 }: Ground, data: RequestLaunchTemplateData = {}, called = "nodes"): Promise<string> {
  const { LaunchTemplate } = await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: called,
      LaunchTemplateData: { ImageId: "ami-0123", InstanceType: "m5.large", UserData: "aGVsbG8=", ...data },
    }),
  );
  return present(LaunchTemplate?.LaunchTemplateId);
}

async function create(here: Ground, changes: Partial<CreateAutoScalingGroupType> = {}) {
  const LaunchTemplateName = "nodes";
  await here.autoscaling.send(
    new CreateAutoScalingGroupCommand({
      ...name,
      LaunchTemplate: { LaunchTemplateName, Version: "1" },
      MinSize: 1,
      MaxSize: 4,
      DesiredCapacity: 2,
      VPCZoneIdentifier: here.subnetIds.join(","),
      ...changes,
    }),
  );
}

async function groupWith(changes: Partial<CreateAutoScalingGroupType> = {}): Promise<Ground> {
  const here = await ground();
  await makeTemplate(here);
  await create(here, changes);
  await here.pass(5);
  return here;
}

async function describeGroup({ autoscaling }: Ground) {
  const { AutoScalingGroups = [] } = await autoscaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ["nodes"] }),
  );
  return AutoScalingGroups[0];
}

async function runningInstances({ ec2 }: Ground) {
  const { Reservations = [] } = await ec2.send(
    new DescribeInstancesCommand({
      Filters: [
        { Name: "instance-state-name", Values: ["running"] },
        { Name: "tag:aws:autoscaling:groupName", Values: ["nodes"] },
      ],
    }),
  );
  return Reservations.flatMap(({ Instances = [] }) => Instances);
}

describe("a group", () => {
  it("runs as many instances as it desires, with its tags, spread over its subnets", async () => {
    const here = await groupWith({
      Tags: [
        { Key: "seen", Value: "1", PropagateAtLaunch: true },
        { Key: "hidden", Value: "1", PropagateAtLaunch: false },
      ],
    });
    const instances = await runningInstances(here);
    expect(new Set(instances.map(({ SubnetId }) => SubnetId))).toEqual(new Set(here.subnetIds));
    const keys = instances[0]?.Tags?.map(({ Key }) => Key);
    expect(keys).toContain("seen");
    expect(keys).not.toContain("hidden");
    expect(await describeGroup(here)).toMatchObject({ MinSize: 1, DesiredCapacity: 2, Instances: [{}, {}] });
    const { AutoScalingInstances } = await here.autoscaling.send(new DescribeAutoScalingInstancesCommand({}));
    expect(AutoScalingInstances).toHaveLength(2);
  });

  it("replaces what somebody terminates, and follows its desired capacity", async () => {
    const here = await groupWith();
    const [first] = await runningInstances(here);
    await here.ec2.send(new TerminateInstancesCommand({ InstanceIds: [present(first?.InstanceId)] }));
    await here.autoscaling.send(new SetDesiredCapacityCommand({ ...name, DesiredCapacity: 3 }));
    await here.pass(5);
    expect(await runningInstances(here)).toHaveLength(3);
    await here.autoscaling.send(new UpdateAutoScalingGroupCommand({ ...name, MaxSize: 1 }));
    expect(await runningInstances(here)).toHaveLength(1);
    const [last] = await runningInstances(here);
    const InstanceId = present(last?.InstanceId);
    const down = { InstanceId, ShouldDecrementDesiredCapacity: true };
    await refused(
      here.autoscaling.send(new TerminateInstanceInAutoScalingGroupCommand(down)),
      "ValidationError",
      "min",
    );
    await here.autoscaling.send(
      new TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity: false }),
    );
    await here.pass(5);
    expect((await runningInstances(here)).map((each) => each.InstanceId)).not.toContain(InstanceId);
  });

  it("does not do what is suspended", async () => {
    const here = await groupWith();
    await here.autoscaling.send(new SuspendProcessesCommand({ ...name, ScalingProcesses: ["Launch", "Terminate"] }));
    await here.autoscaling.send(new SetDesiredCapacityCommand({ ...name, DesiredCapacity: 4 }));
    await here.pass(120);
    expect(await runningInstances(here)).toHaveLength(2);
    const suspended = (await describeGroup(here))?.SuspendedProcesses?.map(({ ProcessName }) => ProcessName);
    expect(suspended).toEqual(["Launch", "Terminate"]);
    await here.autoscaling.send(new ResumeProcessesCommand(name));
    await here.pass(5);
    expect(await runningInstances(here)).toHaveLength(4);
    const unknown = here.autoscaling.send(new SuspendProcessesCommand({ ...name, ScalingProcesses: ["Sleep"] }));
    await refused(unknown, "ValidationError", "Sleep");
  });

  it("tries a launch that failed again, and says why it did", async () => {
    const here = await ground();
    await makeTemplate(here);
    here.sandbox.scenario({ shortages: [{ instanceType: "m5.large" }] });
    await create(here);
    const { Activities } = await here.autoscaling.send(new DescribeScalingActivitiesCommand(name));
    expect(Activities?.[0]).toMatchObject({ StatusCode: "Failed" });
    expect(Activities?.[0]?.StatusMessage).toMatch(/sufficient m5.large capacity.*Launching EC2 instance failed/);
    here.sandbox.scenario({});
    await here.pass(120);
    expect(await runningInstances(here)).toHaveLength(2);
  });

  it("goes when its instances have gone", async () => {
    const here = await groupWith();
    const drop = (ForceDelete: boolean) =>
      here.autoscaling.send(new DeleteAutoScalingGroupCommand({ ...name, ForceDelete }));
    await refused(drop(false), "ResourceInUseFault", "still in the group");
    await drop(true);
    expect(await describeGroup(here)).toMatchObject({ Status: "Delete in progress", Instances: [] });
    await refused(drop(true), "ValidationError", "pending delete");
    await here.pass(60);
    expect(await describeGroup(here)).toBeUndefined();
  });

  it("mixes types, on demand and Spot", async () => {
    const here = await groupWith({
      LaunchTemplate: undefined,
      MixedInstancesPolicy: {
        LaunchTemplate: {
          LaunchTemplateSpecification: { LaunchTemplateName: "nodes", Version: "$Latest" },
          Overrides: [{ InstanceType: "m5.xlarge" }, { InstanceType: "m5a.xlarge" }],
        },
        InstancesDistribution: { OnDemandBaseCapacity: 1, OnDemandPercentageAboveBaseCapacity: 0 },
      },
      DesiredCapacity: 3,
    });
    const instances = await runningInstances(here);
    expect(instances.map(({ InstanceType }) => InstanceType)).toEqual(["m5.xlarge", "m5.xlarge", "m5.xlarge"]);
    expect(instances.filter(({ InstanceLifecycle }) => InstanceLifecycle === "spot")).toHaveLength(2);
    expect(await describeGroup(here)).toMatchObject({
      MixedInstancesPolicy: { InstancesDistribution: { SpotAllocationStrategy: "lowest-price", SpotInstancePools: 2 } },
    });
  });

  it("collects metrics, and is registered with target groups", async () => {
    const here = await groupWith();
    const metrics = ["GroupMinSize", "GroupMaxSize"];
    await here.autoscaling.send(
      new EnableMetricsCollectionCommand({ ...name, Granularity: "1Minute", Metrics: metrics }),
    );
    await here.autoscaling.send(new DisableMetricsCollectionCommand({ ...name, Metrics: ["GroupMaxSize"] }));
    const { TargetGroups = [] } = await here.elbv2.send(
      new CreateTargetGroupCommand({ Name: "web", Protocol: "TCP", Port: 80, VpcId: here.vpcId }),
    );
    const TargetGroupARNs = TargetGroups.map(({ TargetGroupArn = "" }) => TargetGroupArn);
    await here.autoscaling.send(new AttachLoadBalancerTargetGroupsCommand({ ...name, TargetGroupARNs }));
    expect(await describeGroup(here)).toMatchObject({ EnabledMetrics: [{ Metric: "GroupMinSize" }], TargetGroupARNs });
    await here.autoscaling.send(new DetachLoadBalancerTargetGroupsCommand({ ...name, TargetGroupARNs }));
    expect((await describeGroup(here))?.TargetGroupARNs ?? []).toEqual([]);
    const absent = new AttachLoadBalancerTargetGroupsCommand({ ...name, TargetGroupARNs: ["arn:aws:x"] });
    await refused(here.autoscaling.send(absent), "ValidationError", "Target Groups");
  });

  it("has tags", async () => {
    const here = await groupWith();
    const tag = { ResourceId: "nodes", ResourceType: "auto-scaling-group", Key: "a" };
    const Tags = [{ ...tag, Value: "1", PropagateAtLaunch: true }];
    await here.autoscaling.send(new CreateOrUpdateTagsCommand({ Tags }));
    const filtered = new DescribeTagsCommand({ Filters: [{ Name: "key", Values: ["a"] }] });
    expect((await here.autoscaling.send(filtered)).Tags).toEqual(Tags);
    await here.autoscaling.send(new DeleteTagsCommand({ Tags: [tag] }));
    expect((await here.autoscaling.send(filtered)).Tags).toEqual([]);
  });
});

describe("what cannot be launched from", () => {
  it.each<[string, RequestLaunchTemplateData, Partial<CreateAutoScalingGroupType>, RegExp]>([
    ["a template without an image", { ImageId: undefined }, {}, /must contain the parameter ImageId/],
    ["a profile that is not there", { IamInstanceProfile: { Name: "p" } }, {}, /Invalid IAM Instance Profile name/],
    ["a group that is not there", { SecurityGroupIds: ["sg-0123"] }, {}, /security group 'sg-0123' does not exist/],
    ["a key that is not there", { KeyName: "k" }, {}, /key pair 'k' does not exist/],
    ["a version that is not there", {}, { LaunchTemplate: { LaunchTemplateName: "nodes", Version: "7" } }, /version 7/],
    ["no subnet", {}, { VPCZoneIdentifier: "" }, /VPC Subnet is required/],
    ["a subnet that is not there", {}, { VPCZoneIdentifier: "subnet-0123" }, /'subnet-0123' does not exist/],
    ["too much desired", {}, { DesiredCapacity: 9 }, /less than or equal to the max size:4/],
    ["a life too short", {}, { MaxInstanceLifetime: 3600 }, /86400/],
  ])("%s", async (_, data, changes, message) => {
    const here = await ground();
    await makeTemplate(here, data);
    await refused(create(here, changes), "ValidationError", message);
    expect(await describeGroup(here)).toBeUndefined();
  });

  it("waits for IAM to have told everyone about a profile", async () => {
    const here = await ground();
    await makeTemplate(here, { IamInstanceProfile: { Name: "p" } });
    await here.iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "p" }));
    await here.iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: "p", RoleName: "node" }));
    await refused(create(here), "ValidationError", "Invalid IAM Instance Profile");
    await here.pass(60);
    await create(here);
  });
});

describe("the groups of managed nodegroups", () => {
  it("are shown page by page beside others, and can be tagged", async () => {
    const here = await clusterWithNodes();
    await makeTemplate(here);
    const letters = ["a", "b", "c", "d", "e", "f"];
    for (const letter of letters) await create(here, { AutoScalingGroupName: letter, DesiredCapacity: 1 });
    const names: string[] = [];
    for await (const page of paginateDescribeAutoScalingGroups({ client: here.autoscaling }, {})) {
      names.push(...(page.AutoScalingGroups ?? []).map(({ AutoScalingGroupName = "" }) => AutoScalingGroupName));
    }
    const { resources } = await describeNodegroup(here);
    const managed = present(resources?.autoScalingGroups?.[0]?.name);
    expect(names).toEqual([...letters, managed]);
    const tag = { ResourceId: managed, ResourceType: "auto-scaling-group", Key: "k8s.io/x", Value: "1" };
    await here.autoscaling.send(new CreateOrUpdateTagsCommand({ Tags: [{ ...tag, PropagateAtLaunch: true }] }));
    const filter = { Name: "tag:k8s.io/x", Values: ["1"] };
    const found = await here.autoscaling.send(new DescribeAutoScalingGroupsCommand({ Filters: [filter] }));
    expect(found.AutoScalingGroups?.map((each) => each.AutoScalingGroupName)).toEqual([managed]);
  });

  it("keep what somebody suspended", async () => {
    const here = await clusterWithNodes();
    const { resources, scalingConfig } = await describeNodegroup(here);
    const AutoScalingGroupName = present(resources?.autoScalingGroups?.[0]?.name);
    const look = async () => {
      const { AutoScalingGroups: [group] = [] } = await here.autoscaling.send(
        new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [AutoScalingGroupName] }),
      );
      return { processes: group?.SuspendedProcesses?.map((each) => each.ProcessName), nodes: group?.Instances?.length };
    };
    const nodes = present(scalingConfig?.desiredSize);
    await here.autoscaling.send(new SuspendProcessesCommand({ AutoScalingGroupName, ScalingProcesses: ["Launch"] }));
    const clusterName = "c";
    const grow = { clusterName, nodegroupName: "ng", scalingConfig: { maxSize: nodes + 1, desiredSize: nodes + 1 } };
    await here.eks.send(new UpdateNodegroupConfigCommand(grow));
    await here.pass(120);
    expect(await look()).toEqual({ processes: ["Launch"], nodes });
    await here.autoscaling.send(new ResumeProcessesCommand({ AutoScalingGroupName, ScalingProcesses: ["Launch"] }));
    expect(await look()).toEqual({ processes: [], nodes });
  });
});
