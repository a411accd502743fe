import {
  DescribeAccessEntryCommand,
  InvalidRequestException,
  paginateListAccessEntries,
  paginateListAssociatedAccessPolicies,
} from "@aws-sdk/client-eks";
import type { AccessEntry, AssociatedAccessPolicy } from "@aws-sdk/client-eks";
import type { AwsContext } from "../../aws/context.ts";
import { allPages } from "../../aws/eks-pages.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { memoryTag } from "../../aws/element-ownership.ts";
import { hasOurPath } from "../../aws/names.ts";
import { idOf, owned } from "../../aws/tags.ts";
import type { Live } from "../../engine/kind.ts";
import { taggedLive } from "../tags-aspect.ts";
import type { AccessEntryAttrs, AccessPolicy } from "./access-entry.ts";

/** Access policies by ARN; namespaces in one order. */
export function policyElements(policies: readonly AccessPolicy[]) {
  return Object.fromEntries(
    policies.map(({ policyArn, scope }) => [
      policyArn,
      { type: scope.type, namespaces: (scope.namespaces ?? []).toSorted() },
    ]),
  );
}

/** All of the owner's cluster, whoever made them: none with the authentication mode CONFIG_MAP. */
export async function everyAccessEntry(ctx: AwsContext): Promise<readonly Live<AccessEntryAttrs>[]> {
  const pages = paginateListAccessEntries({ client: ctx.clients.eks }, { clusterName: ctx.owner.cluster });
  const principals = await emptyWithoutEntries(allPages(pages, (page) => page.accessEntries));
  const entries = await Promise.all(principals.map((principal) => describeAccessEntry(principal, ctx)));
  return entries.flatMap((live) => live ?? []);
}

/** Ours. A cluster with the authentication mode CONFIG_MAP has no entries, and refuses to list them. */
export async function listAccessEntries(ctx: AwsContext, id?: string): Promise<readonly Live<AccessEntryAttrs>[]> {
  const { eks } = ctx.clients;
  const pages = paginateListAccessEntries({ client: eks }, { clusterName: ctx.owner.cluster });
  const principals = await emptyWithoutEntries(allPages(pages, (page) => page.accessEntries));
  const entries = await Promise.all(principals.map((principal) => describeEntry(principal, ctx)));
  const ours = entries.filter((entry) => entry !== undefined).filter(({ tags = {} }) => owned(tags, ctx.owner));
  const all = await Promise.all(ours.map((entry) => withPolicies(entry, ctx)));
  return all.filter((live) => id === undefined || live.id === id);
}

export async function describeAccessEntry(principal: string, ctx: AwsContext): Promise<Live<AccessEntryAttrs> | null> {
  const entry = await describeEntry(principal, ctx);
  return entry ? withPolicies(entry, ctx) : null;
}

async function describeEntry(principalArn: string, ctx: AwsContext): Promise<AccessEntry | undefined> {
  const request = new DescribeAccessEntryCommand({ clusterName: ctx.owner.cluster, principalArn });
  return (await absentAsNull(() => ctx.clients.eks.send(request)))?.accessEntry;
}

/** Only entries of the type STANDARD can have policies. */
async function withPolicies(entry: AccessEntry, ctx: AwsContext): Promise<Live<AccessEntryAttrs>> {
  const { principalArn = "", type } = entry;
  const request = { clusterName: ctx.owner.cluster, principalArn };
  const pages = paginateListAssociatedAccessPolicies({ client: ctx.clients.eks }, request);
  const policies = type === "STANDARD" ? await allPages(pages, (page) => page.associatedAccessPolicies) : [];
  return taggedLive(ctx, principalArn, "ready", attributes(entry, policies), {
    uid: entry.createdAt?.toISOString(),
  });
}

/**
 * Whoever made it. What EKS makes by itself is shared: the creator's entry at the creation of the cluster, and those of
 * the roles of nodes and capabilities. Entries that somebody else made are foreign. `name` is the principal's ARN, where that is known.
 */
export async function findAccessEntry(name: string, ctx: AwsContext): Promise<Live<AccessEntryAttrs> | null> {
  if (!name.startsWith("arn:")) return null;
  const [entry] = await emptyWithoutEntries(findPrincipal(name, ctx).then((found) => (found ? [found] : [])));
  if (!entry) return null;
  return entry.owner === "foreign" && isMadeByEks(entry.attrs) ? { ...entry, owner: "shared" } : entry;
}

/** A role that was made for aws-auth has no path: its entry is known by the role's name, which no other role has. */
async function findPrincipal(arn: string, ctx: AwsContext): Promise<Live<AccessEntryAttrs> | null> {
  const found = await describeAccessEntry(arn, ctx);
  if (found || !hasOurPath(arn)) return found;
  return describeAccessEntry(arn.replace(/:role\/.*\//, ":role/"), ctx);
}

/**
 * EKS puts no tags on them; the creator's has cluster-wide administration and nothing else, that of a capability what EKS gives
 * capabilities. One that we have changed since remembers our tags. One with a logical id was created for another cluster.
 */
function isMadeByEks({ type, policies, kubernetesGroups, tags }: AccessEntryAttrs): boolean {
  if (idOf(tags) !== "") return false;
  if (tags[memoryTag("tags")] !== undefined) return true;
  if (Object.keys(tags).length > 0) return false;
  if (type !== "STANDARD") return true;
  const [policy, ...others] = policies;
  if (policy === undefined || kubernetesGroups.length > 0) return false;
  if (policies.every(({ policyArn }) => /\/AmazonEKS(ACK|KRO|ArgoCD|ArgoCDCluster)Policy$/u.test(policyArn)))
    return true;
  const isAdmin = policy.policyArn.endsWith("/AmazonEKSClusterAdminPolicy") && policy.scope.type === "cluster";
  return isAdmin && others.length === 0;
}

async function emptyWithoutEntries<Item>(items: Promise<readonly Item[]>): Promise<readonly Item[]> {
  try {
    return await items;
  } catch (error) {
    if (error instanceof InvalidRequestException && /authentication mode/i.test(error.message)) return [];
    throw error;
  }
}

function attributes(entry: AccessEntry, policies: readonly AssociatedAccessPolicy[]): AccessEntryAttrs {
  return {
    principalArn: entry.principalArn ?? "",
    arn: entry.accessEntryArn ?? "",
    type: entry.type ?? "STANDARD",
    kubernetesGroups: (entry.kubernetesGroups ?? []).toSorted(),
    kubernetesUsername: entry.username ?? null,
    policies: policies.map(({ policyArn = "", accessScope }) => ({
      policyArn,
      scope: { type: accessScope?.type ?? "cluster", namespaces: accessScope?.namespaces ?? [] },
    })),
    tags: entry.tags ?? {},
  };
}
