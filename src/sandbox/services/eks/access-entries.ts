import type {
  AccessEntry,
  CreateAccessEntryRequest,
  CreateAccessEntryResponse,
  DeleteAccessEntryRequest,
  DescribeAccessEntryRequest,
  DescribeAccessEntryResponse,
  ListAccessEntriesRequest,
  ListAccessEntriesResponse,
  UpdateAccessEntryRequest,
  UpdateAccessEntryResponse,
} from "@aws-sdk/client-eks";
import type { Call } from "../../service.ts";
import { addAccessEntry, isEntryType, principalExists } from "./access-records.ts";
import { askedBy, isRepeat } from "./asked.ts";
import {
  type About,
  invalidParameter,
  invalidRequest,
  notSimulated,
  resourceInUse,
  resourceNotFound,
} from "./errors.ts";
import { clusterOf, requireActive } from "./lookup.ts";
import { paged } from "./pages.ts";
import type { Place } from "./place.ts";
import type { AccessEntryRecord, ClusterRecord } from "./state.ts";
import { checkedTags } from "./tag-rules.ts";

/** Those to which EKS gives what nodes need, and nothing else can be given. */
const closedTypes = ["EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX"];

/** The cluster, when it has access entries. Throws InvalidRequestException otherwise. */
export function clusterWithEntries(place: Place, name: string | undefined): ClusterRecord {
  const cluster = clusterOf(place, name ?? "");
  if (cluster.authenticationMode !== "CONFIG_MAP") return cluster;
  throw invalidRequest(
    "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
    { clusterName: cluster.name },
  );
}

/** Throws ResourceNotFoundException. */
export function entryOf({ name, accessEntries }: ClusterRecord, principalArn = ""): AccessEntryRecord {
  const entry = Object.hasOwn(accessEntries, principalArn) ? accessEntries[principalArn] : undefined;
  if (entry) return entry;
  throw resourceNotFound(
    "The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'.",
    { clusterName: name },
  );
}

/** Throws InvalidParameterException for groups and policies of a node's entry. */
export function refuseForNodes({ type }: Pick<AccessEntryRecord, "type">, what: string, about: About): void {
  if (!closedTypes.includes(type)) return;
  throw invalidParameter(`The specified ${what} cannot be used with an access entry of type ${type}.`, about);
}

function createAccessEntry(input: CreateAccessEntryRequest, call: Call): CreateAccessEntryResponse {
  const cluster = clusterWithEntries(call, input.clusterName);
  const { principalArn = "", type = "STANDARD" } = input;
  const about = { clusterName: cluster.name };
  const asked = askedBy(input);
  const there = Object.hasOwn(cluster.accessEntries, principalArn) ? cluster.accessEntries[principalArn] : undefined;
  if (there && isRepeat(there.asked, asked)) return { accessEntry: entryView(cluster, there) };
  requireActive(cluster);
  if (there) throw resourceInUse("The specified access entry resource is already in use on this cluster.", about);
  if (!isEntryType(type)) throw notSimulated(`access entries of type ${type}`);
  if (!principalExists(call, principalArn)) {
    throw invalidParameter("The specified principalArn is invalid: invalid principal.", about);
  }
  if (input.kubernetesGroups?.length) refuseForNodes({ type }, "kubernetesGroups", about);
  if (input.username !== undefined) refuseForNodes({ type }, "username", about);
  checkGroups(input.kubernetesGroups, about);
  const { kubernetesGroups, username } = input;
  const tags = checkedTags(input.tags, about);
  const groups = kubernetesGroups?.length ? [...kubernetesGroups] : undefined;
  const entry = addAccessEntry(call, cluster, { principalArn, type, kubernetesGroups: groups, username, tags, asked });
  return { accessEntry: entryView(cluster, entry) };
}

function checkGroups(groups: readonly string[] | undefined, about: About): void {
  const reserved = groups?.find((group) => /^(system|eks|aws|amazon|iam):/.test(group));
  if (reserved === undefined) return;
  throw invalidParameter(`The kubernetes group name ${reserved} is invalid, it cannot start with system:`, about);
}

function describeAccessEntry(input: DescribeAccessEntryRequest, call: Call): DescribeAccessEntryResponse {
  const cluster = clusterWithEntries(call, input.clusterName);
  return { accessEntry: entryView(cluster, entryOf(cluster, input.principalArn)) };
}

function listAccessEntries(input: ListAccessEntriesRequest, call: Call): ListAccessEntriesResponse {
  const cluster = clusterWithEntries(call, input.clusterName);
  const { associatedPolicyArn } = input;
  const asked = Object.values(cluster.accessEntries).filter(
    ({ policies }) =>
      associatedPolicyArn === undefined || policies.some((policy) => policy.policyArn === associatedPolicyArn),
  );
  const { items, nextToken } = paged(asked, input);
  return { accessEntries: items.map((entry) => entry.principalArn), ...nextToken };
}

function updateAccessEntry(input: UpdateAccessEntryRequest, call: Call): UpdateAccessEntryResponse {
  const cluster = clusterWithEntries(call, input.clusterName);
  const entry = entryOf(cluster, input.principalArn);
  const about = { clusterName: cluster.name };
  if (input.kubernetesGroups !== undefined) {
    refuseForNodes(entry, "kubernetesGroups", about);
    checkGroups(input.kubernetesGroups, about);
    entry.kubernetesGroups = [...input.kubernetesGroups];
  }
  if (input.username !== undefined) {
    refuseForNodes(entry, "username", about);
    entry.username = input.username;
  }
  entry.modifiedAt = call.world.now();
  return { accessEntry: entryView(cluster, entry) };
}

function deleteAccessEntry(input: DeleteAccessEntryRequest, call: Call): void {
  const cluster = clusterWithEntries(call, input.clusterName);
  delete cluster.accessEntries[entryOf(cluster, input.principalArn).principalArn];
}

function entryView(cluster: ClusterRecord, entry: AccessEntryRecord): AccessEntry {
  const { principalArn, arn, type, kubernetesGroups, username, tags } = entry;
  return {
    clusterName: cluster.name,
    principalArn,
    accessEntryArn: arn,
    type,
    kubernetesGroups,
    username,
    tags,
    createdAt: new Date(entry.createdAt),
    modifiedAt: new Date(entry.modifiedAt),
  };
}

export const accessEntryHandlers = {
  CreateAccessEntry: createAccessEntry,
  DescribeAccessEntry: describeAccessEntry,
  ListAccessEntries: listAccessEntries,
  UpdateAccessEntry: updateAccessEntry,
  DeleteAccessEntry: deleteAccessEntry,
};
