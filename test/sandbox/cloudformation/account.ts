import {
  CreateStackCommand,
  type CreateStackInput,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  paginateDescribeStackEvents,
  type StackEvent,
} from "@aws-sdk/client-cloudformation";
import { CreateLaunchTemplateCommand, type RequestLaunchTemplateData } from "@aws-sdk/client-ec2";
import { type Account, type Ground, ground, present } from "../eks/account.ts";

type Members = Record<string, unknown>;

const trust = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
};

/** A role, and a profile that holds it. */
export function profileTemplate(role: Members = {}, more: Members = {}): string {
  return JSON.stringify({
    Description: "A profile",
    Parameters: { Path: { Type: "String", Default: "/nodes/" } },
    Resources: {
      Profile: {
        Type: "AWS::IAM::InstanceProfile",
        Properties: { Path: { Ref: "Path" }, Roles: [{ Ref: "Role" }] },
      },
      Role: { Type: "AWS::IAM::Role", Properties: { AssumeRolePolicyDocument: trust, ...role } },
    },
    Outputs: {
      Profile: { Value: { "Fn::GetAtt": ["Profile", "Arn"] }, Export: { Name: { "Fn::Sub": "${AWS::StackName}::P" } } },
    },
    ...more,
  });
}

/** A group of nodes, launched from the template of that id. */
export function groupTemplate(properties: Members = {}, more: Members = {}): string {
  return JSON.stringify({
    Parameters: {
      Template: { Type: "String" },
      Version: { Type: "String", Default: "1" },
      Subnets: { Type: "List<AWS::EC2::Subnet::Id>" },
    },
    Resources: {
      Nodes: {
        Type: "AWS::AutoScaling::AutoScalingGroup",
        Properties: {
          LaunchTemplate: { LaunchTemplateId: { Ref: "Template" }, Version: { Ref: "Version" } },
          MinSize: "1",
          MaxSize: "4",
          DesiredCapacity: "2",
          VPCZoneIdentifier: { Ref: "Subnets" },
          ...properties,
        },
        ...more,
      },
    },
    Outputs: { Group: { Value: { Ref: "Nodes" } } },
  });
}

async function makeLaunchTemplate({ ec2 }: Account, data: RequestLaunchTemplateData = {}): Promise<string> {
  const { LaunchTemplate } = await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: "nodes",
      LaunchTemplateData: { ImageId: "ami-0123", InstanceType: "m5.large", ...data },
    }),
  );
  return present(LaunchTemplate?.LaunchTemplateId);
}

export interface GroupGround extends Ground {
  readonly parameters: { readonly ParameterKey: string; readonly ParameterValue: string }[];
}

/** An account with what a group of nodes needs. */
export async function groupGround(): Promise<GroupGround> {
  const here = await ground();
  const parameters = [
    { ParameterKey: "Template", ParameterValue: await makeLaunchTemplate(here) },
    { ParameterKey: "Subnets", ParameterValue: here.subnetIds.join(",") },
  ];
  return { ...here, parameters };
}

export async function createStack({ cloudformation }: Account, input: Partial<CreateStackInput>): Promise<void> {
  await cloudformation.send(
    new CreateStackCommand({ StackName: "s", Capabilities: ["CAPABILITY_NAMED_IAM"], ...input }),
  );
}

export async function describeStack({ cloudformation }: Account, StackName = "s") {
  return present((await cloudformation.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0]);
}

/** Physical ids by logical ones. */
export async function resourcesOf({ cloudformation }: Account, StackName = "s") {
  const { StackResources = [] } = await cloudformation.send(new DescribeStackResourcesCommand({ StackName }));
  return Object.fromEntries(StackResources.map((each) => [each.LogicalResourceId, each.PhysicalResourceId]));
}

/** The oldest first, as `Nodes CREATE_COMPLETE`. */
export async function eventsOf(here: Account, StackName = "s"): Promise<string[]> {
  return (await fullEvents(here, StackName)).map((each) => `${each.LogicalResourceId} ${each.ResourceStatus}`);
}

export async function fullEvents({ cloudformation }: Account, StackName = "s"): Promise<StackEvent[]> {
  const events: StackEvent[] = [];
  for await (const page of paginateDescribeStackEvents({ client: cloudformation }, { StackName })) {
    events.push(...(page.StackEvents ?? []));
  }
  return events.toReversed();
}
