import type { z } from "zod";
import type { accessEntry } from "./schema/access.ts";
import type { addon, podIdentityAssociation } from "./schema/addons.ts";
import type { clusterConfig } from "./schema/cluster-config.ts";
import type { wellKnownPolicies } from "./schema/iam.ts";
import type { managedNodeGroup } from "./schema/managed-node-group.ts";

/** What the user wrote; an absent key says nothing. */
export type ClusterConfig = z.infer<typeof clusterConfig>;
export type ManagedNodeGroup = z.infer<typeof managedNodeGroup>;
export type Addon = z.infer<typeof addon>;
export type AddonPodIdentityAssociation = z.infer<typeof podIdentityAssociation>;
export type AccessEntry = z.infer<typeof accessEntry>;
export type WellKnownPolicies = z.infer<typeof wellKnownPolicies>;
export type NodeAddonPolicies = NonNullable<NonNullable<ManagedNodeGroup["iam"]>["withAddonPolicies"]>;
