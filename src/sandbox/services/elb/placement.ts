import { AwsError } from "../../aws-error.ts";
import {
  addNetworkInterface,
  freePublicAddress,
  releaseNetworkInterfaces,
  routeOf,
  securityGroupOf,
  type SubnetRecord,
  subnetOf,
} from "../ec2/internal.ts";
import type { World } from "../../world.ts";
import { invalidConfiguration, validationError } from "./errors.ts";
import type { PlacedRecord } from "./state.ts";

export interface Place {
  readonly world: World;
  readonly region: string;
}

export interface Placement {
  readonly vpcId: string;
  readonly subnets: readonly SubnetRecord[];
}

/**
 * The subnets of one VPC, one for each zone. Throws SubnetNotFound, InvalidConfigurationRequest and, for a load balancer that
 * faces the internet in a VPC without a gateway, InvalidSubnet.
 */
export function placementIn(
  { world, region }: Place,
  subnetIds: readonly string[],
  scheme: PlacedRecord["scheme"],
): Placement {
  const subnets = subnetIds.map((id) => {
    const subnet = subnetOf(world, region, id);
    if (!subnet) throw new AwsError("SubnetNotFound", `The subnet ID '${id}' does not exist`);
    return subnet;
  });
  const [first] = subnets;
  if (!first) throw validationError("At least one subnet must be specified");
  if (subnets.some(({ VpcId }) => VpcId !== first.VpcId)) {
    throw invalidConfiguration("All subnets must belong to the same VPC");
  }
  if (new Set(subnets.map(({ AvailabilityZone }) => AvailabilityZone)).size < subnets.length) {
    throw invalidConfiguration("A load balancer cannot be attached to multiple subnets in the same Availability Zone");
  }
  const isReached = subnets.every(({ SubnetId }) => routeOf(world, region, SubnetId) === "internet-gateway");
  if (scheme === "internet-facing" && !isReached) {
    throw new AwsError("InvalidSubnet", `VPC ${first.VpcId} has no internet gateway`);
  }
  return { vpcId: first.VpcId, subnets };
}

/** Throws InvalidSecurityGroup. */
export function checkSecurityGroups({ world, region }: Place, ids: readonly string[], vpcId: string): void {
  for (const id of ids) {
    if (securityGroupOf(world, region, id)?.VpcId === vpcId) continue;
    throw new AwsError("InvalidSecurityGroup", `One or more security groups are invalid: ${id}`);
  }
}

interface Interfaces extends Placement {
  readonly description: string;
  readonly type?: "network_load_balancer";
  readonly groupIds: readonly string[];
  readonly scheme: PlacedRecord["scheme"];
}

/** A network interface in each subnet, which nobody but Elastic Load Balancing can detach. Returns their ids. */
export function placeInterfaces({ world, region }: Place, wanted: Interfaces): string[] {
  return wanted.subnets.map(({ SubnetId: subnetId }) =>
    addNetworkInterface(world, region, {
      subnetId,
      groupIds: wanted.groupIds,
      description: wanted.description,
      ...(wanted.type === undefined ? {} : { type: wanted.type }),
      requesterManaged: true,
      publicIp: wanted.scheme === "internet-facing" ? freePublicAddress(world, region) : null,
    }),
  );
}

/** They are held for minutes after the load balancer is gone. */
export function releaseInterfaces({ world, region }: Place, { name, networkInterfaceIds }: PlacedRecord): void {
  releaseNetworkInterfaces(
    world,
    region,
    networkInterfaceIds,
    world.now() + world.duration("loadBalancerRelease", name),
  );
}

/** As Elastic Load Balancing names load balancers: letters, digits and hyphens, at most 32. */
export function checkName(name: string): void {
  if (/^(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/.test(name)) return;
  throw validationError(
    `The load balancer name '${name}' can only contain letters, digits and hyphens, has at most 32 characters, and must not begin or end with a hyphen`,
  );
}
