import { ResumeProcessesCommand, SetDesiredCapacityCommand } from "@aws-sdk/client-auto-scaling";
import { DescribeStacksCommand, UpdateStackCommand } from "@aws-sdk/client-cloudformation";
import {
  CreateLaunchTemplateVersionCommand,
  DescribeLaunchTemplatesCommand,
  DescribeSubnetsCommand,
} from "@aws-sdk/client-ec2";
import type { AwsContext } from "../../../src/aws/context.ts";
import type { Live } from "../../../src/engine/kind.ts";
import { stack, type StackAttrs } from "../../../src/resources/cloudformation/stack.ts";
import { launchTemplate } from "../../../src/resources/ec2/launch-template.ts";
import { make, wanting } from "../driver.ts";
import { makeNodeGround, makeRole } from "../eks-network.ts";
import { row } from "./row.ts";

const tags = { Name: "demo", team: "blue" };

const templateSpec = {
  instanceType: "m5.large",
  imageId: "ami-0123456789abcdef0",
  volumes: [],
  securityGroupIds: [],
  imds: { tokens: "required", hopLimit: 2 },
  launchTags: { Name: "demo-workers-Node" },
  tags,
} as const;

async function makeTemplate(ctx: AwsContext, id: string) {
  const deps = { securityGroups: [], keyPair: [], cluster: [], placementGroup: [] };
  return (await make(launchTemplate, wanting(id, templateSpec, deps, id.replace("/", "-")), ctx)).attrs;
}

/** Somebody else's tag on the stack. */
export async function tagged({ ref }: Live<unknown>, { clients, clock }: AwsContext): Promise<string> {
  const { Stacks = [] } = await clients.cloudformation.send(new DescribeStacksCommand({ StackName: ref }));
  const [{ Parameters = [], Tags = [] } = {}] = Stacks;
  await clients.cloudformation.send(
    new UpdateStackCommand({
      StackName: ref,
      UsePreviousTemplate: true,
      Parameters: Parameters.map(({ ParameterKey }) => ({ ParameterKey, UsePreviousValue: true })),
      Tags: [...Tags, { Key: "auditor", Value: "ann" }],
      Capabilities: ["CAPABILITY_NAMED_IAM"],
    }),
  );
  await clock.sleep(60_000);
  return "auditor";
}

async function scaled({ attrs }: Live<StackAttrs>, { clients }: AwsContext): Promise<string> {
  const AutoScalingGroupName = attrs.group?.name;
  await clients.autoscaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 3 }));
  return "3 (scaled)";
}

async function templateId(name: string, { clients }: AwsContext): Promise<string> {
  const { LaunchTemplates = [] } = await clients.ec2.send(
    new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: [name] }),
  );
  return LaunchTemplates[0]?.LaunchTemplateId ?? "";
}

/** Coming nodes are told by a version of the template. */
async function registering(latestVersion: number, ctx: AwsContext) {
  const id = await templateId("launch-template-own", ctx);
  await addVersions(id, 1, ctx);
  const deps = { launchTemplate: { id, latestVersion, nodesVersion: 3 } };
  return { by: "registration", also: ["launchTemplateVersion"], deps } as const;
}

async function addVersions(LaunchTemplateId: string, count: number, { clients }: AwsContext): Promise<void> {
  const data = { SourceVersion: "1", LaunchTemplateData: { EbsOptimized: true } };
  for (let made = 0; made < count; made++) {
    await clients.ec2.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateId, ...data }));
  }
}

const stackRow = row({
  kind: stack,
  id: "nodegroup/workers",
  name: "ekstool-demo-nodegroup-workers",
  spec: {
    description: "Nodegroup workers",
    minSize: 1,
    maxSize: 4,
    desiredCapacity: 2,
    metricsCollection: [],
    registration: { labels: { tier: "web" }, taints: [] },
    targetGroupArns: [],
    loadBalancerNames: [],
    groupTags: { Name: "demo-workers-Node" },
    suspendedProcesses: ["AZRebalance"],
    instanceProfile: { name: "demo-workers", path: "/ekstool/us-west-2/demo/" },
    tags,
  },
  async ground(ctx) {
    const { role, subnets } = await makeNodeGround(ctx);
    const template = await makeTemplate(ctx, "launch-template/own");
    const { id, latestVersion, nodesVersion } = template;
    return {
      role: [{ name: role.arn.slice(role.arn.lastIndexOf("/") + 1) }],
      subnets,
      launchTemplate: { id, latestVersion, nodesVersion },
    };
  },
  again: "same",
  changes: {
    template: [
      { by: "stack", spec: { metricsCollection: [{ granularity: "1Minute", metrics: ["GroupMinSize"] }] } },
      { by: "stack", spec: { maxInstanceLifetime: 86_400 } },
      { by: "stack", spec: { instancesDistribution: { instanceTypes: ["m5.large", "m5a.large"] } } },
    ],
    minSize: [{ by: "stack", spec: { minSize: 0 } }],
    maxSize: [{ by: "stack", spec: { maxSize: 5 } }],
    // Nodes of this template never join: for a roll there are none.
    desiredCapacity: [
      { by: "stack", spec: { desiredCapacity: 1 } },
      { by: "stack", spec: { desiredCapacity: 0 } },
    ],
    suspendedProcesses: [
      { by: "processes", spec: { suspendedProcesses: [] } },
      { by: "processes", spec: { suspendedProcesses: ["HealthCheck"] } },
      {
        by: "processes",
        drift: ({ attrs }, { clients }) =>
          clients.autoscaling.send(new ResumeProcessesCommand({ AutoScalingGroupName: attrs.group?.name })),
      },
    ],
    role: [
      async (ctx) => {
        const { attrs } = await makeRole(ctx, "nodegroup/others", "ec2.amazonaws.com", []);
        return { by: "stack", deps: { role: [{ name: attrs.name }] } };
      },
    ],
    subnets: [
      async (ctx) => {
        const { clients } = ctx;
        const { Subnets = [] } = await clients.ec2.send(new DescribeSubnetsCommand({}));
        return { by: "stack", deps: { subnets: [{ id: Subnets[0]?.SubnetId ?? "" }] } };
      },
    ],
    launchTemplateVersion: [
      async (ctx) => {
        const id = await templateId("launch-template-own", ctx);
        await addVersions(id, 1, ctx);
        return { by: "stack", deps: { launchTemplate: { id, latestVersion: 2, nodesVersion: 1 } } };
      },
    ],
    nodesVersion: [
      async (ctx) => {
        const id = await templateId("launch-template-own", ctx);
        await addVersions(id, 1, ctx);
        const launchTemplate = { id, latestVersion: 3, nodesVersion: 3 };
        return { by: "roll", also: ["launchTemplateVersion"], deps: { launchTemplate } };
      },
    ],
    labels: [
      async (ctx) => ({
        ...(await registering(4, ctx)),
        spec: { registration: { labels: { tier: "api" }, taints: [] } },
      }),
    ],
    taints: [
      async (ctx) => ({
        ...(await registering(5, ctx)),
        spec: { registration: { labels: { tier: "api" }, taints: [{ key: "a", effect: "NoSchedule" }] } },
      }),
    ],
    launchTemplate: [
      async (ctx) => {
        const { id } = await makeTemplate(ctx, "launch-template/others");
        await addVersions(id, 4, ctx);
        return { by: "roll", deps: { launchTemplate: { id, latestVersion: 5, nodesVersion: 3 } } };
      },
    ],
    tags: [{ by: "stack", spec: { tags: { Name: "renamed" } } }],
  },
  others: { tags: tagged, desiredCapacity: scaled },
  overruled: ["desiredCapacity"],
});

export const cloudFormationRows = [stackRow];
