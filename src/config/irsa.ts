import { defaultWithOIDC } from "./default-values.ts";
import type { Draft } from "./rules/rule.ts";
import type { Addon, ClusterConfig } from "./types.ts";

/** The keys by each of which an add-on's service account gets a role through the cluster's OIDC provider (IRSA). */
export const irsaSources = ["serviceAccountRoleARN", "attachPolicyARNs", "attachPolicy", "wellKnownPolicies"] as const;
type IrsaSource = (typeof irsaSources)[number];

/** Those of them that an add-on has. */
export function irsaSourcesOf(addon: Draft<Addon>): readonly IrsaSource[] {
  return irsaSources.filter((key) => {
    const value = addon[key];
    if (value === undefined) return false;
    if (key === "wellKnownPolicies") return Object.values(value).includes(true);
    return !Array.isArray(value) || value.length > 0;
  });
}

/** Whether the cluster has an OIDC provider: as the file says, and else where an add-on's role comes through it. */
export function hasOidcProvider({ iam, addons }: Draft<Pick<ClusterConfig, "iam" | "addons">>): boolean {
  const isNeeded = addons?.some((addon) => addon && irsaSourcesOf(addon).length > 0) ?? false;
  return iam?.withOIDC ?? (isNeeded || defaultWithOIDC);
}
