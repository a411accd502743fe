import { createHash } from "node:crypto";
import type { AMITypes } from "@aws-sdk/client-eks";

/** What EKS needs to know about an AMI type. */
export interface AmiFacts {
  readonly system: "al2" | "al2023" | "bottlerocket" | "windows";
  readonly architecture: "x86_64" | "arm64";
  readonly accelerator?: "nvidia" | "neuron";
}

/** All types of AMI that EKS itself provides. */
export const amiTypes: Readonly<Partial<Record<AMITypes, AmiFacts>>> = {
  AL2_x86_64: { system: "al2", architecture: "x86_64" },
  AL2_x86_64_GPU: { system: "al2", architecture: "x86_64", accelerator: "nvidia" },
  AL2_ARM_64: { system: "al2", architecture: "arm64" },
  AL2023_x86_64_STANDARD: { system: "al2023", architecture: "x86_64" },
  AL2023_ARM_64_STANDARD: { system: "al2023", architecture: "arm64" },
  AL2023_x86_64_NEURON: { system: "al2023", architecture: "x86_64", accelerator: "neuron" },
  AL2023_x86_64_NVIDIA: { system: "al2023", architecture: "x86_64", accelerator: "nvidia" },
  AL2023_ARM_64_NVIDIA: { system: "al2023", architecture: "arm64", accelerator: "nvidia" },
  BOTTLEROCKET_x86_64: { system: "bottlerocket", architecture: "x86_64" },
  BOTTLEROCKET_ARM_64: { system: "bottlerocket", architecture: "arm64" },
  BOTTLEROCKET_x86_64_FIPS: { system: "bottlerocket", architecture: "x86_64" },
  BOTTLEROCKET_ARM_64_FIPS: { system: "bottlerocket", architecture: "arm64" },
  BOTTLEROCKET_x86_64_NVIDIA: { system: "bottlerocket", architecture: "x86_64", accelerator: "nvidia" },
  BOTTLEROCKET_ARM_64_NVIDIA: { system: "bottlerocket", architecture: "arm64", accelerator: "nvidia" },
  BOTTLEROCKET_x86_64_NVIDIA_FIPS: { system: "bottlerocket", architecture: "x86_64", accelerator: "nvidia" },
  BOTTLEROCKET_ARM_64_NVIDIA_FIPS: { system: "bottlerocket", architecture: "arm64", accelerator: "nvidia" },
  WINDOWS_CORE_2019_x86_64: { system: "windows", architecture: "x86_64" },
  WINDOWS_FULL_2019_x86_64: { system: "windows", architecture: "x86_64" },
  WINDOWS_CORE_2022_x86_64: { system: "windows", architecture: "x86_64" },
  WINDOWS_FULL_2022_x86_64: { system: "windows", architecture: "x86_64" },
  WINDOWS_CORE_2025_x86_64: { system: "windows", architecture: "x86_64" },
  WINDOWS_FULL_2025_x86_64: { system: "windows", architecture: "x86_64" },
};

/** By operating system and minor, newest first. Amazon Linux 2 ends with 1.32. Bottlerocket's are the same for all minors. */
const releases: Readonly<Record<AmiFacts["system"], Readonly<Record<string, readonly string[]>>>> = {
  al2: {
    "1.31": ["1.31.13-20251112", "1.31.13-20251023"],
    "1.32": ["1.32.9-20251112", "1.32.9-20251023"],
  },
  al2023: {
    "1.31": ["1.31.14-20261105", "1.31.14-20261015"],
    "1.32": ["1.32.13-20261105", "1.32.13-20261015"],
    "1.33": ["1.33.10-20261105", "1.33.10-20261015"],
    "1.34": ["1.34.6-20261105", "1.34.6-20261015", "1.34.5-20260924"],
    "1.35": ["1.35.3-20261105", "1.35.3-20261015"],
    "1.36": ["1.36.1-20261105", "1.36.0-20261015"],
  },
  bottlerocket: Object.fromEntries(
    ["1.31", "1.32", "1.33", "1.34", "1.35", "1.36"].map((minor) => [minor, ["1.58.0-b2c7a1e4", "1.57.1-90ad3f55"]]),
  ),
  windows: {
    "1.31": ["1.31-2026.11.11", "1.31-2026.10.14"],
    "1.32": ["1.32-2026.11.11", "1.32-2026.10.14"],
    "1.33": ["1.33-2026.11.11", "1.33-2026.10.14"],
    "1.34": ["1.34-2026.11.11", "1.34-2026.10.14"],
    "1.35": ["1.35-2026.11.11", "1.35-2026.10.14"],
    "1.36": ["1.36-2026.11.11", "1.36-2026.10.14"],
  },
};

/** The releases of an AMI type for a minor, newest first; none when EKS provides no such AMI for it. */
export function releasesOf(amiType: AMITypes, minor: string): readonly string[] {
  const facts = amiTypes[amiType];
  return facts ? (releases[facts.system][minor] ?? []) : [];
}

/** The id of the AMI of a release in a region. */
export function imageIdOf(region: string, amiType: AMITypes, minor: string, release: string): string {
  const digest = createHash("sha256").update(`${region}/${amiType}/${minor}/${release}`).digest("hex");
  return `ami-0${digest.slice(0, 16)}`;
}

/** The AMI types that EKS has releases of for a minor, each with them. */
export function allReleases(
  minor: string,
): readonly { readonly amiType: AMITypes; readonly releases: readonly string[] }[] {
  return (Object.keys(amiTypes) as AMITypes[]).map((amiType) => ({ amiType, releases: releasesOf(amiType, minor) }));
}
