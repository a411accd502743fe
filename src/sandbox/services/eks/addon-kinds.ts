import { partitionOf } from "../../partitions.ts";
import { addonCatalogue, type AddonKind, type AddonRelease } from "./addon-catalogue.ts";
import { minorsAhead } from "./kubernetes-versions.ts";

/** The add-ons that EKS offers in a region. */
export function addonKinds(region: string): readonly AddonKind[] {
  return addonCatalogue.filter((kind) => !kind.community || partitionOf(region) === "aws");
}

export function addonKind(region: string, name: string): AddonKind | undefined {
  return addonKinds(region).find((kind) => kind.name === name);
}

/** Whether it has a Deployment, which needs a node to run on; all others are on whatever nodes there are. */
export function needsNodes(kind: AddonKind): boolean {
  return kind.object.startsWith("Deployment");
}

/** The service accounts that can have a role by pod identity in a version of an add-on. */
export function podIdentityIn(kind: AddonKind, version: string): AddonKind["podIdentity"] {
  const release = kind.releases.find((each) => each.version === version);
  return release?.withoutPodIdentity ? [] : kind.podIdentity;
}

export function runsOn({ from, to }: AddonRelease, minor: string): boolean {
  return minorsAhead(minor, from) >= 0 && minorsAhead(to, minor) >= 0;
}
