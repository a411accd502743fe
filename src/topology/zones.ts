import { createHash } from "node:crypto";
import type { Facts } from "../facts/types.ts";
import { InputError } from "../errors.ts";

/** How many zones a VPC of ours spans when the file names none; us-east-1's third zone is short of capacity too often. */
function wantedCount(region: string): number {
  return region === "us-east-1" ? 2 : 3;
}

/**
 * The zones of the cluster's own VPC, in the order that its CIDR blocks follow.
 *
 * Chosen once: a VPC that exists says which it has. Otherwise the file's, or the first of the region in the order of a hash
 * of owner and zone id, so that the same file gives the same zones and clusters spread over all of them.
 *
 * @param requirements instance types of each nodegroup: a zone is usable when it offers at least one of each list.
 * @throws InputError when the file's zones cannot be had, or fewer than two zones are left.
 */
export function chooseZones(
  facts: Facts,
  cluster: string,
  fromFile: readonly string[] | undefined,
  requirements: readonly (readonly string[])[],
): readonly string[] {
  if (facts.vpcZones.length > 0) return zonesOfVpc(facts.vpcZones, fromFile);
  const known = new Set(facts.zones.map((zone) => zone.name));
  if (fromFile && fromFile.length > 0) {
    const unknown = fromFile.filter((zone) => !known.has(zone));
    if (unknown.length > 0) {
      throw new InputError(`availabilityZones: ${unknown.join(", ")} cannot host a cluster in ${facts.region}`, {
        hint: `choose from ${[...known].join(", ")}`,
      });
    }
    return [...new Set(fromFile)];
  }
  const rank = (id: string) => createHash("sha256").update(`${facts.region}/${cluster}/${id}`).digest("hex");
  const offers = (zone: string) =>
    requirements.every((types) => types.some((type) => facts.instanceTypes[type]?.zones.includes(zone) ?? true));
  const usable = facts.zones
    .filter((zone) => offers(zone.name))
    .toSorted((a, b) => rank(a.id).localeCompare(rank(b.id)))
    .slice(0, wantedCount(facts.region))
    .map((zone) => zone.name);
  if (usable.length < 2) {
    throw new InputError(
      `fewer than two availability zones of ${facts.region} offer the instance types that the nodegroups ask for`,
      { hint: "choose other instance types, or name the zones in availabilityZones" },
    );
  }
  return usable;
}

function zonesOfVpc(existing: readonly string[], fromFile: readonly string[] | undefined): readonly string[] {
  const same = fromFile === undefined || new Set([...fromFile, ...existing]).size === existing.length;
  if (!same || (fromFile && new Set(fromFile).size !== existing.length)) {
    throw new InputError(
      `availabilityZones: the cluster's VPC spans ${existing.join(", ")}; its zones cannot be changed yet`,
      { hint: "remove availabilityZones from the file, or name exactly these" },
    );
  }
  return existing;
}
