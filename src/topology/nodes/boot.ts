import { compareVersions } from "../../aws/eks-versions.ts";
import { defaultAmiFamily, lastOfAmazonLinux2 } from "../../config/default-values.ts";
import { nodeLabels } from "../../config/node-labels.ts";
import { isLocalCluster } from "../../config/outposts.ts";
import { taintList } from "../../config/taints.ts";
import type { NodeGroup, NodeGroupBase } from "../../config/types.ts";
import { InputError } from "../../errors.ts";
import type { InstanceType } from "../../facts/types.ts";
import type { Registration } from "../../resources/cloudformation/template-document.ts";
import type { LaunchTemplateSpec } from "../../resources/ec2/launch-template.ts";
import type { Scope } from "../scope.ts";
import { decidingType, hasOwnImage } from "./ami-type.ts";
import { imageParameter } from "./image-parameter.ts";
import { type Boot, userData } from "./user-data/index.ts";

/** The image and the user data of a managed nodegroup's template: only what EKS does not see to by itself. */
export function managedBoot(
  scope: Scope,
  group: NodeGroupBase,
  types: readonly InstanceType[],
): Pick<LaunchTemplateSpec, "imageId" | "imageParameter" | "userData"> {
  const { amiFamily = defaultAmiFamily, ami } = group;
  const joins = hasOwnImage(group);
  const hardware = decidingType(types);
  const text = userData(amiFamily, { ...bootOf(scope, group), joins });
  return {
    ...(ami === undefined ? {} : { imageId: ami }),
    ...(joins && ami === undefined && hardware
      ? { imageParameter: imageParameter(amiFamily, scope.version, hardware) }
      : {}),
    ...(text === undefined ? {} : { userData: text }),
  };
}

/** The same of a self-managed nodegroup, whose nodes are told everything. Labels and taints are for coming nodes: for them none is replaced. */
export function selfManagedBoot(
  scope: Scope,
  group: NodeGroup,
  types: readonly InstanceType[],
): Pick<LaunchTemplateSpec, "imageId" | "imageParameter" | "userData" | "lastingUserData"> {
  const { amiFamily = defaultAmiFamily, ami = "auto" } = group;
  const hardware = decidingType(types);
  const boot = { ...bootOf(scope, group), joins: true };
  const kubelet = {
    ...(group.kubeletExtraConfig === undefined ? {} : { config: group.kubeletExtraConfig }),
    ...(group.clusterDNS === undefined ? {} : { clusterDNS: group.clusterDNS }),
  };
  const text = userData(amiFamily, { ...boot, kubelet: { ...kubelet, ...registrationOf(scope, group) } });
  const lasting = userData(amiFamily, { ...boot, kubelet });
  return {
    ...(ami.startsWith("ami-") ? { imageId: ami } : {}),
    ...(hardware ? { imageParameter: imageParameter(amiFamily, scope.version, hardware) } : {}),
    ...(text === undefined ? {} : { userData: text }),
    ...(lasting === undefined ? {} : { lastingUserData: lasting }),
  };
}

/** The labels and taints of self-managed nodes. */
export function registrationOf(scope: Scope, group: NodeGroup): Registration {
  return { labels: { ...group.labels, ...nodeLabels(scope.name, group.name) }, taints: taintList(group.taints) };
}

/**
 * What nodes of both kinds are told alike.
 *
 * @throws InputError for a family that there is no image of for the cluster's version.
 */
function bootOf(scope: Scope, group: NodeGroupBase): Omit<Boot, "joins"> {
  const { bottlerocket, amiFamily, name } = group;
  if (amiFamily === "AmazonLinux2" && compareVersions(scope.version, lastOfAmazonLinux2) > 0) {
    throw new InputError(
      `nodegroup ${name}: AmazonLinux2 ended with Kubernetes ${lastOfAmazonLinux2}, and the cluster has ${scope.version}`,
      {
        hint: "use AmazonLinux2023",
      },
    );
  }
  const adminContainer = bottlerocket?.enableAdminContainer ?? (group.ssh?.allow === true ? true : undefined);
  return {
    cluster: scope.name,
    ...(isLocalCluster(scope.config) ? { isLocalCluster: true } : {}),
    ...(group.preBootstrapCommands === undefined ? {} : { preBootstrapCommands: group.preBootstrapCommands }),
    ...(group.overrideBootstrapCommand === undefined
      ? {}
      : { overrideBootstrapCommand: group.overrideBootstrapCommand }),
    ...(group.maxPodsPerNode === undefined ? {} : { maxPodsPerNode: group.maxPodsPerNode }),
    ...(bottlerocket?.settings === undefined ? {} : { settings: bottlerocket.settings }),
    ...(adminContainer === undefined ? {} : { adminContainer }),
  };
}
