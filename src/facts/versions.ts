import { compareVersions } from "../aws/eks-versions.ts";
import { InputError } from "../errors.ts";
import type { ClusterVersion } from "./types.ts";

/**
 * The Kubernetes version that a file means. Absent, `auto` and `default`: the one that a living cluster has, else the
 * one that EKS flags as its default. `latest`: the newest that EKS offers.
 *
 * @throws InputError for a version that EKS does not offer (a living cluster's own is always accepted).
 */
export function resolveVersion(
  asked: string | undefined,
  offered: readonly ClusterVersion[],
  live: string | undefined,
): string {
  const newestFirst = offered.toSorted((a, b) => compareVersions(b.version, a.version));
  if (asked === undefined || asked === "auto" || asked === "default") {
    const chosen = live ?? (newestFirst.find((one) => one.default) ?? newestFirst[0])?.version;
    if (chosen === undefined) throw new InputError("EKS names no Kubernetes version; set metadata.version");
    return chosen;
  }
  if (asked === "latest") {
    const newest = newestFirst[0]?.version ?? live;
    if (newest === undefined) throw new InputError("EKS names no Kubernetes version; set metadata.version");
    return newest;
  }
  if (asked !== live && !offered.some((one) => one.version === asked)) {
    throw new InputError(`metadata.version: EKS does not offer Kubernetes ${asked}`, {
      hint: `choose from ${newestFirst.map((one) => one.version).join(", ")}`,
    });
  }
  return asked;
}
