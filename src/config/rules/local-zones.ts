import type { Path } from "../../yaml.ts";
import { hasGivenVpc } from "../given-network.ts";
import { isLocalZoneOf, isZoneOf, partitionOfRegion } from "../regions.ts";
import { type Report, type Rule, forEachSelfManagedNodegroup, present } from "./rule.ts";

const topLevel: Path = ["localZones"];

/** EKS user guide, "AWS Local Zones"; for the rest they are what eksctl makes of them. */
const ofCluster: Rule = ({ localZones, metadata, vpc, privateCluster, kubernetesNetworkConfig }, report) => {
  if (localZones === undefined || localZones.length === 0) return;
  for (const [index, zone] of present(localZones)) reportZone([...topLevel, index], zone, metadata?.region, report);
  const cannot = (beside: string, reads: readonly Path[], hint?: string) =>
    report(topLevel, `cannot stand beside ${beside}`, { at: "key", reads, ...(hint === undefined ? {} : { hint }) });
  if (hasGivenVpc({ vpc })) {
    const hint = "name subnets in Local Zones by their ids, in subnets of the nodegroups";
    cannot(
      "a given VPC, whose subnets are what they are",
      [
        ["vpc", "id"],
        ["vpc", "subnets"],
      ],
      hint,
    );
  }
  if (privateCluster?.enabled === true) {
    cannot("privateCluster: VPC endpoints have no interfaces in Local Zones", [["privateCluster", "enabled"]]);
  }
  if (kubernetesNetworkConfig?.ipFamily === "IPv6") {
    cannot("ipFamily IPv6, which self-managed nodegroups are not for", [["kubernetesNetworkConfig", "ipFamily"]]);
  }
  if (vpc?.nat?.gateway === "HighlyAvailable") {
    const path = ["vpc", "nat", "gateway"];
    cannot(
      "vpc.nat.gateway HighlyAvailable: Local Zones share the one of a zone of the region",
      [path],
      "use Single or Disable",
    );
  }
};

const ofNodegroup = forEachSelfManagedNodegroup((group, at, report, { localZones = [], metadata }) => {
  const path = [...at, "localZones"];
  const other = (["availabilityZones", "subnets"] as const).find((key) => (group[key]?.length ?? 0) > 0);
  if ((group.localZones?.length ?? 0) > 0 && other !== undefined) {
    report(path, `cannot stand beside ${other}: use one of the two`, { at: "key", reads: [[...at, other]] });
    return;
  }
  for (const [index, zone] of present(group.localZones)) {
    if (!reportZone([...path, index], zone, metadata?.region, report) || localZones.includes(zone)) continue;
    report([...path, index], `the cluster has no subnet in ${zone}`, {
      hint: "list it in localZones of the cluster, too",
      reads: [topLevel],
    });
  }
});

/** @returns false after a report. */
function reportZone(path: Path, zone: string, region: string | undefined, report: Report): boolean {
  if (region === undefined || partitionOfRegion(region) === undefined || isLocalZoneOf(zone, region)) return true;
  const details = { reads: [["metadata", "region"]] };
  if (isZoneOf(zone, region)) {
    report(path, `${zone} is an availability zone`, { ...details, hint: "name it in availabilityZones" });
  } else if (zone.includes("-wlz-")) {
    report(path, `${zone} is a Wavelength Zone, in which eksctl's format places nothing`, details);
  } else if (/^[a-z]+\d-[a-z]+\d+-az\d$/.test(zone)) {
    report(path, `${zone} is the id of a Local Zone`, { ...details, hint: `write its name, as ${region}-lax-1a` });
  } else {
    report(path, `${zone} is no Local Zone of ${region}`, {
      ...details,
      hint: `Local Zones of ${region} are written as ${region}-lax-1a`,
    });
  }
  return false;
}

export const localZoneRules: readonly Rule[] = [ofCluster, ofNodegroup];
