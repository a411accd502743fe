import { compareVersions } from "../aws/eks-versions.ts";

/**
 * The newest API that a release of Karpenter serves. It tells what the release tags, what its chart is told, and how its versions are
 * written: `v1alpha5` has Provisioners, `v1beta1` and `v1` have NodePools.
 */
export type KarpenterApi = "v1alpha5" | "v1beta1" | "v1";

export function karpenterApi(version: string): KarpenterApi {
  if (isBefore(version, "0.32")) return "v1alpha5";
  return isBefore(version, "1.0") ? "v1beta1" : "v1";
}

/** The chart's own version: it began with a `v` before 0.35. */
export function chartVersion(version: string): string {
  return isBefore(version, "0.35") ? `v${bare(version)}` : bare(version);
}

/** What the chart is told of the cluster, of the queue of interruptions, and of the profile that nodes have by default. */
export function chartSettings(
  version: string,
  told: {
    readonly cluster: string;
    readonly instanceProfile: string;
    readonly queue: string | undefined;
    /** It then asks for no prices, which have no VPC endpoint. */
    readonly isIsolated: boolean;
  },
): Readonly<Record<string, string>> {
  const { cluster, instanceProfile, queue, isIsolated } = told;
  if (karpenterApi(version) === "v1alpha5") {
    return {
      "settings.aws.clusterName": cluster,
      "settings.aws.defaultInstanceProfile": instanceProfile,
      ...(queue !== undefined && { "settings.aws.interruptionQueueName": queue }),
      ...(isIsolated && { "settings.aws.isolatedVPC": "true" }),
    };
  }
  return {
    "settings.clusterName": cluster,
    ...(queue !== undefined && { "settings.interruptionQueue": queue }),
    ...(isIsolated && { "settings.isolatedVPC": "true" }),
  };
}

function isBefore(version: string, other: string): boolean {
  return compareVersions(bare(version), other) < 0;
}

function bare(version: string): string {
  return version.replace(/^v/, "");
}
