import { launchTemplateName, nameInArn, stackName } from "../aws/names.ts";
import type { Tags } from "../aws/tags.ts";
import { defaultAmiFamily } from "../config/default-values.ts";
import { selectsTypes } from "../config/instance-selector.ts";
import type { NodeGroup } from "../config/types.ts";
import type { Edge, Handle } from "../engine/graph.ts";
import { InputError } from "../errors.ts";
import type { InstanceType } from "../facts/types.ts";

import { stack, type StackAttrs, type StackSpec } from "../resources/cloudformation/stack.ts";
import { imageTags } from "../resources/ec2/launch-template-boot-document.ts";
import { launchTemplate, type LaunchTemplateAttrs, type LaunchTemplateSpec } from "../resources/ec2/launch-template.ts";
import type { AddonAttrs } from "../resources/eks/addon.ts";
import type { ClusterAttrs } from "../resources/eks/cluster.ts";
import { addGivenNodeAccessEntry } from "./access.ts";
import { addNodeMapping } from "./identity-mappings.ts";
import type { Network } from "./network.ts";
import { registrationOf, selfManagedBoot } from "./nodes/boot.ts";
import { decidingType } from "./nodes/ami-type.ts";
import { addFabricSecurityGroup, addPlacementGroup, efaInterfaces } from "./nodes/fabric.ts";
import { imageParameter } from "./nodes/image-parameter.ts";
import { instanceTypes, typesNamed } from "./nodes/instance-types.ts";
import { instanceName, templateSpec } from "./nodes/launch-template.ts";
import { entryType, nodeRole } from "./nodes/role.ts";
import { addKeyPair, addSshSecurityGroup } from "./nodes/ssh.ts";
import { routesOf, subnetChoice, subnetsOf } from "./nodes/subnets.ts";
import { withPerformance } from "./nodes/volumes.ts";
import { scalingGroupTags } from "./nodes/scaling-group-tags.ts";
import { nodegroupTags, type Wanted } from "./nodes/wanted.ts";
import { authenticationMode, ourRolePath, roleName } from "./roles.ts";
import type { Scope } from "./scope.ts";
import { addLocalNodeSecurityGroup, type Group } from "./security-groups.ts";

/** The groups that nodes of all nodegroups are joined by. */
interface SecurityGroups {
  readonly controlPlane: readonly Group[];
  readonly shared: Group;
}

/**
 * The self-managed nodegroups: each an Auto Scaling group in a stack, with what it is made from beside it. The stack holds
 * only the group and the instance profile.
 */
export function addSelfManagedNodegroups(
  scope: Scope,
  network: Network,
  cluster: Handle<ClusterAttrs>,
  addons: readonly Handle<AddonAttrs>[],
  groups: SecurityGroups,
): readonly Handle<StackAttrs>[] {
  const wanted = scope.config.nodeGroups ?? [];
  return wanted.map((config, index) => {
    const full = scope.full.nodeGroups[index] ?? config;
    const one = { config, full, name: config.name, type: "unmanaged" } as const;
    return addSelfManagedNodegroup({ scope, network, cluster, addons, groups }, one);
  });
}

interface Surroundings {
  readonly scope: Scope;
  readonly network: Network;
  readonly cluster: Handle<ClusterAttrs>;
  readonly addons: readonly Handle<AddonAttrs>[];
  readonly groups: SecurityGroups;
}

function addSelfManagedNodegroup(around: Surroundings, wanted: Wanted<NodeGroup>): Handle<StackAttrs> {
  const { scope, network, cluster, addons } = around;
  const { config, full, name } = wanted;
  const types = instanceTypes(scope, typesNamed(config), full);
  const subnets = subnetsOf(network, wanted, types);
  const givenRole = givenRoleOf(scope, wanted);
  const node = nodeRole(scope, cluster, wanted, givenRole);
  const entry = node.accessEntry ?? letIn(around, config, node.arn);
  const template = addTemplate(around, wanted, types);
  return scope.graph.add(stack, {
    id: `nodegroup/${name}`,
    name: stackName({ region: scope.region, cluster: scope.name }, `nodegroup-${name}`),
    spec: stackSpec(scope, wanted, config, types),
    initially: stackSpec(scope, wanted, full, types),
    deps: { role: [node.role], subnets: subnets.map(({ subnet }) => subnet), launchTemplate: template },
    after: [
      // Nodes become ready only with a CNI, and join only when let in and with a way out.
      ...addons.map((on): Edge => ({ on, until: "created" })),
      ...(entry ? [{ on: entry, until: "ready" } as const] : []),
      ...routesOf(subnets).map((on): Edge => ({ on, until: "ready" })),
    ],
  });
}

/** The ARN of the role that the file gives the nodes, by itself or in an instance profile. */
function givenRoleOf({ facts }: Scope, { config, name }: Wanted<NodeGroup>): string | undefined {
  const { instanceRoleARN, instanceProfileARN } = config.iam ?? {};
  if (instanceProfileARN === undefined) return instanceRoleARN;
  const held = facts.instanceProfileRoles[instanceProfileARN];
  if (held === undefined) throw new InputError(`nodegroup ${name}: nothing is known of ${instanceProfileARN}`);
  if (instanceRoleARN === undefined || instanceRoleARN === held) return held;
  throw new InputError(`nodegroup ${name}: ${instanceProfileARN} holds the role ${held}, not ${instanceRoleARN}`, {
    hint: "leave iam.instanceRoleARN out: which role a profile holds is looked up",
  });
}

/** What lets in a given role, and without access entries any: nothing where EKS does so for a managed nodegroup. */
function letIn({ scope, cluster }: Surroundings, config: NodeGroup, arn: string): Handle<unknown> | undefined {
  const type = entryType(config);
  if (authenticationMode(scope) === "CONFIG_MAP") {
    return addNodeMapping(scope, cluster, arn, type === "EC2_WINDOWS" ? "windows" : "linux");
  }
  if (scope.config.managedNodeGroups?.some(({ iam }) => iam?.instanceRoleARN === arn)) return undefined;
  return addGivenNodeAccessEntry(scope, cluster, arn, type);
}

/**
 * The instance profile of the nodes: the file's, or one that the stack makes. Each given role has one of its own, so that nodes
 * are replaced when they get another role: they keep what they have been let in with.
 */
function profileOf(scope: Scope, { config, name }: Wanted<NodeGroup>): Profile {
  const { instanceRoleARN, instanceProfileARN } = config.iam ?? {};
  if (instanceProfileARN !== undefined) return { name: nameInArn(instanceProfileARN), made: undefined };
  const label = `nodegroup/${name}`;
  const ours = roleName(scope, instanceRoleARN === undefined ? label : `${label}/${nameInArn(instanceRoleARN)}`);
  return { name: ours, made: { name: ours, path: ourRolePath(scope) } };
}

interface Profile {
  readonly name: string;
  /** Absent: the profile exists. */
  readonly made: StackSpec["instanceProfile"];
}

function addTemplate(
  around: Surroundings,
  wanted: Wanted<NodeGroup>,
  types: readonly InstanceType[],
): Handle<LaunchTemplateAttrs> {
  const { scope, network, cluster, groups } = around;
  const { config, full, name } = wanted;
  const [first] = types;
  // What the file leaves open is a default, and not enforced.
  const isNamed =
    [config.instanceType, config.instancesDistribution].some((one) => one !== undefined) || selectsTypes(config);
  const { withShared, withLocal } = full.securityGroups ?? {};
  const efa = efaInterfaces(wanted, types);
  const joined = [
    ...(withShared === false ? [] : [groups.shared]),
    ...(withLocal === false ? [] : [addLocalNodeSecurityGroup(scope, network, groups.controlPlane[0], name)]),
    ...(full.ssh?.allow === true ? [addSshSecurityGroup(scope, network, wanted)] : []),
    ...(efa > 0 ? [addFabricSecurityGroup(scope, network, wanted)] : []),
  ];
  const key = addKeyPair(scope, wanted);
  const boot = { ...selfManagedBoot(scope, full, types), ...hardwareSpec(scope, wanted), efaInterfaces: efa };
  const remembered = imageMemory(wanted, types);
  const specOf = (group: NodeGroup, type: string | undefined): LaunchTemplateSpec => {
    const spec = templateSpec(scope, wanted, group, types, type, boot);
    return { ...spec, tags: { ...spec.tags, ...remembered } };
  };
  return scope.graph.add(launchTemplate, {
    id: `launch-template/${name}`,
    name: launchTemplateName({ region: scope.region, cluster: scope.name }, name),
    spec: specOf(withPerformance(wanted), isNamed ? first?.name : undefined),
    initially: specOf(full, first?.name),
    deps: {
      securityGroups: joined,
      keyPair: key ? [key] : [],
      cluster: [cluster],
      placementGroup: efa > 0 ? addPlacementGroup(scope, wanted) : [],
    },
  });
}

/** How `upgrade nodegroup` finds the image for another version, where the file leaves it open. */
function imageMemory({ full }: Wanted<NodeGroup>, types: readonly InstanceType[]): Tags {
  const { amiFamily = defaultAmiFamily, ami = "auto" } = full;
  const hardware = decidingType(types);
  if (ami.startsWith("ami-") || hardware === undefined) return {};
  return imageTags((version) => imageParameter(amiFamily, version, hardware));
}

function hardwareSpec(scope: Scope, wanted: Wanted<NodeGroup>): Partial<LaunchTemplateSpec> {
  const { config } = wanted;
  return {
    instanceProfile: profileOf(scope, wanted).name,
    ...(config.cpuCredits === undefined ? {} : { cpuCredits: config.cpuCredits }),
    ...(config.enclaveEnabled === undefined ? {} : { enclave: config.enclaveEnabled }),
  };
}

/** @param group what is said of the group: the file's words, or those with the defaults. */
function stackSpec(
  scope: Scope,
  wanted: Wanted<NodeGroup>,
  group: NodeGroup,
  types: readonly InstanceType[],
): StackSpec {
  const { config, full, name } = wanted;
  const { instancesDistribution } = config;
  const { capacityRebalance, ...distribution } = instancesDistribution ?? {};
  const { made } = profileOf(scope, wanted);
  return {
    description: `Nodegroup ${name} of the EKS cluster ${scope.name}`,
    ...(group.minSize === undefined ? {} : { minSize: group.minSize }),
    ...(group.maxSize === undefined ? {} : { maxSize: group.maxSize }),
    ...(group.desiredCapacity === undefined ? {} : { desiredCapacity: group.desiredCapacity }),
    ...(instancesDistribution === undefined && types.length === 1
      ? {}
      : { instancesDistribution: { ...distribution, instanceTypes: types.map((type) => type.name) } }),
    ...(capacityRebalance === undefined ? {} : { capacityRebalance }),
    ...(config.maxInstanceLifetime === undefined ? {} : { maxInstanceLifetime: config.maxInstanceLifetime }),
    ...subnetChoice(config),
    metricsCollection: config.asgMetricsCollection ?? [],
    registration: registrationOf(scope, full),
    targetGroupArns: config.targetGroupARNs ?? [],
    loadBalancerNames: config.classicLoadBalancerNames ?? [],
    groupTags: groupTags(scope, wanted, types),
    ...(config.asgSuspendProcesses === undefined ? {} : { suspendedProcesses: config.asgSuspendProcesses }),
    ...(made && { instanceProfile: made }),
    tags: nodegroupTags(scope, wanted),
  };
}

/** What Kubernetes' own controllers know the nodes by, and a cluster autoscaler the group. */
function groupTags(
  scope: Scope,
  wanted: Wanted<NodeGroup>,
  types: readonly InstanceType[],
): Readonly<Record<string, string>> {
  const { config } = wanted;
  return {
    Name: instanceName(scope, config),
    [`kubernetes.io/cluster/${scope.name}`]: "owned",
    ...(config.iam?.withAddonPolicies?.autoScaler === true
      ? { "k8s.io/cluster-autoscaler/enabled": "true", [`k8s.io/cluster-autoscaler/${scope.name}`]: "owned" }
      : {}),
    ...scalingGroupTags(scope, wanted, types),
  };
}
