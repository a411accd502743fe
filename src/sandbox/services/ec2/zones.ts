import type {
  AvailabilityZone,
  DescribeAvailabilityZonesRequest,
  DescribeAvailabilityZonesResult,
  DescribeRegionsRequest,
  DescribeRegionsResult,
} from "@aws-sdk/client-ec2";
import { partitionOf } from "../../partitions.ts";
import type { Call } from "../../service.ts";
import { invalidValue } from "./errors.ts";
import { applyFilters, type FilterTable } from "./filters.ts";

export interface Zone {
  /** `us-west-2a`. */
  readonly name: string;
  /** `usw2-az2`. */
  readonly id: string;
  /** Whether EKS places a control plane in it. */
  readonly controlPlane: boolean;
  /** An old zone that few current instance types reach. */
  readonly old: boolean;
}

/** Regions of AWS as of 2025; others of a known form exist too, but DescribeRegions does not name them. */
const regionNames = `
  us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 ca-west-1 mx-central-1 sa-east-1
  eu-west-1 eu-west-2 eu-west-3 eu-north-1 eu-central-1 eu-central-2 eu-south-1 eu-south-2
  ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4
  ap-southeast-5 ap-southeast-6 ap-southeast-7 ap-south-1 ap-south-2 ap-east-1 ap-east-2
  me-central-1 me-south-1 af-south-1 il-central-1
  us-gov-east-1 us-gov-west-1
  cn-north-1 cn-northwest-1
  us-iso-east-1 us-iso-west-1 us-isob-east-1 us-isob-west-1 us-isof-south-1 us-isof-east-1 eu-isoe-west-1
`
  .trim()
  .split(/\s+/);

/** How this account's zone letters map to zone numbers, where it is not `a1 b2 c3`. */
const zoneLetters: Readonly<Record<string, string>> = {
  "us-east-1": "a6 b1 c2 d4 e3 f5",
  "us-west-1": "a3 c1",
  "us-west-2": "a2 b1 c3 d4",
  "ca-central-1": "a1 b2 d4",
  "ap-northeast-1": "a4 c1 d2",
  "ap-northeast-2": "a1 b2 c3 d4",
  "eu-central-1": "a2 b3 c1",
  "cn-north-1": "a1 b2 d3",
  "us-isob-east-1": "a1 b2",
};

/** EKS user guide, "Subnet requirements": zones in which a control plane cannot be. */
const withoutControlPlane = new Set(["use1-az3", "usw1-az2", "cac1-az3"]);

const directions: Readonly<Record<string, string>> = {
  north: "n",
  south: "s",
  east: "e",
  west: "w",
  central: "c",
  northeast: "ne",
  northwest: "nw",
  southeast: "se",
  southwest: "sw",
};

const known = new Map<string, readonly Zone[]>();

/** The zones of a region in name order; names map to ids as in one account. */
export function zonesOf(region: string): readonly Zone[] {
  const zones = known.get(region) ?? zonesIn(region);
  known.set(region, zones);
  return zones;
}

function zonesIn(region: string): readonly Zone[] {
  return (zoneLetters[region] ?? "a1 b2 c3").split(" ").map((zone) => {
    const id = `${zoneIdPrefix(region)}-az${zone.slice(1)}`;
    const old = id === "use1-az3";
    return { name: `${region}${zone.charAt(0)}`, id, controlPlane: !withoutControlPlane.has(id), old };
  });
}

/** `us-west-2` is `usw2`, `us-gov-east-1` is `usge1`, `ap-southeast-1` is `apse1`. */
function zoneIdPrefix(region: string): string {
  const [area = "", ...parts] = region.split("-");
  return area + parts.map(abbreviation).join("");
}

function abbreviation(part: string): string {
  return directions[part] ?? part.replace("gov", "g").replace(/^iso(.?)$/, "i$1");
}

const zoneFilters: FilterTable<Zone> = {
  "group-name": (_, { region }) => region,
  message: () => [],
  "opt-in-status": () => "opt-in-not-required",
  "parent-zone-id": () => [],
  "parent-zone-name": () => [],
  "region-name": (_, { region }) => region,
  state: () => "available",
  "zone-id": (zone) => zone.id,
  "zone-name": (zone) => zone.name,
  "zone-type": () => "availability-zone",
};

function describeAvailabilityZones(
  input: DescribeAvailabilityZonesRequest,
  call: Call,
): DescribeAvailabilityZonesResult {
  const zones = zonesOf(call.region);
  for (const name of input.ZoneNames ?? []) {
    if (!zones.some((zone) => zone.name === name)) throw invalidValue(`Invalid availability zone: [${name}]`);
  }
  for (const id of input.ZoneIds ?? []) {
    if (!zones.some((zone) => zone.id === id)) throw invalidValue(`Invalid availability zone-id: [${id}]`);
  }
  const asked = zones.filter(
    (zone) =>
      (!input.ZoneNames?.length || input.ZoneNames.includes(zone.name)) &&
      (!input.ZoneIds?.length || input.ZoneIds.includes(zone.id)),
  );
  return {
    AvailabilityZones: applyFilters(asked, input.Filters, zoneFilters, call).map((zone) => view(zone, call.region)),
  };
}

function view(zone: Zone, region: string): AvailabilityZone {
  return {
    ZoneName: zone.name,
    ZoneId: zone.id,
    ZoneType: "availability-zone",
    RegionName: region,
    GroupName: region,
    NetworkBorderGroup: region,
    State: "available",
    OptInStatus: "opt-in-not-required",
    Messages: [],
  };
}

const regionFilters: FilterTable<string> = {
  "opt-in-status": () => "opt-in-not-required",
  "region-name": (region) => region,
};

/** Those of the account's partition. */
function describeRegions(input: DescribeRegionsRequest, call: Call): DescribeRegionsResult {
  const regions = regionNames.filter((region) => partitionOf(region) === call.partition);
  const asked = input.RegionNames?.length ? input.RegionNames : regions;
  const unknown = asked.filter((region) => !regions.includes(region));
  if (unknown.length > 0) throw invalidValue(`Invalid region name: [${unknown.join(", ")}]`);
  const found = applyFilters(asked, input.Filters, regionFilters, call);
  return { Regions: found.map((RegionName) => ({ RegionName, OptInStatus: "opt-in-not-required" })) };
}

export const zoneHandlers = {
  DescribeAvailabilityZones: describeAvailabilityZones,
  DescribeRegions: describeRegions,
};
