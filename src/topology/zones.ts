import { createHash } from "node:crypto";
import { isSubnetId } from "../config/given-network.ts";
import { isLocalCluster, outpostId, outpostOf, outpostsOf } from "../config/outposts.ts";
import { isZoneOf } from "../config/regions.ts";
import type { ClusterConfig, ManagedNodeGroup, NodeGroup } from "../config/types.ts";
import { defaultInstanceTypes } from "../facts/needs.ts";
import type { Facts, VpcZones } from "../facts/types.ts";
import { InputError } from "../errors.ts";

/** How many zones a VPC of ours spans when the file names none; us-east-1's third zone is short of capacity too often. */
function wantedCount(region: string): number {
  return region === "us-east-1" ? 2 : 3;
}

/**
 * The zones of the cluster's own VPC, in the order that its CIDR blocks follow.
 *
 * Chosen once: a VPC that exists says which it has, to which the file may add. Otherwise the file's `availabilityZones`; or those that nodegroups
 * name, filled up with those of the region that offer what nodegroups ask for, in the order of a hash of owner and zone id,
 * so that the same file gives the same zones and clusters spread over all of them. The file's Local Zones and Outposts
 * come after them; a local cluster has nothing else.
 *
 * @throws InputError when the file's zones cannot be had, or the region has fewer than two.
 */
export function chooseZones(config: ClusterConfig, facts: Facts): VpcZones {
  if (facts.vpcZones) return grown(facts.vpcZones, facts, config);
  const ofRegion = isLocalCluster(config) ? [] : zonesAtFirst(config, facts);
  return {
    first: [...ofRegion, ...enabled(facts, config.localZones ?? []), ...outpostIds(config)],
    added: [],
  };
}

/** Whether it is none of the zones that make up the region: a Local Zone, or an Outpost. */
export function isOutsideRegion(zone: string, { region }: Pick<Facts, "region">): boolean {
  return !isZoneOf(zone, region);
}

/** Whether the file still names what is outside of the region. */
export function isNamed(zone: string, config: ClusterConfig): boolean {
  return [...(config.localZones ?? []), ...outpostIds(config)].includes(zone);
}

/** By which their subnets are called. */
function outpostIds(config: ClusterConfig): readonly string[] {
  return outpostsOf(config).map(outpostId);
}

function zonesAtFirst(config: ClusterConfig, facts: Facts): readonly string[] {
  const fromFile = config.availabilityZones;
  if (fromFile && fromFile.length > 0) return available(facts, "availabilityZones", fromFile);
  const groups: readonly Placed[] = [...(config.nodeGroups ?? []).map(withTypes), ...(config.managedNodeGroups ?? [])];
  const named = available(
    facts,
    "nodegroups",
    groups.flatMap((group) => group.availabilityZones ?? group.subnets ?? []).filter((name) => !isSubnetId(name)),
  );
  const requirements = groups
    .filter((group) =>
      [group.availabilityZones, group.subnets, group.localZones, outpostOf(group, config)].every(
        (one) => one === undefined,
      ),
    )
    .map(typesOf);
  const rank = (id: string) =>
    createHash("sha256").update(`${facts.region}/${config.metadata.name}/${id}`).digest("hex");
  const offers = (zone: string, types: readonly string[]) =>
    types.some((type) => facts.instanceTypes[type]?.zones.includes(zone) ?? true);
  const lacking = (zone: string) => requirements.filter((types) => !offers(zone, types)).length;
  const others = facts.zones
    .filter((zone) => !named.includes(zone.name))
    .toSorted((a, b) => lacking(a.name) - lacking(b.name) || rank(a.id).localeCompare(rank(b.id)))
    .map((zone) => zone.name);
  // What few zones offer has its place first.
  const first = [...named];
  for (const types of requirements) {
    const offering = others.find((zone) => offers(zone, types));
    if (offering !== undefined && !first.some((zone) => offers(zone, types))) first.push(offering);
  }
  const usable = [...new Set([...first, ...others])].slice(0, Math.max(first.length, wantedCount(facts.region)));
  if (usable.length < 2) {
    throw new InputError(`fewer than two availability zones of ${facts.region} can host a cluster`, {
      hint: "choose another region",
    });
  }
  return usable;
}

/** The zones that a key of the file names, each once. */
function available({ zones, region }: Facts, key: string, named: readonly string[]): readonly string[] {
  const known = zones.map((zone) => zone.name);
  const unknown = named.filter((zone) => !known.includes(zone));
  if (unknown.length === 0) return [...new Set(named)];
  throw new InputError(`${key}: ${unknown.join(", ")} cannot host a cluster in ${region}`, {
    hint: `choose from ${known.join(", ")}`,
  });
}

/** The Local Zones that the file names: of the region, and open to the account. */
function enabled({ localZones, region }: Facts, named: readonly string[]): readonly string[] {
  for (const name of named) {
    const zone = localZones.find((one) => one.name === name);
    if (zone === undefined) {
      throw new InputError(`localZones: ${name} is no Local Zone of ${region}`, {
        hint:
          localZones.length === 0
            ? "the region has none: leave localZones out"
            : `choose from ${localZones.map((one) => one.name).join(", ")}`,
      });
    }
    if (!zone.optedIn) {
      throw new InputError(`localZones: the account has not opted in to ${name}`, {
        hint: `aws ec2 modify-availability-zone-group --region ${region} --group-name ${zone.group} --opt-in-status opted-in`,
      });
    }
  }
  return named;
}

type Placed = Pick<ManagedNodeGroup, "availabilityZones" | "subnets" | "instanceTypes" | "instanceType"> &
  Pick<NodeGroup, "localZones" | "outpostARN">;

/** A nodegroup needs one of its types in a zone; without any named, one of the default ones. */
function typesOf({
  instanceTypes,
  instanceType,
}: Pick<ManagedNodeGroup, "instanceTypes" | "instanceType">): readonly string[] {
  return instanceTypes ?? (instanceType === undefined ? defaultInstanceTypes : [instanceType]);
}

/** As a managed nodegroup says it. */
function withTypes({
  instanceType,
  instancesDistribution,
  availabilityZones,
  subnets,
  localZones,
  outpostARN,
}: NodeGroup): Placed {
  const instanceTypes = instancesDistribution?.instanceTypes;
  const group = {
    ...(availabilityZones && { availabilityZones }),
    ...(subnets && { subnets }),
    ...(localZones && { localZones }),
    ...(outpostARN !== undefined && { outpostARN }),
  };
  return { ...group, ...(instanceTypes ? { instanceTypes } : instanceType === undefined ? {} : { instanceType }) };
}

/** The VPC's zones, and those that the file adds to them, in its order. */
function grown(existing: VpcZones, facts: Facts, config: ClusterConfig): VpcZones {
  const { availabilityZones, localZones = [] } = config;
  const there = [...existing.first, ...existing.added];
  const ofRegion = there.filter((zone) => !isOutsideRegion(zone, facts));
  const fromFile = availabilityZones ?? ofRegion;
  const missing = ofRegion.filter((zone) => !fromFile.includes(zone));
  if (missing.length > 0) {
    throw new InputError(
      `availabilityZones: the cluster's VPC spans ${ofRegion.join(", ")}, and a VPC keeps its zones: ${missing.join(", ")} must stay`,
      { hint: "to move nodes out of a zone, name the others in availabilityZones of the nodegroups" },
    );
  }
  const more = (zones: readonly string[]) => zones.filter((zone) => !there.includes(zone));
  const added = [
    ...available(facts, "availabilityZones", more(fromFile)),
    ...enabled(facts, more(localZones)),
    ...more(outpostIds(config)),
  ];
  return { ...existing, added: [...existing.added, ...added] };
}
