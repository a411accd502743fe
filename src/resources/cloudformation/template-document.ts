import type { Parameter } from "@aws-sdk/client-cloudformation";
import type { Want } from "../../engine/kind.ts";
import type { Taint } from "../../kube/nodes.ts";
import type { GroupSize } from "../group-size.ts";
import { subnetsAtFirst } from "../node-subnets.ts";
import type { InstancesDistribution, StackDeps, StackSpec } from "./stack.ts";

/** A value that is filled in where the stack is made. */
interface Ref {
  readonly Ref: ParameterName;
}

type ParameterName =
  "DesiredCapacity" | "LaunchTemplate" | "LaunchTemplateVersion" | "MaxSize" | "MinSize" | "Role" | "Subnets";

/** AWS::AutoScaling::AutoScalingGroup, as far as nodegroups have it. */
interface AutoScalingGroup {
  readonly Type: "AWS::AutoScaling::AutoScalingGroup";
  readonly DependsOn?: "InstanceProfile";
  readonly Properties: {
    readonly MinSize: Ref;
    readonly MaxSize: Ref;
    readonly DesiredCapacity: Ref;
    readonly VPCZoneIdentifier: Ref;
    readonly LaunchTemplate?: LaunchTemplate;
    readonly MixedInstancesPolicy?: MixedInstancesPolicy;
    readonly CapacityRebalance?: boolean;
    readonly MaxInstanceLifetime?: number;
    readonly MetricsCollection?: readonly { readonly Granularity: string; readonly Metrics?: readonly string[] }[];
    readonly TargetGroupARNs?: readonly string[];
    readonly LoadBalancerNames?: readonly string[];
    readonly Tags: readonly { readonly Key: string; readonly Value: string; readonly PropagateAtLaunch: boolean }[];
  };
}
interface LaunchTemplate {
  readonly LaunchTemplateId: Ref;
  readonly Version: Ref;
}
interface MixedInstancesPolicy {
  readonly LaunchTemplate: {
    readonly LaunchTemplateSpecification: LaunchTemplate;
    readonly Overrides: readonly { readonly InstanceType: string }[];
  };
  readonly InstancesDistribution: {
    readonly OnDemandBaseCapacity?: number;
    readonly OnDemandPercentageAboveBaseCapacity?: number;
    readonly SpotAllocationStrategy?: string;
    readonly SpotInstancePools?: number;
    readonly SpotMaxPrice?: string;
  };
}
/** AWS::IAM::InstanceProfile. */
interface InstanceProfile {
  readonly Type: "AWS::IAM::InstanceProfile";
  readonly Properties: {
    readonly InstanceProfileName: string;
    readonly Path: string;
    readonly Roles: readonly [Ref];
  };
}
/** What nodes register with. */
export interface Registration {
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
}
interface Template {
  readonly AWSTemplateFormatVersion: "2010-09-09";
  readonly Description: string;
  /** Remembered, to know which of a live node's labels and taints are ours. */
  readonly Metadata: { readonly Registration: Registration };
  readonly Parameters: Readonly<Partial<Record<ParameterName, { readonly Type: string }>>>;
  readonly Resources: { readonly InstanceProfile?: InstanceProfile; readonly NodeGroup: AutoScalingGroup };
  readonly Outputs: { readonly AutoScalingGroup: { readonly Value: { readonly Ref: "NodeGroup" } } };
}

const ref = (Ref: ParameterName): Ref => ({ Ref });
const launchTemplate: LaunchTemplate = {
  LaunchTemplateId: ref("LaunchTemplate"),
  Version: ref("LaunchTemplateVersion"),
};

/**
 * The stack's template. What AWS makes up, and what an autoscaler may change, are parameters. It has no update policy: CloudFormation
 * replaces no nodes.
 */
export function templateOf(spec: StackSpec): string {
  const profile = spec.instanceProfile;
  const text = { Type: "String" };
  const number = { Type: "Number" };
  const template: Template = {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: spec.description,
    Metadata: { Registration: spec.registration },
    Parameters: {
      DesiredCapacity: number,
      LaunchTemplate: text,
      LaunchTemplateVersion: text,
      MaxSize: number,
      MinSize: number,
      ...(profile && { Role: text }),
      Subnets: { Type: "List<AWS::EC2::Subnet::Id>" },
    },
    Resources: {
      ...(profile && {
        InstanceProfile: {
          Type: "AWS::IAM::InstanceProfile",
          Properties: { InstanceProfileName: profile.name, Path: profile.path, Roles: [ref("Role")] },
        },
      }),
      NodeGroup: nodeGroup(spec),
    },
    Outputs: { AutoScalingGroup: { Value: { Ref: "NodeGroup" } } },
  };
  return JSON.stringify(template);
}

function nodeGroup(spec: StackSpec): AutoScalingGroup {
  const { instancesDistribution, capacityRebalance, maxInstanceLifetime, metricsCollection } = spec;
  return {
    Type: "AWS::AutoScaling::AutoScalingGroup",
    // The launch template names the profile, of which CloudFormation knows nothing.
    ...(spec.instanceProfile && { DependsOn: "InstanceProfile" }),
    Properties: {
      MinSize: ref("MinSize"),
      MaxSize: ref("MaxSize"),
      DesiredCapacity: ref("DesiredCapacity"),
      VPCZoneIdentifier: ref("Subnets"),
      ...(instancesDistribution
        ? { MixedInstancesPolicy: mixedInstances(instancesDistribution) }
        : { LaunchTemplate: launchTemplate }),
      ...(capacityRebalance !== undefined && { CapacityRebalance: capacityRebalance }),
      ...(maxInstanceLifetime !== undefined && { MaxInstanceLifetime: maxInstanceLifetime }),
      ...(metricsCollection.length > 0 && {
        MetricsCollection: metricsCollection.map(({ granularity, metrics }) => ({
          Granularity: granularity,
          ...(metrics && { Metrics: metrics }),
        })),
      }),
      ...(spec.targetGroupArns.length > 0 && { TargetGroupARNs: spec.targetGroupArns }),
      ...(spec.loadBalancerNames.length > 0 && { LoadBalancerNames: spec.loadBalancerNames }),
      Tags: Object.entries(spec.groupTags).map(([Key, Value]) => ({ Key, Value, PropagateAtLaunch: !isOfGroup(Key) })),
    },
  };
}

/** What Cluster Autoscaler reads of the group is nothing of its instances. */
function isOfGroup(tag: string): boolean {
  return tag.startsWith("k8s.io/cluster-autoscaler/");
}

function mixedInstances(distribution: InstancesDistribution): MixedInstancesPolicy {
  const { instanceTypes, maxPrice, onDemandBaseCapacity, onDemandPercentageAboveBaseCapacity } = distribution;
  const { spotAllocationStrategy, spotInstancePools } = distribution;
  return {
    LaunchTemplate: {
      LaunchTemplateSpecification: launchTemplate,
      Overrides: instanceTypes.map((InstanceType) => ({ InstanceType })),
    },
    InstancesDistribution: {
      ...(onDemandBaseCapacity !== undefined && { OnDemandBaseCapacity: onDemandBaseCapacity }),
      ...(onDemandPercentageAboveBaseCapacity !== undefined && {
        OnDemandPercentageAboveBaseCapacity: onDemandPercentageAboveBaseCapacity,
      }),
      ...(spotAllocationStrategy !== undefined && { SpotAllocationStrategy: spotAllocationStrategy }),
      ...(spotInstancePools !== undefined && { SpotInstancePools: spotInstancePools }),
      ...(maxPrice !== undefined && { SpotMaxPrice: maxPrice.toFixed(6) }),
    },
  };
}

/** What nodes registered with when the template was sent; undefined in one that does not say it. */
export function registeredIn(template: string): Registration | undefined {
  return (JSON.parse(template) as Partial<Template>).Metadata?.Registration;
}

/** What a template says of the group, and not what it remembers. */
export function describedIn(template: string): unknown {
  const { Metadata: _, ...rest } = JSON.parse(template) as Partial<Template>;
  return rest;
}

/** The types of a mixed instances policy; none where the launch template says the one. */
export function instanceTypesIn(template: string): readonly string[] {
  const { Resources } = JSON.parse(template) as Partial<Template>;
  const { MixedInstancesPolicy } = Resources?.NodeGroup.Properties ?? {};
  return MixedInstancesPolicy?.LaunchTemplate.Overrides.map(({ InstanceType }) => InstanceType) ?? [];
}

export function parametersOf({ spec, deps }: Want<StackSpec, StackDeps>, size: GroupSize): Parameter[] {
  const [role] = deps.role;
  const values: Readonly<Partial<Record<ParameterName, string>>> = {
    ...sizeParameters(size),
    LaunchTemplate: deps.launchTemplate.id,
    LaunchTemplateVersion: String(deps.launchTemplate.latestVersion),
    ...(spec.instanceProfile && role && { Role: role.name }),
    Subnets: subnetsAtFirst(spec, deps.subnets).toSorted().join(","),
  };
  return Object.entries(values).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
}

/** Those of a live stack, with the size that its group has by now, and another version of its launch template. */
export function parametersWith(
  live: Readonly<Record<string, string>>,
  size: GroupSize,
  launchTemplateVersion: number,
): Parameter[] {
  const values = { ...live, ...sizeParameters(size), LaunchTemplateVersion: String(launchTemplateVersion) };
  return Object.entries(values).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
}

/** The ids of the subnets of a live stack. */
export function subnetsIn(parameters: Readonly<Record<string, string>>): readonly string[] {
  return (parameters["Subnets"] ?? "")
    .split(",")
    .filter((id) => id !== "")
    .toSorted();
}

function sizeParameters({ minSize, maxSize, desiredCapacity }: GroupSize) {
  return { DesiredCapacity: String(desiredCapacity), MaxSize: String(maxSize), MinSize: String(minSize) };
}
