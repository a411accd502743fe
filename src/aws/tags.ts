import type { Owner } from "./context.ts";

/** Tags as a plain map, whatever list or map form a service wants. */
export type Tags = Readonly<Record<string, string>>;

/** The list form of EC2 and IAM. */
type TagList = readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[];

const prefix = "ekstool.dev/";
/** Holds the cluster's name. */
export const clusterTag = `${prefix}cluster`;
const regionTag = `${prefix}region`;
/** Holds the logical id. */
export const idTag = `${prefix}id`;
const layoutTag = `${prefix}layout`;

/** How a cluster's resources are laid out; an older tool refuses a newer layout. */
export const layout = "1";

/** The logical id of the control plane, whose tags also carry the layout. */
const clusterId = "cluster";

/** The tags that all resources of one cluster share: what lists filter on. */
export function ownerTags({ region, cluster }: Owner): Tags {
  return { [clusterTag]: cluster, [regionTag]: region };
}

/** The tags that make a resource ours: which cluster in which region, and which part of it. Sent with the creating call. */
export function ownershipTags(owner: Owner, id: string): Tags {
  return { ...ownerTags(owner), [idTag]: id, ...(id === clusterId ? { [layoutTag]: layout } : {}) };
}

/** Whether these are the tags of something that belongs to this owner. */
export function owned(tags: Tags, owner: Owner): boolean {
  return tags[clusterTag] === owner.cluster && tags[regionTag] === owner.region;
}

/** The logical id that a resource carries; empty when it carries none. */
export function idOf(tags: Tags): string {
  return tags[idTag] ?? "";
}

/** The layout that a cluster was made with; undefined for one that is not ours. */
export function layoutOf(tags: Tags): string | undefined {
  return tags[layoutTag];
}

/** Tags that are neither the user's nor another tool's: ours, and those that AWS reserves. */
export function isReservedTag(key: string): boolean {
  return key.startsWith(prefix) || key.startsWith("aws:");
}

export function tagsOf(list: TagList | undefined): Tags {
  return Object.fromEntries((list ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}

export function tagList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
