import { DescribeAutoScalingGroupsCommand, SetDesiredCapacityCommand } from "@aws-sdk/client-auto-scaling";
import {
  DeleteStackCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  paginateDescribeStacks,
  UpdateStackCommand,
  type UpdateStackInput,
  UpdateTerminationProtectionCommand,
} from "@aws-sdk/client-cloudformation";
import { CreateLaunchTemplateVersionCommand, DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { GetInstanceProfileCommand, GetRoleCommand } from "@aws-sdk/client-iam";
import { describe, expect, it } from "vitest";
import { refusal } from "../clients.ts";
import { type Account, account, present, refused } from "../eks/account.ts";
import {
  createStack,
  describeStack,
  eventsOf,
  fullEvents,
  type GroupGround,
  groupGround,
  groupTemplate,
  profileTemplate,
  resourcesOf,
} from "./account.ts";

async function groupOf(here: Account, stack = "s") {
  const { Nodes: name = "" } = await resourcesOf(here, stack);
  const { AutoScalingGroups = [] } = await here.autoscaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
  );
  return present(AutoScalingGroups[0]);
}

async function update({ cloudformation }: Account, input: Partial<UpdateStackInput>) {
  const Capabilities = ["CAPABILITY_NAMED_IAM"] as const;
  await cloudformation.send(new UpdateStackCommand({ StackName: "s", Capabilities: [...Capabilities], ...input }));
}

async function stackWithNodes(properties: object = {}, more: object = {}): Promise<GroupGround> {
  const here = await groupGround();
  await createStack(here, { TemplateBody: groupTemplate({ ...properties }, { ...more }), Parameters: here.parameters });
  await here.pass(60);
  return here;
}

describe("a stack", () => {
  it("makes its resources in order, with its tags and what it gives out", async () => {
    const here = await account();
    await createStack(here, { TemplateBody: profileTemplate(), Tags: [{ Key: "team", Value: "blue" }] });
    expect((await describeStack(here)).StackStatus).toBe("CREATE_IN_PROGRESS");
    await here.pass(200);
    expect(await eventsOf(here)).toEqual([
      "s CREATE_IN_PROGRESS",
      "Role CREATE_IN_PROGRESS",
      "Role CREATE_IN_PROGRESS",
      "Role CREATE_COMPLETE",
      "Profile CREATE_IN_PROGRESS",
      "Profile CREATE_IN_PROGRESS",
      "Profile CREATE_COMPLETE",
      "s CREATE_COMPLETE",
    ]);
    const { Profile = "", Role = "" } = await resourcesOf(here);
    const { InstanceProfile } = await here.iam.send(new GetInstanceProfileCommand({ InstanceProfileName: Profile }));
    expect(InstanceProfile).toMatchObject({ Path: "/nodes/", Roles: [{ RoleName: Role }] });
    expect(InstanceProfile?.Tags).toContainEqual({ Key: "team", Value: "blue" });
    expect(InstanceProfile?.Tags).toContainEqual({ Key: "aws:cloudformation:logical-id", Value: "Profile" });
    const stack = await describeStack(here);
    expect(stack).toMatchObject({
      StackStatus: "CREATE_COMPLETE",
      Description: "A profile",
      Parameters: [{ ParameterKey: "Path", ParameterValue: "/nodes/" }],
      Outputs: [{ OutputKey: "Profile", OutputValue: InstanceProfile?.Arn, ExportName: "s::P" }],
    });
    const { TemplateBody } = await here.cloudformation.send(new GetTemplateCommand({ StackName: "s" }));
    expect(TemplateBody).toBe(profileTemplate());
    const { StackResourceSummaries } = await here.cloudformation.send(
      new ListStackResourcesCommand({ StackName: "s" }),
    );
    expect(StackResourceSummaries).toHaveLength(2);
  });

  it("takes its resources with it, and is shown by its id alone from then on", async () => {
    const here = await account();
    await createStack(here, { TemplateBody: profileTemplate() });
    await here.pass(200);
    const { StackId = "" } = await describeStack(here);
    const { Role = "" } = await resourcesOf(here);
    await here.cloudformation.send(new DeleteStackCommand({ StackName: "s" }));
    await here.pass(30);
    await refused(describeStack(here), "ValidationError", "Stack with id s does not exist");
    expect(await describeStack(here, StackId)).toMatchObject({ StackStatus: "DELETE_COMPLETE" });
    expect((await eventsOf(here, StackId)).slice(-5)).toEqual([
      "Profile DELETE_IN_PROGRESS",
      "Profile DELETE_COMPLETE",
      "Role DELETE_IN_PROGRESS",
      "Role DELETE_COMPLETE",
      "s DELETE_COMPLETE",
    ]);
    expect((await refusal(here.iam.send(new GetRoleCommand({ RoleName: Role })))).name).toBe("NoSuchEntityException");
    await here.cloudformation.send(new DeleteStackCommand({ StackName: "s" }));
    const { StackSummaries } = await here.cloudformation.send(
      new ListStacksCommand({ StackStatusFilter: ["DELETE_COMPLETE"] }),
    );
    expect(StackSummaries).toHaveLength(1);
  });

  it("that is protected stays", async () => {
    const here = await account();
    await createStack(here, { TemplateBody: profileTemplate(), EnableTerminationProtection: true });
    await here.pass(200);
    const drop = () => here.cloudformation.send(new DeleteStackCommand({ StackName: "s" }));
    await refused(drop(), "ValidationError", "TerminationProtection is enabled");
    await here.cloudformation.send(
      new UpdateTerminationProtectionCommand({ StackName: "s", EnableTerminationProtection: false }),
    );
    await drop();
  });

  it("goes back when a resource cannot be made, and says which and why", async () => {
    const here = await account();
    const policy = "arn:aws:iam::aws:policy/None";
    await createStack(here, { TemplateBody: profileTemplate({ ManagedPolicyArns: [policy] }) });
    await here.pass(30);
    const failed = (await fullEvents(here)).find(({ ResourceStatus }) => ResourceStatus === "CREATE_FAILED");
    expect(failed).toMatchObject({ LogicalResourceId: "Role" });
    expect(failed?.ResourceStatusReason).toMatch(
      /Resource handler returned message: ".*None.*HandlerErrorCode: NotFound/,
    );
    expect(await describeStack(here)).toMatchObject({ StackStatus: "ROLLBACK_COMPLETE" });
    await refused(update(here, { TemplateBody: profileTemplate() }), "ValidationError", "ROLLBACK_COMPLETE state");
    await here.cloudformation.send(new DeleteStackCommand({ StackName: "s" }));
    await here.pass(10);
    await createStack(here, { TemplateBody: profileTemplate() });
  });

  it("can be left as it is when a resource cannot be made", async () => {
    const here = await account();
    const roles = { ManagedPolicyArns: ["arn:aws:iam::aws:policy/None"] };
    await createStack(here, { TemplateBody: profileTemplate(roles), OnFailure: "DO_NOTHING" });
    await here.pass(30);
    expect((await describeStack(here)).StackStatus).toBe("CREATE_FAILED");
  });

  it("is one for each name, and for each token", async () => {
    const here = await account();
    await createStack(here, { TemplateBody: profileTemplate(), ClientRequestToken: "t" });
    await createStack(here, { TemplateBody: profileTemplate(), ClientRequestToken: "t" });
    await refused(
      createStack(here, { TemplateBody: profileTemplate() }),
      "AlreadyExistsException",
      /Stack \[s\] already exists/,
    );
  });

  it("is listed page by page", async () => {
    const here = await account();
    for (let count = 0; count < 7; count++) {
      await createStack(here, { StackName: `s${count}`, TemplateBody: profileTemplate() });
    }
    const names: string[] = [];
    for await (const page of paginateDescribeStacks({ client: here.cloudformation }, {})) {
      names.push(...(page.Stacks ?? []).map(({ StackName = "" }) => StackName));
    }
    expect(names).toHaveLength(7);
  });
});

describe("a stack with a group", () => {
  it("waits for the group to have its instances", async () => {
    const here = await groupGround();
    here.sandbox.scenario({ shortages: [{ instanceType: "m5.large" }] });
    await createStack(here, { TemplateBody: groupTemplate(), Parameters: here.parameters });
    await here.pass(600);
    expect((await describeStack(here)).StackStatus).toBe("CREATE_IN_PROGRESS");
    await here.pass(600);
    const failed = (await fullEvents(here)).find(({ ResourceStatus }) => ResourceStatus === "CREATE_FAILED");
    expect(failed?.ResourceStatusReason).toMatch(/Group did not stabilize.*= 0\/1\/4.*sufficient m5.large capacity/);
    expect((await describeStack(here)).StackStatus).toBe("ROLLBACK_COMPLETE");
  });

  it("gives its tags to group and instances, and changes what differs", async () => {
    const here = await stackWithNodes();
    expect(await groupOf(here)).toMatchObject({ DesiredCapacity: 2, Instances: [{}, {}] });
    const Tags = [{ Key: "team", Value: "blue" }];
    await refused(
      update(here, { UsePreviousTemplate: true, Parameters: previous(here) }),
      "ValidationError",
      "No updates are to be performed",
    );
    const metrics = [{ Granularity: "1Minute", Metrics: ["GroupMinSize"] }];
    const body = groupTemplate({ MaxSize: "6", DesiredCapacity: "3", MetricsCollection: metrics });
    await update(here, { TemplateBody: body, Parameters: here.parameters, Tags });
    await here.pass(30);
    expect((await describeStack(here)).StackStatus).toBe("UPDATE_COMPLETE");
    const group = await groupOf(here);
    expect(group).toMatchObject({ MaxSize: 6, DesiredCapacity: 3, EnabledMetrics: [{ Metric: "GroupMinSize" }] });
    expect(group.Tags).toContainEqual(expect.objectContaining({ Key: "team", Value: "blue", PropagateAtLaunch: true }));
  });

  it("sets the desired capacity that the template says, whatever it is by now", async () => {
    const here = await stackWithNodes();
    const { AutoScalingGroupName } = await groupOf(here);
    await here.autoscaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 4 }));
    await update(here, { TemplateBody: groupTemplate({ MaxSize: "5" }), Parameters: here.parameters });
    await here.pass(30);
    expect(await groupOf(here)).toMatchObject({ MaxSize: 5, DesiredCapacity: 2 });
  });

  it("replaces instances of an older template only with an update policy, a batch at a time", async () => {
    const policy = { UpdatePolicy: { AutoScalingRollingUpdate: { MaxBatchSize: 1 } } };
    for (const [more, rolled] of [
      [{}, 0],
      [policy, 2],
    ] as const) {
      const here = await stackWithNodes({}, more);
      const before = await idsOf(here);
      const LaunchTemplateData = { InstanceType: "m5.xlarge" } as const;
      await here.ec2.send(
        new CreateLaunchTemplateVersionCommand({
          LaunchTemplateName: "nodes",
          SourceVersion: "1",
          LaunchTemplateData,
        }),
      );
      const Parameters = [...previous(here), { ParameterKey: "Version", ParameterValue: "2" }];
      await update(here, { UsePreviousTemplate: true, Parameters });
      await here.pass(60);
      const during = await idsOf(here);
      expect(before.filter((id) => !during.includes(id))).toHaveLength(rolled / 2);
      await here.pass(300);
      expect((await describeStack(here)).StackStatus).toBe("UPDATE_COMPLETE");
      const after = await idsOf(here);
      expect(before.filter((id) => !after.includes(id))).toHaveLength(rolled);
      expect(after).toHaveLength(2);
    }
  });

  it("goes back when it cannot be changed", async () => {
    const here = await stackWithNodes();
    const body = groupTemplate({ MinSize: "9", DesiredCapacity: "9", MaxSize: "3" });
    await update(here, { TemplateBody: body, Parameters: here.parameters });
    await here.pass(60);
    expect(await describeStack(here)).toMatchObject({ StackStatus: "UPDATE_ROLLBACK_COMPLETE" });
    expect(await groupOf(here)).toMatchObject({ MaxSize: 4, DesiredCapacity: 2 });
    const { TemplateBody } = await here.cloudformation.send(new GetTemplateCommand({ StackName: "s" }));
    expect(TemplateBody).toBe(groupTemplate());
    await update(here, { TemplateBody: groupTemplate({ MaxSize: "5" }), Parameters: here.parameters });
  });

  it("goes when the instances have gone", async () => {
    const here = await stackWithNodes();
    await here.cloudformation.send(new DeleteStackCommand({ StackName: "s" }));
    await here.pass(6);
    expect((await describeStack(here)).StackStatus).toBe("DELETE_IN_PROGRESS");
    await here.pass(60);
    expect((await refusal(describeStack(here))).message).toMatch("does not exist");
    const running = { Name: "instance-state-name", Values: ["running"] };
    expect((await here.ec2.send(new DescribeInstancesCommand({ Filters: [running] }))).Reservations).toEqual([]);
  });
});

const previous = (here: GroupGround) =>
  here.parameters.map(({ ParameterKey }) => ({ ParameterKey, UsePreviousValue: true }));

async function idsOf(here: Account): Promise<string[]> {
  return ((await groupOf(here)).Instances ?? []).map(({ InstanceId = "" }) => InstanceId);
}

describe("what a template cannot be", () => {
  const role = (Properties: object) => ({ Role: { Type: "AWS::IAM::Role", Properties } });
  it.each<[string, object, string, RegExp]>([
    ["empty", { Resources: {} }, "ValidationError", /At least one Resources member/],
    ["of unknown sections", { Parts: {}, Resources: role({}) }, "ValidationError", /template property.*\[Parts\]/],
    [
      "of unknown types",
      { Resources: { A: { Type: "Mine" } } },
      "ValidationError",
      /Unrecognized resource types: \[Mine\]/,
    ],
    [
      "made from what is not there",
      { Resources: role({ Path: { Ref: "Nowhere" } }) },
      "ValidationError",
      /Unresolved resource dependencies \[Nowhere\] in the Resources block/,
    ],
    [
      "circular",
      { Resources: { A: { Type: "AWS::IAM::Role", DependsOn: "B" }, B: { Type: "AWS::IAM::Role", DependsOn: "A" } } },
      "ValidationError",
      /Circular dependency between resources: \[A, B\]/,
    ],
    [
      "short of parameters",
      { Parameters: { P: { Type: "String" } }, Resources: role({}) },
      "ValidationError",
      /Parameters: \[P\] must have values/,
    ],
  ])("%s", async (_, template, code, message) => {
    const here = await account();
    await refused(createStack(here, { TemplateBody: JSON.stringify(template) }), code, message);
  });

  it("of IAM resources without the capability for it", async () => {
    const here = await account();
    const plain = createStack(here, { TemplateBody: profileTemplate(), Capabilities: [] });
    await refused(plain, "InsufficientCapabilitiesException", "CAPABILITY_IAM");
    const named = createStack(here, {
      TemplateBody: profileTemplate({ RoleName: "mine" }),
      Capabilities: ["CAPABILITY_IAM"],
    });
    await refused(named, "InsufficientCapabilitiesException", "CAPABILITY_NAMED_IAM");
  });

  it("of properties that the type does not have: that is found while it is made", async () => {
    const here = await groupGround();
    await createStack(here, { TemplateBody: groupTemplate({ Shape: "round" }), Parameters: here.parameters });
    await here.pass(30);
    const failed = (await fullEvents(here)).find(({ ResourceStatus }) => ResourceStatus === "CREATE_FAILED");
    expect(failed?.ResourceStatusReason).toMatch(/extraneous key \[Shape\] is not permitted/);
  });
});
