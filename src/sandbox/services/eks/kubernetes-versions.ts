import type { VersionStatus } from "@aws-sdk/client-eks";

/** A Kubernetes minor as EKS offers it; days as `2026-03-23`. */
export interface KubernetesVersion {
  readonly minor: string;
  readonly patch: string;
  readonly platformVersion: string;
  readonly status: VersionStatus;
  readonly default?: true;
  readonly released: string;
  readonly endOfStandardSupport: string;
  readonly endOfExtendedSupport: string;
}

/** Newest first. */
export const kubernetesVersions: readonly KubernetesVersion[] = [
  {
    minor: "1.36",
    patch: "1.36.1",
    platformVersion: "eks.1",
    status: "STANDARD_SUPPORT",
    released: "2026-06-02",
    endOfStandardSupport: "2027-08-02",
    endOfExtendedSupport: "2028-08-02",
  },
  {
    minor: "1.35",
    patch: "1.35.3",
    platformVersion: "eks.7",
    status: "STANDARD_SUPPORT",
    released: "2026-01-27",
    endOfStandardSupport: "2027-03-27",
    endOfExtendedSupport: "2028-03-27",
  },
  {
    minor: "1.34",
    patch: "1.34.6",
    platformVersion: "eks.15",
    status: "STANDARD_SUPPORT",
    default: true,
    released: "2025-10-02",
    endOfStandardSupport: "2026-12-02",
    endOfExtendedSupport: "2027-12-02",
  },
  {
    minor: "1.33",
    patch: "1.33.10",
    platformVersion: "eks.28",
    status: "EXTENDED_SUPPORT",
    released: "2025-05-29",
    endOfStandardSupport: "2026-07-29",
    endOfExtendedSupport: "2027-07-29",
  },
  {
    minor: "1.32",
    patch: "1.32.13",
    platformVersion: "eks.36",
    status: "EXTENDED_SUPPORT",
    released: "2025-01-23",
    endOfStandardSupport: "2026-03-23",
    endOfExtendedSupport: "2027-03-23",
  },
  {
    minor: "1.31",
    patch: "1.31.14",
    platformVersion: "eks.52",
    status: "EXTENDED_SUPPORT",
    released: "2024-09-26",
    endOfStandardSupport: "2025-11-26",
    endOfExtendedSupport: "2026-11-26",
  },
  {
    minor: "1.30",
    patch: "1.30.14",
    platformVersion: "eks.60",
    status: "UNSUPPORTED",
    released: "2024-05-23",
    endOfStandardSupport: "2025-07-23",
    endOfExtendedSupport: "2026-07-23",
  },
];

/** The version of this name that clusters can be made or run with. */
export function supportedVersion(minor: string): KubernetesVersion | undefined {
  return kubernetesVersions.find((version) => version.minor === minor && version.status !== "UNSUPPORTED");
}

/** The one that EKS takes when none is asked for. */
export function defaultVersion(): KubernetesVersion {
  const version = kubernetesVersions.find((each) => each.default);
  if (!version) throw new Error("no Kubernetes version is the default");
  return version;
}

/** How many minors `version` is newer than `than`; negative when it is older. */
export function minorsAhead(version: string, than: string): number {
  return minorNumber(version) - minorNumber(than);
}

function minorNumber(version: string): number {
  return Number(version.split(".")[1]);
}
