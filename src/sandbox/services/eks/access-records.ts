import { roleByArn, isUser } from "../iam/internal.ts";
import { type AccessPolicyName, accessPolicyArn } from "./access-policy-names.ts";
import { eksArn, type Place, uuid } from "./place.ts";
import type { AccessEntryRecord, ClusterRecord } from "./state.ts";

interface NewEntry {
  readonly principalArn: string;
  readonly type: string;
  readonly kubernetesGroups?: string[] | undefined;
  readonly username?: string | undefined;
  readonly tags?: Record<string, string>;
  readonly asked?: AccessEntryRecord["asked"];
}

/** Makes an entry; it remembers the principal's unique id, so that another one of the same ARN gets nothing by it. */
export function addAccessEntry(place: Place, cluster: ClusterRecord, wanted: NewEntry): AccessEntryRecord {
  const { principalArn, type } = wanted;
  const now = place.world.now();
  const entry: AccessEntryRecord = {
    arn: eksArn(place, `access-entry/${cluster.name}/${principalPath(principalArn)}/${uuid(place)}`),
    createdAt: now,
    modifiedAt: now,
    tags: wanted.tags ?? {},
    asked: wanted.asked ?? { token: null, request: "" },
    principalArn,
    principalId: roleByArn(place.world, principalArn)?.id ?? null,
    type,
    kubernetesGroups: wanted.kubernetesGroups ?? [...(nodeDefaults[type]?.groups ?? [])],
    username: wanted.username ?? nodeDefaults[type]?.username ?? sessionName(principalArn),
    policies: [],
  };
  cluster.accessEntries[principalArn] = entry;
  return entry;
}

/** `role/111122223333/name`. */
function principalPath(arn: string): string {
  const [, , , , account = "", ...rest] = arn.split(":");
  const parts = rest.join(":").split("/");
  return `${parts[0]}/${account}/${parts.at(-1)}`;
}

interface EntryDefaults {
  readonly groups: readonly string[];
  readonly username: string;
}

/** What the entries of nodes have, by type; people and programs have their own ARN as their name and no groups. */
const nodeDefaults: Readonly<Record<string, EntryDefaults>> = {
  EC2: { groups: ["system:nodes"], username: "system:node:{{EC2PrivateDNSName}}" },
  EC2_LINUX: { groups: ["system:nodes"], username: "system:node:{{EC2PrivateDNSName}}" },
  EC2_WINDOWS: {
    groups: ["eks:kube-proxy-windows", "system:nodes"],
    username: "system:node:{{EC2PrivateDNSName}}",
  },
  FARGATE_LINUX: { groups: ["system:node-proxier", "system:nodes"], username: "system:node:{{SessionName}}" },
  HYBRID_LINUX: { groups: ["system:nodes"], username: "system:node:{{SessionName}}" },
};

/** Whether EKS has entries of this type. */
export function isEntryType(type: string): boolean {
  return type === "STANDARD" || Object.hasOwn(nodeDefaults, type);
}

function sessionName(principalArn: string): string {
  const [, partition, , , account, resource = ""] = principalArn.split(":");
  if (!resource.startsWith("role/")) return principalArn;
  return `arn:${partition}:sts::${account}:assumed-role/${resource.split("/").at(-1)}/{{SessionName}}`;
}

/** The creator of a cluster may do all in it. */
export function addCreatorEntry(place: Place, cluster: ClusterRecord): void {
  const principalArn = cluster.creator;
  if (cluster.accessEntries[principalArn]) return;
  const entry = addAccessEntry(place, cluster, { principalArn, type: "STANDARD" });
  const now = place.world.now();
  entry.policies.push({
    policyArn: accessPolicyArn(place.region, "AmazonEKSClusterAdminPolicy"),
    accessScope: { type: "cluster", namespaces: [] },
    associatedAt: now,
    modifiedAt: now,
  });
}

/** EKS lets the nodes of a nodegroup in by itself; an entry that is there already is left as it is. */
export function addNodeEntry(place: Place, cluster: ClusterRecord, principalArn: string, windows: boolean): void {
  if (cluster.authenticationMode === "CONFIG_MAP" || cluster.accessEntries[principalArn]) return;
  addAccessEntry(place, cluster, { principalArn, type: windows ? "EC2_WINDOWS" : "EC2_LINUX" });
}

/** EKS lets the nodes of Auto Mode in by itself, and gives them what they need. */
export function addAutoModeEntry(place: Place, cluster: ClusterRecord, principalArn: string): void {
  if (cluster.accessEntries[principalArn]) return;
  const entry = addAccessEntry(place, cluster, { principalArn, type: "EC2" });
  const now = place.world.now();
  entry.policies.push({
    policyArn: accessPolicyArn(place.region, "AmazonEKSAutoNodePolicy"),
    accessScope: { type: "cluster", namespaces: [] },
    associatedAt: now,
    modifiedAt: now,
  });
}

/** EKS lets a capability in by itself: its role gets the policies that the type needs, beside those that it has. */
export function addCapabilityEntry(
  place: Place,
  cluster: ClusterRecord,
  principalArn: string,
  needed: readonly { readonly name: AccessPolicyName; readonly namespace?: string }[],
): void {
  const entry =
    cluster.accessEntries[principalArn] ?? addAccessEntry(place, cluster, { principalArn, type: "STANDARD" });
  const now = place.world.now();
  for (const { name, namespace } of needed) {
    const policyArn = accessPolicyArn(place.region, name);
    if (entry.policies.some((policy) => policy.policyArn === policyArn)) continue;
    const accessScope =
      namespace === undefined ? clusterWide() : { type: "namespace" as const, namespaces: [namespace] };
    entry.policies.push({ policyArn, accessScope, associatedAt: now, modifiedAt: now });
  }
}

const clusterWide = () => ({ type: "cluster" as const, namespaces: [] });

/** EKS lets the pods of a Fargate profile in by itself, as it does nodes. */
export function addProfileEntry(place: Place, cluster: ClusterRecord, principalArn: string): void {
  if (cluster.authenticationMode === "CONFIG_MAP" || cluster.accessEntries[principalArn]) return;
  addAccessEntry(place, cluster, { principalArn, type: "FARGATE_LINUX" });
}

/** Whether a role or user of this account is there, and known everywhere. */
export function principalExists({ world }: Place, arn: string): boolean {
  const role = roleByArn(world, arn);
  return (role !== undefined && role.usableAt <= world.now()) || isUser(world, arn);
}
