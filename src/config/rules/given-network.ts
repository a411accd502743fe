import type { Path } from "../../yaml.ts";
import { type Cidr, overlaps, parseCidr } from "../cidr.ts";
import {
  hasGivenVpc,
  isSubnetId,
  type NamedSubnet,
  namedSubnets,
  type Visibility,
  visibilities,
} from "../given-network.ts";
import { isZoneOf } from "../regions.ts";
import { type Report, type Rule, forEachNodegroup, present } from "./rule.ts";
import { reportZone } from "./zones.ts";

const subnetsOfVpc: Rule = ({ vpc, availabilityZones, metadata, outpost }, report) => {
  if (vpc === undefined || !hasGivenVpc({ vpc })) return;
  const named = namedSubnets({ vpc });
  if (named.length === 0) {
    const at = vpc.id === undefined ? "subnets" : "id";
    report(["vpc", at], "needs vpc.subnets: at least two subnets, in two zones", {
      at: "key",
      reads: [["vpc", "subnets"]],
      hint: "list the subnets of the cluster under vpc.subnets.private and vpc.subnets.public",
    });
    return;
  }
  // An Outpost is in one zone.
  if (named.length === 1 && outpost === undefined) {
    report(["vpc", "subnets"], "names one subnet: EKS wants at least two, in two zones", { at: "key" });
  }
  for (const { visibility, key, id, az, cidr } of named) {
    if (id !== undefined) continue;
    const path = ["vpc", "subnets", visibility, key];
    if (vpc.id === undefined) {
      report(path, "needs its id, or vpc.id, in which it can be found by its zone or block", {
        at: "key",
        reads: [
          ["vpc", "id"],
          [...path, "id"],
        ],
      });
    } else if (az === undefined && cidr === undefined && !isZoneOf(key, metadata?.region)) {
      report(path, "says neither its id, nor its zone, nor its block", {
        at: "key",
        hint: "a subnet is called after its zone, or has az, cidr or id",
        reads: [
          [...path, "id"],
          [...path, "az"],
          [...path, "cidr"],
        ],
      });
    }
  }
  if ((availabilityZones?.length ?? 0) > 0) {
    report(["availabilityZones"], "cannot stand beside vpc.subnets: the zones are those of the subnets", { at: "key" });
  }
};

/** Subnets are there once each, in zones of the region, two at least, and apart from each other. */
const placesOfSubnets: Rule = ({ vpc, metadata, outpost }, report) => {
  const named = namedSubnets({ vpc });
  const region = metadata?.region;
  const zones: (string | undefined)[] = [];
  for (const { visibility, key, id, az, cidr } of named) {
    const path = ["vpc", "subnets", visibility, key];
    if (az !== undefined && !az.startsWith(`${region}-`)) reportZone([...path, "az"], az, region, report);
    else if (looksLikeZone.test(key)) reportZone(path, key, region, report, "key");
    zones.push(zoneOf({ key, az }, region));
    const others = named.slice(
      0,
      named.findIndex((one) => one.visibility === visibility && one.key === key),
    );
    const same = others.find((one) => one.visibility === visibility && one.id !== undefined && one.id === id);
    if (same) report([...path, "id"], `${id} is listed already, as ${same.key}`);
    const block = parseCidr(cidr ?? "");
    const other = block && others.find((one) => overlapsWith(block, one.cidr));
    if (other) report([...path, "cidr"], `${cidr} overlaps ${other.cidr}, the block of ${other.key}`);
  }
  const [first, second] = zones;
  if (second === undefined || outpost !== undefined || zones.some((zone) => zone !== first)) return;
  report(["vpc", "subnets"], `names subnets of ${first} only: EKS wants them in two zones at least`, { at: "key" });
};

/** As far as the file says it. */
function zoneOf({ key, az }: Pick<NamedSubnet, "key" | "az">, region: string | undefined): string | undefined {
  return az ?? (isZoneOf(key, region) ? key : undefined);
}

const looksLikeZone = /^[a-z]{2}(?:-[a-z]+)+-\d[a-z]$/;

function overlapsWith(block: Cidr, text: string | undefined): boolean {
  const other = parseCidr(text ?? "");
  return other !== undefined && overlaps(block, other);
}

/** Each key of `vpc` that means something in one of the two cases only. */
const keysOfVpc: Rule = ({ vpc, remoteNetworkConfig }, report) => {
  if (vpc === undefined) return;
  if (hasGivenVpc({ vpc })) {
    for (const key of ["hostnameType", "autoAllocateIPv6", "ipv6Cidr", "ipv6Pool"] as const) {
      if (vpc[key] === undefined || vpc[key] === false) continue;
      report(["vpc", key], "cannot stand beside a given VPC, which is not changed", { at: "key" });
    }
    if (remoteNetworkConfig?.vpcGatewayID !== undefined) {
      report(["remoteNetworkConfig", "vpcGatewayID"], "cannot stand beside a given VPC, whose routes are not changed", {
        at: "key",
      });
    }
    return;
  }
  for (const key of [
    "securityGroup",
    "controlPlaneSecurityGroupIDs",
    "sharedNodeSecurityGroup",
    "controlPlaneSubnetIDs",
  ] as const) {
    if (vpc[key] === undefined) continue;
    const what = key === "controlPlaneSubnetIDs" ? "subnet" : "security group";
    report(["vpc", key], `needs vpc.id or vpc.subnets: a ${what} that exists is in a VPC that exists`, {
      at: "key",
      reads: [
        ["vpc", "id"],
        ["vpc", "subnets"],
      ],
    });
  }
};

const controlPlane: Rule = ({ vpc }, report) => {
  if (vpc?.controlPlaneSecurityGroupIDs !== undefined && vpc.securityGroup !== undefined) {
    report(["vpc", "controlPlaneSecurityGroupIDs"], "cannot stand beside securityGroup: use one of the two", {
      at: "key",
    });
  }
  if (vpc?.controlPlaneSubnetIDs !== undefined && vpc.controlPlaneOnPrivateSubnets === true) {
    report(["vpc", "controlPlaneSubnetIDs"], "cannot stand beside controlPlaneOnPrivateSubnets: use one of the two", {
      at: "key",
    });
  }
  if (vpc?.controlPlaneOnPrivateSubnets !== true || !hasGivenVpc({ vpc })) return;
  const named = namedSubnets({ vpc });
  if (named.length === 0 || named.filter((one) => one.visibility === "private").length >= 2) return;
  report(["vpc", "controlPlaneOnPrivateSubnets"], "needs at least two private subnets, in two zones", {
    at: "key",
    reads: [["vpc", "subnets"]],
  });
};

const sharedGroup: Rule = ({ vpc }, report) => {
  if (vpc?.manageSharedNodeSecurityGroupRules !== false || vpc.sharedNodeSecurityGroup !== undefined) return;
  report(
    ["vpc", "manageSharedNodeSecurityGroupRules"],
    "needs sharedNodeSecurityGroup: nodes of a group without these rules do not reach the control plane",
    { at: "key", reads: [["vpc", "sharedNodeSecurityGroup"]] },
  );
};

/** In a given VPC a nodegroup's subnets are those of `vpc.subnets` of its kind, by key, or any by id. */
const subnetsOfNodegroup = forEachNodegroup((group, at, report, { vpc, metadata }) => {
  if (!hasGivenVpc({ vpc })) return;
  const wanted = group.privateNetworking === true ? "private" : "public";
  const other = visibilities.find((one) => one !== wanted) ?? wanted;
  const named = namedSubnets({ vpc });
  const reads = [
    ["vpc", "subnets"],
    [...at, "privateNetworking"],
  ];
  if (named.length === 0) return;
  if ((group.subnets?.length ?? 0) === 0 && named.every((one) => one.visibility === other)) {
    report(at, `the nodes are to be in ${wanted} subnets, and vpc.subnets has ${other} ones only`, {
      hint: `set privateNetworking to ${other === "private"}, or list ${wanted} subnets`,
      at: "key",
      reads,
    });
  }
  const otherwise = `set privateNetworking to ${other === "private"}, or list ${wanted} subnets`;
  const zones = named.filter((one) => one.visibility === wanted).map((one) => zoneOf(one, metadata?.region));
  for (const [index, zone] of present(group.availabilityZones)) {
    if (zones.length === 0 || zones.includes(zone) || zones.includes(undefined)) continue;
    const details = { hint: `choose from ${[...new Set(zones)].join(", ")}`, reads };
    report([...at, "availabilityZones", index], `vpc.subnets.${wanted} has none in ${zone}`, details);
  }
  reportUnknown(
    group.subnets,
    [...at, "subnets"],
    { wanted, named, region: metadata?.region, otherwise, reads },
    report,
  );
});

/** A Fargate profile's subnets are private, by key, zone or id. */
const subnetsOfProfile: Rule = ({ fargateProfiles, vpc, metadata }, report) => {
  const named = namedSubnets({ vpc });
  if (!hasGivenVpc({ vpc }) || named.length === 0) return;
  const otherwise = "list private subnets";
  const known = { wanted: "private", named, region: metadata?.region, otherwise, reads: [["vpc", "subnets"]] } as const;
  for (const [index, { subnets }] of present(fargateProfiles)) {
    reportUnknown(subnets, ["fargateProfiles", index, "subnets"], known, report);
  }
};

interface Known {
  readonly wanted: Visibility;
  readonly named: readonly NamedSubnet[];
  readonly region: string | undefined;
  /** What to do where there are none of the wanted kind. */
  readonly otherwise: string;
  readonly reads: readonly Path[];
}

function reportUnknown(
  subnets: readonly (string | undefined)[] | undefined,
  at: Path,
  { wanted, named, region, otherwise, reads }: Known,
  report: Report,
): void {
  const alike = named.filter((one) => one.visibility === wanted);
  for (const [index, name] of present(subnets)) {
    if (isSubnetId(name) || alike.some((one) => one.key === name || one.az === name)) continue;
    // Where a zone is meant, the plan finds out which subnets lie in it.
    if (isZoneOf(name, region) && alike.length > 0) continue;
    report([...at, index], `vpc.subnets.${wanted} has no ${name}`, {
      hint: alike.length > 0 ? `choose from ${alike.map((one) => one.key).join(", ")}` : otherwise,
      reads,
    });
  }
}

export const givenNetworkRules: readonly Rule[] = [
  subnetsOfVpc,
  placesOfSubnets,
  keysOfVpc,
  controlPlane,
  sharedGroup,
  subnetsOfNodegroup,
  subnetsOfProfile,
];
