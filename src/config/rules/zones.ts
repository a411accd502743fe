import type { Path } from "../../yaml.ts";
import { hasGivenVpc, isSubnetId } from "../given-network.ts";
import { isLocalZoneOf, isZoneOf, partitionOfRegion } from "../regions.ts";
import { type Report, type Rule, forEachNodegroup, present } from "./rule.ts";

const topLevel: Path = ["availabilityZones"];
/** Each zone has a public and a private subnet, and a VPC's block is split into at most sixteen. */
const maxZones = 8;

const zonesOfCluster: Rule = ({ availabilityZones, localZones = [], metadata }, report) => {
  if (!availabilityZones) return;
  for (const [index, zone] of present(availabilityZones))
    reportZone([...topLevel, index], zone, metadata?.region, report);
  const distinct = new Set(availabilityZones).size;
  if (distinct < 2) report(topLevel, "needs at least two different zones: EKS wants subnets in two");
  const all = distinct + localZones.length;
  if (all > maxZones) report(topLevel, `a VPC's block is split for at most ${maxZones} zones, not ${all}`);
};

/** In the cluster's own VPC a subnet is named after its zone, so both keys of a nodegroup name zones. */
const zonesOfNodegroup = forEachNodegroup((group, at, report, { availabilityZones, metadata, vpc }) => {
  if ((group.availabilityZones?.length ?? 0) > 0 && (group.subnets?.length ?? 0) > 0) {
    report([...at, "subnets"], "cannot stand beside availabilityZones: use one of the two", { at: "key" });
    return;
  }
  for (const key of hasGivenVpc({ vpc })
    ? (["availabilityZones"] as const)
    : (["availabilityZones", "subnets"] as const)) {
    for (const [index, zone] of present(group[key])) {
      const path = [...at, key, index];
      if (key === "subnets" && isSubnetId(zone)) continue;
      if (reportZone(path, zone, metadata?.region, report)) reportOutside(path, zone, availabilityZones, report);
    }
  }
});

/** The same of a Fargate profile. */
const zonesOfProfile: Rule = ({ availabilityZones, fargateProfiles, metadata, vpc }, report) => {
  if (hasGivenVpc({ vpc })) return;
  for (const [index, { subnets }] of present(fargateProfiles)) {
    for (const [number, zone] of present(subnets)) {
      const path = ["fargateProfiles", index, "subnets", number];
      // Of a subnet that is named by its id only AWS knows where it is.
      if (isSubnetId(zone)) continue;
      if (reportZone(path, zone, metadata?.region, report)) reportOutside(path, zone, availabilityZones, report);
    }
  }
};

/** Where the file leaves the cluster's zones open, the plan finds out which they are. */
function reportOutside(
  path: Path,
  zone: string,
  ofCluster: readonly (string | undefined)[] | undefined,
  report: Report,
): void {
  if (ofCluster === undefined || ofCluster.includes(zone)) return;
  report(path, `the cluster has no subnet in ${zone}`, {
    hint: `the cluster's zones are ${ofCluster.filter((name) => name !== undefined).join(", ")}`,
    reads: [topLevel],
  });
}

/** @returns false after a report. */
export function reportZone(
  path: Path,
  zone: string,
  region: string | undefined,
  report: Report,
  at: "key" | "value" = "value",
): boolean {
  if (region === undefined || partitionOfRegion(region) === undefined) return true;
  if (isZoneOf(zone, region)) return true;
  const details = { at, reads: [["metadata", "region"]] };
  if (isLocalZoneOf(zone, region)) {
    report(path, `${zone} is a Local Zone`, {
      ...details,
      hint: "name it in localZones, of the cluster and of self-managed nodegroups",
    });
  } else if (zone.startsWith("subnet-")) {
    report(path, `${zone} is no id of a subnet`, { hint: "ids are written as subnet-0123456789abcdef0" });
  } else if (zone.startsWith(`${region}-`)) {
    report(path, `${zone} is a Wavelength Zone, in which eksctl's format places nothing`, details);
  } else if (/^[a-z]+\d-az\d$/.test(zone)) {
    report(path, `${zone} is the id of a zone`, { ...details, hint: `write its name, as ${region}a` });
  } else {
    report(path, `${zone} is no zone of ${region}`, {
      ...details,
      hint: `zones of ${region} are written as ${region}a`,
    });
  }
  return false;
}

export const zoneRules: readonly Rule[] = [zonesOfCluster, zonesOfNodegroup, zonesOfProfile];
