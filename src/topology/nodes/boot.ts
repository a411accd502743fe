import { defaultAmiFamily } from "../../config/default-values.ts";
import type { NodeGroupBase } from "../../config/types.ts";
import type { InstanceType } from "../../facts/types.ts";
import type { LaunchTemplateSpec } from "../../resources/ec2/launch-template.ts";
import type { Scope } from "../scope.ts";
import { decidingType, hasOwnImage } from "./ami-type.ts";
import { imageParameter } from "./image-parameter.ts";
import { userData } from "./user-data/index.ts";

/** The image and the user data of a managed nodegroup's template: only what EKS does not see to by itself. */
export function managedBoot(
  scope: Scope,
  group: NodeGroupBase,
  types: readonly InstanceType[],
): Pick<LaunchTemplateSpec, "imageId" | "imageParameter" | "userData"> {
  const { amiFamily = defaultAmiFamily, ami, bottlerocket } = group;
  const joins = hasOwnImage(group);
  const hardware = decidingType(types);
  const adminContainer = bottlerocket?.enableAdminContainer ?? (group.ssh?.allow === true ? true : undefined);
  const text = userData(amiFamily, {
    cluster: scope.name,
    joins,
    ...(group.preBootstrapCommands === undefined ? {} : { preBootstrapCommands: group.preBootstrapCommands }),
    ...(group.overrideBootstrapCommand === undefined
      ? {}
      : { overrideBootstrapCommand: group.overrideBootstrapCommand }),
    ...(group.maxPodsPerNode === undefined ? {} : { maxPodsPerNode: group.maxPodsPerNode }),
    ...(bottlerocket?.settings === undefined ? {} : { settings: bottlerocket.settings }),
    ...(adminContainer === undefined ? {} : { adminContainer }),
  });
  return {
    ...(ami === undefined ? {} : { imageId: ami }),
    ...(joins && ami === undefined && hardware
      ? { imageParameter: imageParameter(amiFamily, scope.version, hardware) }
      : {}),
    ...(text === undefined ? {} : { userData: text }),
  };
}
