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
  readonly type: "availability-zone" | "local-zone";
  /** What an account opts in to; the region for an availability zone. */
  readonly group: string;
  readonly optedIn: boolean;
  /** Of a Local Zone: the zone that it hangs on. */
  readonly parent?: Pick<Zone, "name" | "id">;
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

/** Some of the Local Zones (AWS Local Zones user guide, "Available Local Zones"); `!`: the account has not opted in to it. */
const localZoneNames: Readonly<Record<string, string>> = {
  "us-east-1": "bos-1a mia-2a !nyc-2a",
  "us-west-2": "lax-1a lax-1b las-1a !den-1a",
  "eu-central-1": "ham-1a !waw-1a",
  "ap-southeast-2": "per-1a !akl-1a",
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

/** The availability zones of a region in name order; names map to ids as in one account. */
export function zonesOf(region: string): readonly Zone[] {
  const zones = known.get(region) ?? zonesIn(region);
  known.set(region, zones);
  return zones;
}

function zonesIn(region: string): readonly Zone[] {
  return (zoneLetters[region] ?? "a1 b2 c3").split(" ").map((zone) => {
    const id = `${zoneIdPrefix(region)}-az${zone.slice(1)}`;
    const old = id === "use1-az3";
    return {
      name: `${region}${zone.charAt(0)}`,
      id,
      controlPlane: !withoutControlPlane.has(id),
      old,
      type: "availability-zone",
      group: region,
      optedIn: true,
    };
  });
}

/** The zones that a subnet can be in: those of the region, and Local Zones that the account has opted in to. */
export function enabledZonesOf(region: string): readonly Zone[] {
  return allZonesOf(region).filter((zone) => zone.optedIn);
}

function allZonesOf(region: string): readonly Zone[] {
  const zones = zonesOf(region);
  const [parent] = zones;
  const local = (localZoneNames[region] ?? "").split(" ").filter((one) => one !== "");
  return [
    ...zones,
    ...local.map((text): Zone => {
      const [, closed, city = "", number = "", letter = "a"] = /^(!?)([a-z]+)-(\d)([a-z])$/.exec(text) ?? [];
      return {
        name: `${region}-${city}-${number}${letter}`,
        id: `${zoneIdPrefix(region)}-${city}${number}-az${letter.charCodeAt(0) - 96}`,
        controlPlane: false,
        old: false,
        type: "local-zone",
        group: `${region}-${city}-${number}`,
        optedIn: closed === "",
        ...(parent && { parent }),
      };
    }),
  ];
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
  "group-name": (zone) => zone.group,
  message: () => [],
  "opt-in-status": optInStatus,
  "parent-zone-id": (zone) => zone.parent?.id ?? [],
  "parent-zone-name": (zone) => zone.parent?.name ?? [],
  "region-name": (_, { region }) => region,
  state: () => "available",
  "zone-id": (zone) => zone.id,
  "zone-name": (zone) => zone.name,
  "zone-type": (zone) => zone.type,
};

function optInStatus({ type, optedIn }: Zone): NonNullable<AvailabilityZone["OptInStatus"]> {
  if (type === "availability-zone") return "opt-in-not-required";
  return optedIn ? "opted-in" : "not-opted-in";
}

function describeAvailabilityZones(
  input: DescribeAvailabilityZonesRequest,
  call: Call,
): DescribeAvailabilityZonesResult {
  const zones = input.AllAvailabilityZones === true ? allZonesOf(call.region) : enabledZonesOf(call.region);
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
    ZoneType: zone.type,
    RegionName: region,
    GroupName: zone.group,
    NetworkBorderGroup: zone.group,
    State: "available",
    OptInStatus: optInStatus(zone),
    Messages: [],
    ...(zone.parent && { ParentZoneName: zone.parent.name, ParentZoneId: zone.parent.id }),
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
