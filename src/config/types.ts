import type * as z from "zod";
import type { accessEntry } from "./schema/access.ts";
import type { addon } from "./schema/addons.ts";
import type { capability } from "./schema/capabilities.ts";
import type { clusterConfig } from "./schema/cluster-config.ts";
import type { fargateProfile } from "./schema/fargate.ts";
import type { identityMapping } from "./schema/identity-mappings.ts";
import type { managedNodeGroup } from "./schema/managed-node-group.ts";
import type { nodeGroup } from "./schema/node-group.ts";
import type { nodeGroupBase } from "./schema/node-group-base.ts";
import type { addonPodIdentityAssociation, podIdentityAssociation } from "./schema/pod-identity.ts";
import type { serviceAccount } from "./schema/service-account.ts";

/** What the user wrote; an absent key says nothing. */
export type ClusterConfig = z.infer<typeof clusterConfig>;
/** What nodegroups of both kinds have in common. */
export type NodeGroupBase = z.infer<typeof nodeGroupBase>;
export type NodeGroup = z.infer<typeof nodeGroup>;
/** One of either kind, with what only self-managed ones say of their place. */
export type PlacedNodeGroup = NodeGroupBase & Pick<NodeGroup, "localZones" | "outpostARN">;
export type ManagedNodeGroup = z.infer<typeof managedNodeGroup>;
export type FargateProfile = z.infer<typeof fargateProfile>;
export type Addon = z.infer<typeof addon>;
export type Capability = z.infer<typeof capability>;
export type AddonPodIdentityAssociation = z.infer<typeof addonPodIdentityAssociation>;
export type PodIdentityAssociation = z.infer<typeof podIdentityAssociation>;
export type ServiceAccount = z.infer<typeof serviceAccount>;
export type IdentityMapping = z.infer<typeof identityMapping>;
export type AccessEntry = z.infer<typeof accessEntry>;

type With<T, Keys extends keyof T> = T & { [Key in Keys]-?: Exclude<T[Key], undefined> };
type Section<Key extends keyof ClusterConfig> = NonNullable<ClusterConfig[Key]>;
type Vpc = Section<"vpc">;

/** A nodegroup with every default filled in. */
export type FullNodeGroup = With<
  NodeGroupBase,
  "amiFamily" | "minSize" | "maxSize" | "desiredCapacity" | "privateNetworking" | "labels"
>;
export type FullSelfManagedNodeGroup = NodeGroup & FullNodeGroup;
export type FullManagedNodeGroup = With<ManagedNodeGroup, "spot"> & FullNodeGroup;

/** A config with every default filled in; a ClusterConfig again. */
export interface FullClusterConfig extends ClusterConfig {
  kubernetesNetworkConfig: With<Section<"kubernetesNetworkConfig">, "ipFamily">;
  vpc: Vpc & {
    clusterEndpoints: With<NonNullable<Vpc["clusterEndpoints"]>, "publicAccess" | "privateAccess">;
  };
  iam: With<Section<"iam">, "withOIDC" | "vpcResourceControllerPolicy">;
  accessConfig: With<Section<"accessConfig">, "authenticationMode" | "bootstrapClusterCreatorAdminPermissions">;
  addonsConfig: With<Section<"addonsConfig">, "autoApplyPodIdentityAssociations" | "disableDefaultAddons">;
  addons: Addon[];
  nodeGroups: FullSelfManagedNodeGroup[];
  managedNodeGroups: FullManagedNodeGroup[];
}
