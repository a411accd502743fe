import * as z from "zod";
import { accessConfig } from "./access.ts";
import { addon, addonsConfig } from "./addons.ts";
import { autoModeConfig } from "./auto-mode.ts";
import { capability } from "./capabilities.ts";
import {
  cloudWatch,
  controlPlaneScalingConfig,
  deletionProtection,
  secretsEncryption,
  zonalShiftConfig,
} from "./control-plane.ts";
import { kubeAPIServerConfig, kubeControllerManagerConfig, kubeSchedulerConfig } from "./control-plane-components.ts";
import { fargateProfile } from "./fargate.ts";
import { gitops } from "./gitops.ts";
import { identityMapping } from "./identity-mappings.ts";
import { identityProvider } from "./identity-providers.ts";
import { iam } from "./iam.ts";
import { karpenter } from "./karpenter.ts";
import { managedNodeGroup } from "./managed-node-group.ts";
import { metadata, upgradePolicy } from "./metadata.ts";
import { nodeGroup } from "./node-group.ts";
import { availabilityZones, kubernetesNetworkConfig, localZones, vpc } from "./network.ts";
import { outpost } from "./outpost.ts";
import { privateCluster } from "./private-cluster.ts";
import { remoteNetworkConfig } from "./remote-network.ts";

/** A ClusterConfig as its author writes it: no default is filled in. */
export const clusterConfig = z.strictObject({
  apiVersion: z.literal("eksctl.io/v1alpha5").describe("Version of this format: eksctl.io/v1alpha5."),
  kind: z.literal("ClusterConfig").describe("Always ClusterConfig."),
  metadata,
  availabilityZones: availabilityZones.exactOptional(),
  localZones: localZones.exactOptional(),
  outpost: outpost.exactOptional(),
  kubernetesNetworkConfig: kubernetesNetworkConfig.exactOptional(),
  vpc: vpc.exactOptional(),
  autoModeConfig: autoModeConfig.exactOptional(),
  privateCluster: privateCluster.exactOptional(),
  remoteNetworkConfig: remoteNetworkConfig.exactOptional(),
  iam: iam.exactOptional(),
  accessConfig: accessConfig.exactOptional(),
  iamIdentityMappings: z
    .array(identityMapping)
    .describe("IAM principals that enter by the ConfigMap aws-auth. [] removes them all. Default: not managed.")
    .exactOptional(),
  identityProviders: z
    .array(identityProvider)
    .describe("The OIDC provider whose users may enter the cluster; EKS takes one. Default: none.")
    .exactOptional(),
  addons: z.array(addon).describe("EKS add-ons, beside the default ones.").exactOptional(),
  addonsConfig: addonsConfig.exactOptional(),
  capabilities: z
    .array(capability)
    .describe("Controllers that EKS runs for the cluster, outside of it: ACK, kro and Argo CD. Default: none.")
    .exactOptional(),
  cloudWatch: cloudWatch.exactOptional(),
  secretsEncryption: secretsEncryption.exactOptional(),
  upgradePolicy: upgradePolicy.exactOptional(),
  zonalShiftConfig: zonalShiftConfig.exactOptional(),
  deletionProtection: deletionProtection.exactOptional(),
  controlPlaneScalingConfig: controlPlaneScalingConfig.exactOptional(),
  kubeAPIServerConfig: kubeAPIServerConfig.exactOptional(),
  kubeSchedulerConfig: kubeSchedulerConfig.exactOptional(),
  kubeControllerManagerConfig: kubeControllerManagerConfig.exactOptional(),
  karpenter: karpenter.exactOptional(),
  gitops: gitops.exactOptional(),
  fargateProfiles: z
    .array(fargateProfile)
    .describe("Which pods run on Fargate instead of nodes. EKS makes one profile after the other. Default: none.")
    .exactOptional(),
  nodeGroups: z
    .array(nodeGroup)
    .describe("Self-managed nodegroups: Auto Scaling groups in stacks of their own. Default: none.")
    .exactOptional(),
  managedNodeGroups: z.array(managedNodeGroup).describe("Nodegroups that EKS manages. Default: none.").exactOptional(),
});
