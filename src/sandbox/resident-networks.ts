import { z } from "zod";
import { AwsError } from "./aws-error.ts";
import type { Call } from "./service.ts";
import { addressHandlers } from "./services/ec2/addresses.ts";
import { egressOnlyInternetGatewayHandlers } from "./services/ec2/egress-only-internet-gateways.ts";
import { internetGatewayHandlers } from "./services/ec2/internet-gateways.ts";
import { contains, formatCidr, overlaps, sizeOf, type Block } from "./services/ec2/ipv4.ts";
import { formatIpv6Cidr, parseIpv6Cidr } from "./services/ec2/ipv6.ts";
import { natGatewayHandlers, settleNatGateways } from "./services/ec2/nat-gateways.ts";
import { routeTableHandlers } from "./services/ec2/route-tables.ts";
import { routeHandlers } from "./services/ec2/routes.ts";
import { makeSecurityGroup } from "./services/ec2/security-groups.ts";
import { blockOf } from "./services/ec2/subnet-addresses.ts";
import { subnetHandlers } from "./services/ec2/subnets.ts";
import { vpcHandlers } from "./services/ec2/vpcs.ts";
import { zonesOf } from "./services/ec2/zones.ts";
import { outpostOf } from "./services/outposts/outposts.ts";

const idOf = (prefix: string) => z.string().regex(new RegExp(`^${prefix}-[0-9a-f]{5,17}$`));

/**
 * A network that works: public subnets have a route to an internet gateway and give instances public addresses, each private one
 * has a route table of its own to a NAT gateway, if it is not isolated.
 */
export const residentVpc = z.strictObject({
  region: z.string(),
  id: idOf("vpc"),
  /** IPv4. */
  cidr: z.string().default("10.0.0.0/16"),
  /** It has a block of Amazon's, and each subnet a part of it. */
  ipv6: z.boolean().default(false),
  subnets: z
    .array(
      z.strictObject({
        id: idOf("subnet"),
        public: z.boolean(),
        /** No way to the internet. */
        isolated: z.boolean().default(false),
        /** Name; absent: one after the other. */
        zone: z.string().optional(),
        /** ARN of the Outpost that it is on, in that one's zone. */
        outpostArn: z.string().optional(),
        /** Absent: a free part of the VPC's. */
        cidr: z.string().optional(),
      }),
    )
    .readonly(),
  /** Ids. */
  securityGroups: z.array(idOf("sg")).readonly().default([]),
});
type ResidentVpc = z.output<typeof residentVpc>;

/** Makes what of the network is not there. Throws InvalidVpc.Duplicate when all of it is. */
export function makeVpc(call: Call, wanted: ResidentVpc): void {
  const { vpcs, subnets, securityGroups } = call.world.region(call.region).ec2;
  const missing = {
    vpc: vpcs[wanted.id] === undefined,
    // Those with a block of their own come first, since the others take what is left.
    subnets: wanted.subnets.filter(({ id }) => subnets[id] === undefined).toSorted((a, b) => rank(a) - rank(b)),
    groups: wanted.securityGroups.filter((id) => securityGroups[id] === undefined),
  };
  if (!missing.vpc && missing.subnets.length + missing.groups.length === 0) {
    throw new AwsError("InvalidVpc.Duplicate", `The VPC '${wanted.id}' exists`);
  }
  if (missing.vpc) addVpc(call, wanted);
  for (const subnet of missing.subnets) addSubnet(call, wanted, subnet);
  for (const id of missing.groups) {
    const group = { name: `resident-${id}`, description: "Made by somebody else", vpcId: wanted.id, tags: {} };
    makeSecurityGroup(naming(call, "sg", id), group);
  }
}

function rank({ cidr }: { readonly cidr?: string | undefined }): number {
  return cidr === undefined ? 1 : 0;
}

/** The call, with the next id of that kind decided. */
function naming(call: Call, kind: string, id: string): Call {
  const { world } = call;
  return { ...call, world: { ...world, id: (prefix) => (prefix === kind ? id : world.id(prefix)) } };
}

function addVpc(call: Call, { id: VpcId, cidr, ipv6 }: ResidentVpc): void {
  vpcHandlers.CreateVpc({ CidrBlock: cidr, AmazonProvidedIpv6CidrBlock: ipv6 }, naming(call, "vpc", VpcId));
  if (ipv6) egressOnlyInternetGatewayHandlers.CreateEgressOnlyInternetGateway({ VpcId }, call);
  vpcHandlers.ModifyVpcAttribute({ VpcId, EnableDnsHostnames: { Value: true } }, call);
  const { InternetGatewayId } = internetGatewayHandlers.CreateInternetGateway({}, call).InternetGateway;
  internetGatewayHandlers.AttachInternetGateway({ InternetGatewayId, VpcId }, call);
}

function addSubnet(call: Call, vpc: ResidentVpc, wanted: ResidentVpc["subnets"][number]): void {
  const zones = zonesOf(call.region).filter((one) => one.controlPlane);
  const alike = vpc.subnets.filter((one) => one.public === wanted.public);
  const nth = zones[alike.findIndex((one) => one.id === wanted.id) % zones.length];
  const zone = outpostOf(call.world, call.region, wanted.outpostArn ?? "")?.zone.name ?? wanted.zone ?? nth?.name ?? "";
  makeSubnet(call, vpc.id, wanted.id, zone, wanted.cidr ?? freeBlock(call, vpc.id), wanted.outpostArn);
  if (vpc.ipv6) giveIpv6(call, vpc.id, wanted.id);
  const table = routeTableHandlers.CreateRouteTable({ VpcId: vpc.id }, call).RouteTable?.RouteTableId;
  routeTableHandlers.AssociateRouteTable({ RouteTableId: table, SubnetId: wanted.id }, call);
  if (wanted.isolated) return;
  const target = wanted.public ? { GatewayId: gatewayOf(call, vpc.id) } : { NatGatewayId: natGatewayOf(call, vpc.id) };
  routeHandlers.CreateRoute({ RouteTableId: table, DestinationCidrBlock: "0.0.0.0/0", ...target }, call);
  if (vpc.ipv6) routeIpv6(call, vpc.id, table, wanted.public);
  if (!wanted.public) return;
  subnetHandlers.ModifySubnetAttribute({ SubnetId: wanted.id, MapPublicIpOnLaunch: { Value: true } }, call);
}

function makeSubnet(call: Call, VpcId: string, id: string, zone: string, cidr: string, OutpostArn?: string): void {
  const request = { VpcId, CidrBlock: cidr, AvailabilityZone: zone, OutpostArn };
  subnetHandlers.CreateSubnet(request, naming(call, "subnet", id));
}

/** The next /64 of the VPC's block, and addresses of it for interfaces. */
function giveIpv6(call: Call, vpcId: string, SubnetId: string): void {
  const { vpcs, subnets } = call.world.region(call.region).ec2;
  const outer = parseIpv6Cidr(vpcs[vpcId]?.ipv6Blocks[0]?.cidr ?? "");
  if (outer === undefined) throw new AwsError("InvalidSubnet.Range", `The VPC '${vpcId}' has no IPv6 block`);
  const taken = Object.values(subnets).filter((one) => one.VpcId === vpcId && one.ipv6Blocks.length > 0).length;
  const Ipv6CidrBlock = formatIpv6Cidr({ base: outer.base + (BigInt(taken) << 64n), bits: 64 });
  subnetHandlers.AssociateSubnetCidrBlock({ SubnetId, Ipv6CidrBlock }, call);
  subnetHandlers.ModifySubnetAttribute({ SubnetId, AssignIpv6AddressOnCreation: { Value: true } }, call);
}

function routeIpv6(call: Call, vpcId: string, RouteTableId: string | undefined, isPublic: boolean): void {
  const { egressOnlyInternetGateways } = call.world.region(call.region).ec2;
  const egress = Object.values(egressOnlyInternetGateways).find((one) => one.VpcId === vpcId);
  const target = isPublic
    ? { GatewayId: gatewayOf(call, vpcId) }
    : { EgressOnlyInternetGatewayId: egress?.EgressOnlyInternetGatewayId };
  routeHandlers.CreateRoute({ RouteTableId, DestinationIpv6CidrBlock: "::/0", ...target }, call);
}

function gatewayOf(call: Call, vpcId: string): string | undefined {
  const { internetGateways } = call.world.region(call.region).ec2;
  return Object.values(internetGateways).find((one) => one.attachedTo === vpcId)?.InternetGatewayId;
}

/** The one NAT gateway of the VPC, in a subnet that nobody else uses. */
function natGatewayOf(call: Call, vpcId: string): string | undefined {
  const { natGateways } = call.world.region(call.region).ec2;
  const there = Object.values(natGateways).find((one) => one.VpcId === vpcId);
  if (there) return there.NatGatewayId;
  const subnetId = call.world.id("subnet");
  makeSubnet(call, vpcId, subnetId, zonesOf(call.region)[0]?.name ?? "", freeBlock(call, vpcId, 28));
  const { AllocationId } = addressHandlers.AllocateAddress({ Domain: "vpc" }, call);
  const made = natGatewayHandlers.CreateNatGateway({ SubnetId: subnetId, AllocationId }, call);
  settleNatGateways({ world: call.world, region: call.region });
  return made.NatGateway?.NatGatewayId;
}

/** A block of the VPC that no subnet has: a sixteenth of the VPC, from its end, or of the given prefix. */
function freeBlock(call: Call, vpcId: string, bits?: number): string {
  const { vpcs, subnets } = call.world.region(call.region).ec2;
  const vpc = vpcs[vpcId];
  if (!vpc) throw new AwsError("InvalidVpcID.NotFound", `The vpc ID '${vpcId}' does not exist`);
  const outer = blockOf(vpc);
  const size = bits ?? Math.min(outer.bits + 4, 28);
  const taken = Object.values(subnets)
    .filter((one) => one.VpcId === vpcId)
    .map(blockOf);
  for (let base = outer.base + sizeOf(outer.bits) - sizeOf(size); base >= outer.base; base -= sizeOf(size)) {
    const block: Block = { base, bits: size };
    if (contains(outer, block) && !taken.some((one) => overlaps(one, block))) return formatCidr(block);
  }
  throw new AwsError("InvalidSubnet.Range", `The VPC '${vpcId}' has no room for another subnet`);
}
