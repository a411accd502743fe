import type {
  ArgoCdConfigRequest,
  ArgoCdRoleMapping,
  Capability,
  CapabilityIssue,
  CapabilityType,
  CreateCapabilityRequest,
  CreateCapabilityResponse,
  DeleteCapabilityRequest,
  DeleteCapabilityResponse,
  DescribeCapabilityRequest,
  DescribeCapabilityResponse,
  ListCapabilitiesRequest,
  ListCapabilitiesResponse,
  SsoIdentity,
  UpdateArgoCdConfig,
  UpdateCapabilityRequest,
  UpdateCapabilityResponse,
  UpdateRoleMappings,
} from "@aws-sdk/client-eks";
import type { Call } from "../../service.ts";
import { roleByArn } from "../iam/internal.ts";
import { clusterWithEntries } from "./access-entries.ts";
import { type AccessPolicyName } from "./access-policy-names.ts";
import { addCapabilityEntry } from "./access-records.ts";
import { askedBy, isRepeat } from "./asked.ts";
import { scheduleIn } from "./due.ts";
import { type About, invalidParameter, refuseUnsimulated, resourceInUse } from "./errors.ts";
import { capabilityOf, clusterOf, requireActive } from "./lookup.ts";
import { paged } from "./pages.ts";
import { eksArn, type Place, uuid } from "./place.ts";
import { assumableRole } from "./roles.ts";
import { issueOf, takeFailure } from "./scenario.ts";
import type { ArgoCdConfig, CapabilityConfig, CapabilityRecord, ClusterRecord } from "./state.ts";
import { checkedTags } from "./tag-rules.ts";
import { paramsOf, startedBefore, startUpdate, updateById, updateView } from "./updates.ts";

/** Versions of their software, as EKS shows them (EKS user guide, "Working with capability resources"). */
const versions: Readonly<Partial<Record<CapabilityType, string>>> = { KRO: "v0.6.3", ARGOCD: "3.1.8-eks-1" };

function createCapability(input: CreateCapabilityRequest, call: Call): CreateCapabilityResponse {
  const cluster = clusterWithEntries(call, input.clusterName);
  const { capabilityName: name = "", type = "ACK", roleArn = "" } = input;
  const about = { clusterName: cluster.name };
  const asked = askedBy(input);
  const { capabilities } = cluster;
  const there = Object.hasOwn(capabilities, name) ? capabilities[name] : undefined;
  if (there && isRepeat(there.asked, asked)) return { capability: capabilityView(cluster, there) };
  if (there) throw resourceInUse(`Capability ${name} already exists.`, about);
  if (Object.values(capabilities).some((each) => each.type === type)) {
    throw resourceInUse(`The cluster already has a capability of the type ${type}.`, about);
  }
  requireActive(cluster);
  assumableRole(call, roleArn, "capabilities.eks", about);
  refuseUnsimulated(input.configuration ?? {}, ["ack"]);
  const argoCd = checkedArgoCd(type, input.configuration?.argoCd, call, about);
  const now = call.world.now();
  const capability: CapabilityRecord = {
    name,
    type,
    arn: eksArn(call, `capability/${cluster.name}/${type.toLowerCase()}/${name}/${uuid(call)}`),
    createdAt: now,
    modifiedAt: now,
    tags: checkedTags(input.tags, about),
    asked,
    status: "CREATING",
    roleArn,
    argoCd,
    issues: [],
    updates: [],
  };
  capabilities[name] = capability;
  letIn(call, cluster, capability);
  schedule(call, cluster, name, "capabilityCreate", { what: "capability made" });
  return { capability: capabilityView(cluster, capability) };
}

/** Throws InvalidParameterException for Argo CD without what it needs, and for settings of Argo CD of another type. */
function checkedArgoCd(
  type: CapabilityType,
  asked: ArgoCdConfigRequest | undefined,
  place: Place,
  about: About,
): ArgoCdConfig | null {
  if (type !== "ARGOCD") {
    if (asked) throw invalidParameter(`A capability of the type ${type} takes no configuration of Argo CD.`, about);
    return null;
  }
  if (!asked?.awsIdc?.idcInstanceArn) {
    throw invalidParameter("A capability of the type ARGOCD needs an instance of IAM Identity Center.", about);
  }
  refuseUnsimulated(asked, ["endpointPrefix"]);
  return {
    namespace: asked.namespace ?? "argocd",
    awsIdc: asked.awsIdc,
    rbacRoleMappings: asked.rbacRoleMappings ?? [],
    vpceIds: asked.networkAccess?.vpceIds ?? [],
    serverUrl: `https://${place.world.hex(12)}.eks-capabilities.${place.region}.amazonaws.com`,
  };
}

function letIn(place: Place, cluster: ClusterRecord, capability: CapabilityRecord): void {
  addCapabilityEntry(place, cluster, capability.roleArn, neededPolicies(capability));
}

interface NeededPolicy {
  readonly name: AccessPolicyName;
  readonly namespace?: string;
}

function neededPolicies({ type, argoCd }: CapabilityRecord): readonly NeededPolicy[] {
  if (type === "ACK") return [{ name: "AmazonEKSACKPolicy" }];
  if (type === "KRO") return [{ name: "AmazonEKSKROPolicy" }];
  return [
    { name: "AmazonEKSArgoCDClusterPolicy" },
    { name: "AmazonEKSArgoCDPolicy", namespace: argoCd?.namespace ?? "argocd" },
  ];
}

type CapabilityDue = { what: "capability made" | "capability gone" } | { what: "capability updated"; update: string };

function schedule(
  call: Call,
  { name: cluster }: ClusterRecord,
  capability: string,
  duration: "capabilityCreate" | "capabilityUpdate" | "capabilityDelete",
  due: CapabilityDue,
): void {
  const ms = call.world.duration(duration, `${call.region}/${cluster}/${capability}`);
  scheduleIn(call, ms, { ...due, cluster, capability });
}

/** The time of its creation is over. */
export function capabilityMade(place: Place, cluster: ClusterRecord, capability: CapabilityRecord): void {
  const failure = takeFailure(place.world, "capability", capability.name);
  const issue = failure ? issueOf(failure) : issueWith(place, cluster, capability);
  capability.status = issue ? "CREATE_FAILED" : "ACTIVE";
  capability.issues = issue ? [issue] : [];
  capability.modifiedAt = place.world.now();
}

/** An access entry knows the role by its unique id: one that has outlived an older role of that name lets nobody in. */
function issueWith(
  { world }: Place,
  cluster: ClusterRecord,
  { roleArn }: CapabilityRecord,
): CapabilityIssue | undefined {
  const entry = cluster.accessEntries[roleArn];
  if (entry && entry.principalId === roleByArn(world, roleArn)?.id) return undefined;
  return { code: "AccessDenied", message: "Unauthorized" };
}

function describeCapability(input: DescribeCapabilityRequest, call: Call): DescribeCapabilityResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  return { capability: capabilityView(cluster, capabilityOf(cluster, input.capabilityName ?? "")) };
}

function listCapabilities(input: ListCapabilitiesRequest, call: Call): ListCapabilitiesResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  const { items, nextToken } = paged(Object.values(cluster.capabilities), input);
  const summaries = items.map((each) => {
    const { capabilityName, arn, type, status, version, createdAt, modifiedAt } = capabilityView(cluster, each);
    return { capabilityName, arn, type, status, version, createdAt, modifiedAt };
  });
  return { capabilities: summaries, ...nextToken };
}

function updateCapability(input: UpdateCapabilityRequest, call: Call): UpdateCapabilityResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  const capability = capabilityOf(cluster, input.capabilityName ?? "");
  const about = { clusterName: cluster.name };
  const asked = askedBy(input);
  const earlier = startedBefore(capability, asked);
  if (earlier) return { update: updateView(earlier) };
  if (capability.status !== "ACTIVE" && capability.status !== "DEGRADED") {
    throw resourceInUse(`Capability ${capability.name} is in the status ${capability.status}.`, about);
  }
  refuseUnsimulated(input.configuration ?? {}, ["ack"]);
  const { roleArn, configuration } = input;
  if (roleArn !== undefined) assumableRole(call, roleArn, "capabilities.eks", about);
  const change: Partial<CapabilityConfig> = {
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(configuration?.argoCd && capability.argoCd
      ? { argoCd: changedArgoCd(capability.argoCd, configuration.argoCd) }
      : {}),
  };
  const params = paramsOf({
    RoleArn: roleArn,
    RoleMappingsToAddOrUpdate: configuration?.argoCd?.rbacRoleMappings?.addOrUpdateRoleMappings,
    RoleMappingsToRemove: configuration?.argoCd?.rbacRoleMappings?.removeRoleMappings,
  });
  const update = startUpdate(call, capability, { type: "CapabilityUpdate", params, asked, change });
  capability.status = "UPDATING";
  schedule(call, cluster, capability.name, "capabilityUpdate", { what: "capability updated", update: update.id });
  if (roleArn !== undefined) letIn(call, cluster, { ...capability, roleArn });
  return { update: updateView(update) };
}

function changedArgoCd(argoCd: ArgoCdConfig, { rbacRoleMappings, networkAccess }: UpdateArgoCdConfig): ArgoCdConfig {
  return {
    ...argoCd,
    ...(rbacRoleMappings === undefined
      ? {}
      : { rbacRoleMappings: changedMappings(argoCd.rbacRoleMappings, rbacRoleMappings) }),
    ...(networkAccess === undefined ? {} : { vpceIds: networkAccess.vpceIds ?? [] }),
  };
}

/** Identities are added to those that a role has, and taken from them (the SDK's documentation of UpdateRoleMappings). */
function changedMappings(
  before: readonly ArgoCdRoleMapping[],
  { addOrUpdateRoleMappings: added = [], removeRoleMappings: removed = [] }: UpdateRoleMappings,
): ArgoCdRoleMapping[] {
  const roles = [...new Set([...before, ...added].flatMap(({ role }) => role ?? []))];
  const of = (mappings: readonly ArgoCdRoleMapping[], role: string) =>
    mappings.filter((mapping) => mapping.role === role).flatMap(({ identities }) => identities ?? []);
  return roles
    .map((role) => {
      const all = new Map([...of(before, role), ...of(added, role)].map((one) => [identityKey(one), one]));
      for (const one of of(removed, role)) all.delete(identityKey(one));
      return { role, identities: [...all.values()] };
    })
    .filter(({ identities }) => identities.length > 0);
}

function identityKey({ type, id }: SsoIdentity): string {
  return `${type}/${id}`;
}

export function capabilityUpdated({ world }: Place, capability: CapabilityRecord, updateId: string): void {
  const update = updateById(capability, updateId);
  update.status = "Successful";
  Object.assign(capability, update.change, { status: "ACTIVE", modifiedAt: world.now() });
}

function deleteCapability(input: DeleteCapabilityRequest, call: Call): DeleteCapabilityResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  const capability = capabilityOf(cluster, input.capabilityName ?? "");
  const { name, status } = capability;
  if (status === "CREATING" || status === "UPDATING") {
    throw resourceInUse(`Capability ${name} is in the status ${status}.`, { clusterName: cluster.name });
  }
  if (status !== "DELETING") {
    capability.status = "DELETING";
    schedule(call, cluster, name, "capabilityDelete", { what: "capability gone" });
  }
  return { capability: capabilityView(cluster, capability) };
}

/** EKS leaves the access entry of the role behind. */
export function capabilityGone({ capabilities }: ClusterRecord, name: string): void {
  delete capabilities[name];
}

function capabilityView(cluster: ClusterRecord, capability: CapabilityRecord): Capability {
  const { name, arn, type, roleArn, status, argoCd, tags, issues, createdAt, modifiedAt } = capability;
  return {
    capabilityName: name,
    arn,
    clusterName: cluster.name,
    type,
    roleArn,
    status,
    ...(status === "CREATING" ? {} : { version: versions[type] }),
    configuration: argoCd ? { argoCd: argoCdView(argoCd, status !== "CREATING") } : {},
    tags,
    health: { issues },
    createdAt: new Date(createdAt),
    modifiedAt: new Date(modifiedAt),
    deletePropagationPolicy: "RETAIN",
  };
}

function argoCdView({ vpceIds, serverUrl, ...argoCd }: ArgoCdConfig, isUp: boolean) {
  return { ...argoCd, networkAccess: { vpceIds }, ...(isUp ? { serverUrl } : {}) };
}

export const capabilityHandlers = {
  CreateCapability: createCapability,
  DescribeCapability: describeCapability,
  ListCapabilities: listCapabilities,
  UpdateCapability: updateCapability,
  DeleteCapability: deleteCapability,
};
