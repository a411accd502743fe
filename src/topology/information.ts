import { compareVersions } from "../aws/eks-versions.ts";
import { validities } from "../config/certificates.ts";
import type { ClusterConfig, NodeGroupBase } from "../config/types.ts";
import type { Facts } from "../facts/types.ts";
import { resolveVersion } from "../facts/versions.ts";
import { foundSubnets } from "./given-subnets.ts";
import { remarksOn } from "./inspect-network.ts";
import { karpenterApi } from "./karpenter-api.ts";

/** What a person should know beside the plan: newer versions and instance types, versions that run out of support. Never a change. */
export function information(config: ClusterConfig, facts: Facts): readonly string[] {
  const live = facts.cluster?.version;
  const wanted = resolveVersion(config.metadata.version, facts.clusterVersions, live);
  const version = live !== undefined && compareVersions(live, wanted) > 0 ? live : wanted;
  const lines: string[] = [];
  if (version !== wanted) {
    lines.push(`the cluster runs Kubernetes ${version}, newer than the ${wanted} of the file; it is left there`);
  }
  const offered = facts.clusterVersions.find((one) => one.version === version);
  if (offered?.status === "EXTENDED_SUPPORT") {
    lines.push(`Kubernetes ${version} is in extended support, which costs more, until ${offered.endOfExtendedSupport}`);
  }
  const newer = facts.clusterVersions
    .filter((one) => compareVersions(one.version, version) > 0)
    .map((one) => one.version);
  if (live !== undefined && newer.length > 0) {
    lines.push(`EKS offers newer Kubernetes versions: ${newer.toSorted(compareVersions).join(", ")}`);
  }
  if ([...(config.nodeGroups ?? []), ...(config.managedNodeGroups ?? [])].some(isAmazonLinux2)) {
    lines.push("AWS has made no new images of Amazon Linux 2 since 2025-11-26: AmazonLinux2023 is its successor");
  }
  const karpenter = config.karpenter?.version;
  if (karpenter !== undefined && karpenterApi(karpenter) !== "v1") {
    lines.push(`Karpenter ${karpenter} is not meant for Kubernetes ${version}: its authors support 1.0 and newer only`);
  }
  for (const [nodegroup, { fits, kept = fits }] of Object.entries(facts.selectedTypes)) {
    const more = fits.filter((name) => !kept.includes(name));
    if (more.length === 0) continue;
    lines.push(
      `nodegroup ${nodegroup}: instanceSelector fits ${more.join(", ")} by now, too; what it chose first is kept`,
    );
  }
  for (const validity of validities(config.remoteNetworkConfig?.iam?.caBundleCert ?? "")) {
    lines.push(`hybrid nodes are known by certificates of ${validity}`);
  }
  const subnets = foundSubnets(config, facts);
  return subnets ? [...lines, ...remarksOn(config, subnets)] : lines;
}

function isAmazonLinux2({ amiFamily }: NodeGroupBase): boolean {
  return amiFamily === "AmazonLinux2";
}
