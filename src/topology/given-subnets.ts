import {
  hasGivenVpc,
  isSubnetId,
  type NamedSubnet,
  namedSubnets,
  subnetUsers,
  type Visibility,
} from "../config/given-network.ts";
import type { ClusterConfig } from "../config/types.ts";
import type { Facts, GivenNetwork, GivenSubnet } from "../facts/types.ts";

/** A subnet of the file, and what it is in AWS. */
export interface FoundSubnet {
  /** How to speak of it: `vpc.subnets.private.main (subnet-0a…)`. */
  readonly label: string;
  readonly visibility: Visibility;
  /** Its key in the file, if it has one, and its id. */
  readonly names: readonly string[];
  readonly subnet: GivenSubnet;
  /** Of the control plane, a nodegroup or a Fargate profile alone, which names it by its id. */
  readonly byNameOnly?: true;
}

export interface FoundSubnets {
  readonly subnets: readonly FoundSubnet[];
  /** What is not there, or is not what the file says. */
  readonly findings: readonly string[];
}

/** The subnets of the file, each of them found in the given network by its id, or by its zone and block. */
export function findSubnets(config: ClusterConfig, facts: Facts, network: GivenNetwork): FoundSubnets {
  const subnets: FoundSubnet[] = [];
  const findings: string[] = [];
  for (const named of namedSubnets(config)) {
    const at = `vpc.subnets.${named.visibility}.${named.key}`;
    const found = findSubnet(named, facts, network);
    if (typeof found === "string") findings.push(`${at}: ${found}`);
    else {
      const label = named.key === found.id ? at : `${at} (${found.id})`;
      subnets.push({ label, visibility: named.visibility, names: [named.key, found.id], subnet: found });
    }
  }
  for (const { who, visibility, subnets: wanted } of subnetUsers(config)) {
    for (const id of wanted.filter(isSubnetId)) {
      if (subnets.some((one) => one.subnet.id === id)) continue;
      const found = network.subnets.find((one) => one.id === id);
      const label = `subnet ${id} of ${who}`;
      if (found === undefined) findings.push(`${label}: it does not exist`);
      else subnets.push({ label, visibility, names: [id], subnet: found, byNameOnly: true });
    }
  }
  for (const id of config.vpc?.controlPlaneSubnetIDs ?? []) {
    if (subnets.some((one) => one.subnet.id === id)) continue;
    const found = network.subnets.find((one) => one.id === id);
    const label = `vpc.controlPlaneSubnetIDs: ${id}`;
    if (found === undefined) findings.push(`${label} does not exist`);
    else subnets.push({ label, visibility: byRoutes(found), names: [id], subnet: found, byNameOnly: true });
  }
  return { subnets, findings: [...findings, ...outside(subnets, network)] };
}

function byRoutes({ wayOut }: GivenSubnet): Visibility {
  return wayOut === "internet-gateway" ? "public" : "private";
}

function findSubnet(named: NamedSubnet, facts: Facts, network: GivenNetwork): GivenSubnet | string {
  const { id, cidr, key } = named;
  if (id !== undefined) {
    const found = network.subnets.find((one) => one.id === id);
    if (found === undefined) return `${id} does not exist`;
    if (cidr !== undefined && found.cidr !== cidr) return `${id} has the block ${found.cidr}, not ${cidr}`;
    if (named.az !== undefined && found.zone !== named.az) return `${id} is in ${found.zone}, not in ${named.az}`;
    return found;
  }
  const zone = named.az ?? (facts.zones.some((one) => one.name === key) ? key : undefined);
  const fitting = network.subnets.filter(
    (one) =>
      one.vpcId === network.vpc?.id &&
      (zone === undefined || one.zone === zone) &&
      (cidr === undefined || one.cidr === cidr),
  );
  const alike = fitting.filter((one) => byRoutes(one) === named.visibility);
  const [found, ...others] = fitting.length > 1 ? alike : fitting;
  const where = [zone && `in ${zone}`, cidr && `with the block ${cidr}`].filter(Boolean).join(" ");
  if (found === undefined) return `${network.vpc?.id ?? "the VPC"} has no ${named.visibility} subnet ${where}`;
  if (others.length === 0) return found;
  const all = [found, ...others].map((one) => `${one.id} (${one.cidr})`).join(", ");
  return `${network.vpc?.id ?? "the VPC"} has several ${named.visibility} subnets ${where}: ${all}; say which by id or cidr`;
}

function outside(subnets: readonly FoundSubnet[], { vpc }: GivenNetwork): readonly string[] {
  return subnets
    .filter(({ subnet }) => vpc !== undefined && subnet.vpcId !== vpc.id)
    .map(({ label, subnet }) => `${label}: it is in ${subnet.vpcId}, not in ${vpc?.id ?? ""}`);
}

/** The subnets of a file whose VPC is given, as far as they exist; undefined for a VPC of ours. */
export function foundSubnets(config: ClusterConfig, facts: Facts): readonly FoundSubnet[] | undefined {
  const { network } = facts;
  return hasGivenVpc(config) && network ? findSubnets(config, facts, network).subnets : undefined;
}
