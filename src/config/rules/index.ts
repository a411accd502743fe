import type { Path } from "../../yaml.ts";
import { type Finding, related } from "../problems.ts";
import type { ClusterConfig } from "../types.ts";
import { accessRules } from "./access.ts";
import { addonRules } from "./addons.ts";
import { arnRules } from "./arns.ts";
import { capabilityRules } from "./capabilities.ts";
import { controlPlaneRules } from "./control-plane.ts";
import { autoModeRules } from "./auto-mode.ts";
import { controlPlaneComponentRules } from "./control-plane-components.ts";
import { diskRules } from "./disks.ts";
import { gitopsRules } from "./gitops.ts";
import { givenNetworkRules } from "./given-network.ts";
import { ipv6Rules } from "./ipv6.ts";
import { fargateRules } from "./fargate.ts";
import { identityMappingRules } from "./identity-mappings.ts";
import { identityProviderRules } from "./identity-providers.ts";
import { karpenterRules } from "./karpenter.ts";
import { labelRules } from "./labels.ts";
import { launchTemplateRules } from "./launch-template.ts";
import { networkRules } from "./network.ts";
import { localZoneRules } from "./local-zones.ts";
import { outpostRules } from "./outposts.ts";
import { nodeBootstrapRules } from "./node-bootstrap.ts";
import { nodeCapacityRules } from "./node-capacity.ts";
import { nodegroupRules } from "./nodegroups.ts";
import { nodeRoleRules } from "./node-roles.ts";
import { podIdentityRules } from "./pod-identity.ts";
import { propagatedTagsRules } from "./propagated-tags.ts";
import { privateClusterRules } from "./private-cluster.ts";
import type { Draft, Report, Rule } from "./rule.ts";
import { selfManagedNodegroupRules } from "./self-managed-nodegroups.ts";
import { sshRules } from "./ssh.ts";
import { remoteNetworkRules } from "./remote-network.ts";
import { serviceAccountRules } from "./service-accounts.ts";
import { tagRules } from "./tags.ts";
import { zoneRules } from "./zones.ts";

const rules: readonly Rule[] = [
  ...controlPlaneRules,
  ...controlPlaneComponentRules,
  ...autoModeRules,
  ...networkRules,
  ...ipv6Rules,
  ...givenNetworkRules,
  ...privateClusterRules,
  ...remoteNetworkRules,
  ...zoneRules,
  ...localZoneRules,
  ...outpostRules,
  ...arnRules,
  ...tagRules,
  ...accessRules,
  ...addonRules,
  ...capabilityRules,
  ...podIdentityRules,
  ...serviceAccountRules,
  ...identityMappingRules,
  ...identityProviderRules,
  ...karpenterRules,
  ...gitopsRules,
  ...nodegroupRules,
  ...launchTemplateRules,
  ...nodeBootstrapRules,
  ...selfManagedNodegroupRules,
  ...nodeCapacityRules,
  ...fargateRules,
  ...nodeRoleRules,
  ...sshRules,
  ...diskRules,
  ...labelRules,
  ...propagatedTagsRules,
];

/** @param broken the paths that were judged wrong by themselves. */
export function applyRules(config: Draft<ClusterConfig>, broken: readonly Path[]): readonly Finding[] {
  const findings: Finding[] = [];
  const report: Report = (path, message, { at = "value", hint, reads = [] } = {}) => {
    if ([path, ...reads].some((read) => broken.some((one) => related(one, read)))) return;
    findings.push({ path, at, message, ...(hint === undefined ? {} : { hint }) });
  };
  for (const rule of rules) rule(config, report);
  return findings;
}
