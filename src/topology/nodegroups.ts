import { type Handle, part } from "../engine/graph.ts";
import { launchTemplateName } from "../aws/names.ts";
import { InputError } from "../errors.ts";
import { nodeLabels } from "../config/node-labels.ts";
import type { ManagedNodeGroup } from "../config/types.ts";
import { defaultInstanceTypes } from "../facts/needs.ts";
import type { InstanceType } from "../facts/types.ts";
import {
  launchTemplate,
  type LaunchTemplateSpec,
  type LaunchTemplateVolume,
} from "../resources/ec2/launch-template.ts";
import type { AddonAttrs } from "../resources/eks/addon.ts";
import type { ClusterAttrs } from "../resources/eks/cluster.ts";
import { nodegroup, type NodegroupAttrs, type NodegroupSpec } from "../resources/eks/nodegroup.ts";
import type { RoleAttrs } from "../resources/iam/role.ts";
import { addNodeAccessEntry } from "./access.ts";
import { managedPolicyArn, roleArn } from "./arns.ts";
import type { Network, ZoneNetwork } from "./network.ts";
import { joinPermissions, nodePermissions, type PermissionSet } from "./policies.ts";
import { addRole, ourRolePath, roleName } from "./roles.ts";
import type { Scope } from "./scope.ts";
import { addRule, addSecurityGroup, tcp } from "./security-groups.ts";

/** A nodegroup as the file has it, and with its defaults. */
interface Wanted {
  readonly config: ManagedNodeGroup;
  readonly full: ManagedNodeGroup;
  readonly name: string;
}

export function addNodegroups(
  scope: Scope,
  network: Network,
  cluster: Handle<ClusterAttrs>,
  addons: readonly Handle<AddonAttrs>[],
): readonly Handle<NodegroupAttrs>[] {
  const defaults = new Map(scope.full.managedNodeGroups.map((group) => [group.name, group]));
  return (scope.config.managedNodeGroups ?? []).map((config) => {
    const full = defaults.get(config.name) ?? config;
    return addNodegroup(scope, network, cluster, addons, { config, full, name: config.name });
  });
}

function addNodegroup(
  scope: Scope,
  network: Network,
  cluster: Handle<ClusterAttrs>,
  addons: readonly Handle<AddonAttrs>[],
  wanted: Wanted,
): Handle<NodegroupAttrs> {
  const { config, full, name } = wanted;
  const types = instanceTypes(scope, config);
  // One on-demand type lives in the template, where it can be changed; EKS takes spot's and several types itself.
  const typeInTemplate = types.length === 1 && full.spot !== true ? types[0] : undefined;
  const zones = zonesOf(network, wanted);
  const node = nodeRole(scope, cluster, wanted);
  const template = addLaunchTemplate(scope, network, cluster, wanted, typeInTemplate?.name);
  const tags = nodegroupTags(scope, wanted);
  return scope.graph.add(nodegroup, {
    id: `nodegroup/${name}`,
    name,
    spec: nodegroupSpec(scope, config, types, typeInTemplate === undefined, tags),
    initially: nodegroupSpec(scope, full, types, typeInTemplate === undefined, tags),
    deps: {
      cluster,
      role: node.role,
      subnets: zones.map((zone) => (full.privateNetworking ? zone.privateSubnet : zone.publicSubnet)),
      launchTemplate: template,
    },
    after: [
      // Nodes become ready only with a CNI, and join only when let in and with a way out.
      ...addons.map((on) => ({ on, until: "created" }) as const),
      ...(node.accessEntry ? [{ on: node.accessEntry, until: "ready" } as const] : []),
      ...(full.privateNetworking ? zones.map((zone) => zone.privateRoutes) : [network.publicRoutes]).map(
        (on) => ({ on, until: "ready" }) as const,
      ),
    ],
  });
}

function nodegroupTags(scope: Scope, { config, name }: Wanted) {
  return scope.tags(`nodegroup/${name}`, {
    "alpha.eksctl.io/nodegroup-name": name,
    "alpha.eksctl.io/nodegroup-type": "managed",
    ...config.tags,
  });
}

function nodegroupSpec(
  scope: Scope,
  group: ManagedNodeGroup,
  types: readonly InstanceType[],
  typesOnNodegroup: boolean,
  tags: NodegroupSpec["tags"],
): NodegroupSpec {
  return {
    amiType: amiType(group, types),
    spot: group.spot === true,
    ...(typesOnNodegroup ? { instanceTypes: types.map((type) => type.name) } : {}),
    ...(group.minSize === undefined ? {} : { minSize: group.minSize }),
    ...(group.maxSize === undefined ? {} : { maxSize: group.maxSize }),
    ...(group.desiredCapacity === undefined ? {} : { desiredCapacity: group.desiredCapacity }),
    labels: { ...group.labels, ...nodeLabels(scope.name, group.name) },
    taints: group.taints ?? [],
    ...(group.updateConfig === undefined ? {} : { updateConfig: group.updateConfig }),
    ...(group.nodeRepairConfig === undefined ? {} : { nodeRepairConfig: group.nodeRepairConfig }),
    ...(group.releaseVersion === undefined ? {} : { releaseVersion: group.releaseVersion }),
    tags,
  };
}

/** The file's types, or the first default type that the region offers. */
function instanceTypes(scope: Scope, group: ManagedNodeGroup): readonly InstanceType[] {
  const named = group.instanceTypes ?? (group.instanceType === undefined ? undefined : [group.instanceType]);
  const known = scope.facts.instanceTypes;
  if (named === undefined) {
    const chosen = defaultInstanceTypes.map((name) => known[name]).find((type) => type !== undefined);
    if (chosen === undefined) {
      throw new InputError(`${scope.region} offers none of ${defaultInstanceTypes.join(", ")}`, {
        hint: `set instanceType of the nodegroup ${group.name}`,
      });
    }
    return [chosen];
  }
  const missing = named.filter((name) => known[name] === undefined);
  if (missing.length > 0) {
    throw new InputError(`nodegroup ${group.name}: ${scope.region} does not offer ${missing.join(", ")}`, {
      hint: "check the spelling, or choose a type that the region offers",
    });
  }
  const types = named.flatMap((name) => known[name] ?? []);
  if (new Set(types.map((type) => type.architecture)).size > 1) {
    throw new InputError(`nodegroup ${group.name}: its instance types are of different architectures`, {
      hint: "use one nodegroup for x86_64 types and another for arm64 types",
    });
  }
  return types;
}

/** EKS's AMI type for a family and what the instances are; the first accelerated type decides. */
function amiType(group: ManagedNodeGroup, types: readonly InstanceType[]): string {
  const arm = types[0]?.architecture === "arm64";
  const accelerator = types.find((type) => type.accelerator !== "none")?.accelerator ?? "none";
  if (group.amiFamily === "Bottlerocket") {
    return `BOTTLEROCKET_${arm ? "ARM_64" : "x86_64"}${accelerator === "nvidia" ? "_NVIDIA" : ""}`;
  }
  const variant = { none: "STANDARD", nvidia: "NVIDIA", neuron: "NEURON" }[accelerator];
  if (arm && accelerator === "neuron") {
    throw new InputError(`nodegroup ${group.name}: AmazonLinux2023 has no AMI for Neuron on arm64`);
  }
  return `AL2023_${arm ? "ARM_64" : "x86_64"}_${variant}`;
}

function zonesOf(network: Network, { config, name }: Wanted): readonly ZoneNetwork[] {
  const named = config.availabilityZones ?? config.subnets;
  if (named === undefined || named.length === 0) return network.zones;
  return named.map((wanted) => {
    const zone = network.zones.find((one) => one.zone === wanted);
    if (zone) return zone;
    throw new InputError(`nodegroup ${name}: the cluster has no subnet in ${wanted}`, {
      hint: `choose from ${network.zones.map((one) => one.zone).join(", ")}`,
    });
  });
}

interface NodeRole {
  readonly role: Handle<Pick<RoleAttrs, "arn">>;
  /** EKS makes the entry of a given role itself. */
  readonly accessEntry?: Handle<unknown>;
}

function nodeRole(scope: Scope, cluster: Handle<ClusterAttrs>, { config, name }: Wanted): NodeRole {
  const label = `nodegroup/${name}`;
  if (config.iam?.instanceRoleARN !== undefined) {
    return { role: scope.graph.given(`role/${label}`, { arn: config.iam.instanceRoleARN }) };
  }
  const configMapOnly = authenticationMode(scope) === "CONFIG_MAP";
  // aws-auth, which EKS writes in that mode, cannot carry a path.
  const path = configMapOnly ? "/" : ourRolePath(scope);
  const awsName = config.iam?.instanceRoleName ?? roleName(scope, label);
  const role = addRole(scope, {
    label,
    description: `Nodes of ${name} in the EKS cluster ${scope.name}`,
    trust: { kind: "service", services: ["ec2.amazonaws.com"], tagSession: false },
    permissions: nodeRolePermissions(scope, config),
    permissionsBoundary: config.iam?.instanceRolePermissionsBoundary,
    name: awsName,
    path,
  });
  if (configMapOnly) return { role };
  const accessEntry = addNodeAccessEntry(scope, cluster, name, role, roleArn(scope.facts, path, awsName));
  return { role, accessEntry };
}

function authenticationMode(scope: Scope): string | undefined {
  return scope.config.accessConfig?.authenticationMode ?? scope.facts.cluster?.authenticationMode;
}

function nodeRolePermissions(scope: Scope, config: ManagedNodeGroup): PermissionSet {
  const standard = ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonSSMManagedInstanceCore"];
  // With an identity provider the CNI has a role of its own.
  if (!scope.full.iam.withOIDC) standard.push("AmazonEKS_CNI_Policy");
  const listed = config.iam?.attachPolicyARNs;
  const base = listed ?? standard.map((name) => managedPolicyArn(scope.facts, name));
  return joinPermissions(
    { managedPolicyArns: base, inlinePolicies: {} },
    nodePermissions(scope.facts, config.iam?.withAddonPolicies),
  );
}

function addLaunchTemplate(
  scope: Scope,
  network: Network,
  cluster: Handle<ClusterAttrs>,
  wanted: Wanted,
  instanceType: string | undefined,
) {
  const { config, full, name } = wanted;
  const sshGroup = full.ssh?.allow === true ? addSshSecurityGroup(scope, network, wanted) : undefined;
  const given = config.securityGroups?.attachIDs ?? [];
  // EKS adds the cluster's group by itself only while the template names none.
  const groups =
    (sshGroup ?? given.length > 0) ? [part(cluster, "securityGroup"), ...(sshGroup ? [sshGroup] : [])] : [];
  const spec = (group: ManagedNodeGroup, type: string | undefined): LaunchTemplateSpec => ({
    ...(type === undefined ? {} : { instanceType: type }),
    volumes: volumes(group),
    ...(group.ssh?.publicKeyName === undefined ? {} : { keyName: group.ssh.publicKeyName }),
    securityGroupIds: given,
    imds: {
      tokens: full.disableIMDSv1 === false ? "optional" : "required",
      hopLimit: full.disablePodIMDS === true ? 1 : 2,
    },
    ...(group.ebsOptimized === undefined ? {} : { ebsOptimized: group.ebsOptimized }),
    ...(group.enableDetailedMonitoring === undefined ? {} : { detailedMonitoring: group.enableDetailedMonitoring }),
    launchTags: { ...nodegroupTags(scope, wanted), Name: instanceName(scope, config) },
    tags: scope.tags(`launch-template/${name}`),
  });
  const typeIsNamed = config.instanceType !== undefined || config.instanceTypes !== undefined;
  return scope.graph.add(launchTemplate, {
    id: `launch-template/${name}`,
    name: launchTemplateName({ region: scope.region, cluster: scope.name }, name),
    spec: spec(withPerformance(wanted), typeIsNamed ? instanceType : undefined),
    initially: spec(full, instanceType),
    deps: { securityGroups: groups },
  });
}

/** Open on 22 to everyone, or to the VPC where the nodes are private. */
function addSshSecurityGroup(scope: Scope, network: Network, { full, name }: Wanted) {
  const label = `remote-access/${name}`;
  const group = addSecurityGroup(scope, network, label, `Allow SSH access to the nodes of ${name}`);
  const sources = full.privateNetworking
    ? [{ cidrIpv4: network.cidr }]
    : [{ cidrIpv4: "0.0.0.0/0" }, { cidrIpv6: "::/0" }];
  for (const source of sources) {
    const cidr = "cidrIpv4" in source ? source.cidrIpv4 : source.cidrIpv6;
    addRule(scope, `${label}/${cidr}`, { ...tcp(22), ...source, description: `SSH from ${cidr}` }, group);
  }
  return group;
}

function instanceName(scope: Scope, config: ManagedNodeGroup): string {
  const name = config.instanceName ?? `${scope.name}-${config.name}-Node`;
  return config.instancePrefix === undefined ? name : `${config.instancePrefix}-${name}`;
}

/** Who names a volume type also means its usual performance, where the file does not say otherwise. */
function withPerformance({ config, full }: Wanted): ManagedNodeGroup {
  const { volumeIOPS, volumeThroughput } = full;
  if (config.volumeType === undefined) return config;
  return {
    ...config,
    ...(volumeIOPS === undefined ? {} : { volumeIOPS }),
    ...(volumeThroughput === undefined ? {} : { volumeThroughput }),
  };
}

function volumes(group: ManagedNodeGroup): readonly LaunchTemplateVolume[] {
  const bottlerocket = group.amiFamily === "Bottlerocket";
  const encryption = {
    ...(group.volumeEncrypted === undefined ? {} : { encrypted: group.volumeEncrypted }),
    ...(group.volumeKmsKeyID === undefined ? {} : { kmsKeyId: group.volumeKmsKeyID }),
  };
  const main: LaunchTemplateVolume = {
    device: bottlerocket ? "/dev/xvdb" : "/dev/xvda",
    ...(group.volumeSize === undefined ? {} : { size: group.volumeSize }),
    ...(group.volumeType === undefined ? {} : { type: group.volumeType }),
    ...(group.volumeIOPS === undefined ? {} : { iops: group.volumeIOPS }),
    ...(group.volumeThroughput === undefined ? {} : { throughput: group.volumeThroughput }),
    ...encryption,
  };
  // Bottlerocket's images have a volume for the system beside the one for data.
  return bottlerocket && group.volumeEncrypted === true ? [main, { device: "/dev/xvda", ...encryption }] : [main];
}
