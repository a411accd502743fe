import {
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  type Filter,
  type Route,
  type RouteTable,
  type Subnet,
  paginateDescribeRouteTables,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
} from "@aws-sdk/client-ec2";
import { collect } from "../aws/answers.ts";
import type { Clients } from "../aws/clients.ts";
import { allow } from "../aws/permissions.ts";
import { tagsOf } from "../aws/tags.ts";
import type { Action } from "../engine/kind.ts";
import type { NetworkNeeds } from "./needs.ts";
import type { GivenNetwork, GivenSubnet, GivenVpc, WayOut } from "./types.ts";

/** The permissions that `gatherNetwork` takes. */
export const gatheringNetwork: readonly Action[] = allow([
  "ec2:DescribeRouteTables",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeSubnets",
  "ec2:DescribeVpcAttribute",
]);

const filter = (name: string, values: readonly string[]): { Filters: Filter[] } => ({
  Filters: [{ Name: name, Values: [...values] }],
});

/** What is there of a network that the file names. Asks by filters, which leave out what does not exist. */
export async function gatherNetwork(needs: NetworkNeeds, clients: Clients): Promise<Omit<GivenNetwork, "endpoints">> {
  const [named, securityGroups] = await Promise.all([
    subnetsBy("subnet-id", needs.subnetIds, clients),
    gatherSecurityGroups(needs.securityGroupIds, clients),
  ]);
  const vpcId = needs.vpcId ?? named[0]?.VpcId;
  if (vpcId === undefined) return { subnets: [], securityGroups };
  const [vpc, all, tables] = await Promise.all([
    gatherVpc(vpcId, clients),
    subnetsBy("vpc-id", [vpcId], clients),
    collect(
      paginateDescribeRouteTables({ client: clients.ec2 }, filter("vpc-id", [vpcId])),
      (page) => page.RouteTables,
    ),
  ]);
  const elsewhere = named.filter((one) => one.VpcId !== vpcId);
  return {
    ...(vpc && { vpc }),
    subnets: [...all, ...elsewhere].map((one) => subnetFacts(one, tables)),
    securityGroups,
  };
}

async function subnetsBy(name: string, values: readonly string[], { ec2 }: Clients): Promise<readonly Subnet[]> {
  if (values.length === 0) return [];
  return collect(paginateDescribeSubnets({ client: ec2 }, filter(name, values)), (page) => page.Subnets);
}

async function gatherVpc(id: string, { ec2 }: Clients): Promise<GivenVpc | undefined> {
  const { Vpcs } = await ec2.send(new DescribeVpcsCommand(filter("vpc-id", [id])));
  const vpc = Vpcs?.[0];
  if (vpc === undefined) return undefined;
  const [support, hostnames] = await Promise.all([
    ec2.send(new DescribeVpcAttributeCommand({ VpcId: id, Attribute: "enableDnsSupport" })),
    ec2.send(new DescribeVpcAttributeCommand({ VpcId: id, Attribute: "enableDnsHostnames" })),
  ]);
  const blocks = (vpc.CidrBlockAssociationSet ?? [])
    .filter((one) => one.CidrBlockState?.State === "associated")
    .flatMap((one) => one.CidrBlock ?? []);
  return {
    id,
    cidrs: blocks,
    dnsSupport: support.EnableDnsSupport?.Value ?? false,
    dnsHostnames: hostnames.EnableDnsHostnames?.Value ?? false,
  };
}

async function gatherSecurityGroups(ids: readonly string[], { ec2 }: Clients): Promise<GivenNetwork["securityGroups"]> {
  if (ids.length === 0) return {};
  const groups = await collect(
    paginateDescribeSecurityGroups({ client: ec2 }, filter("group-id", ids)),
    (page) => page.SecurityGroups,
  );
  return Object.fromEntries(groups.map(({ GroupId = "", VpcId = "" }) => [GroupId, VpcId]));
}

function subnetFacts(one: Subnet, tables: readonly RouteTable[]): GivenSubnet {
  const own = tables.find(({ Associations = [] }) => Associations.some(({ SubnetId }) => SubnetId === one.SubnetId));
  const table = own ?? tables.find(({ Associations = [] }) => Associations.some(({ Main }) => Main === true));
  return {
    id: one.SubnetId ?? "",
    vpcId: one.VpcId ?? "",
    cidr: one.CidrBlock ?? "",
    zone: one.AvailabilityZone ?? "",
    freeAddresses: one.AvailableIpAddressCount ?? 0,
    mapPublicIp: one.MapPublicIpOnLaunch ?? false,
    wayOut: wayOut(table?.Routes?.find((route) => route.DestinationCidrBlock === "0.0.0.0/0")),
    routeTableId: table?.RouteTableId ?? "",
    ownRouteTable: own !== undefined,
    ...(one.OutpostArn === undefined ? {} : { outpostArn: one.OutpostArn }),
    ipv6: one.Ipv6CidrBlockAssociationSet?.some((block) => block.Ipv6CidrBlockState?.State === "associated") ?? false,
    assignsIpv6: one.AssignIpv6AddressOnCreation ?? false,
    tags: tagsOf(one.Tags),
  };
}

/** @param route the default route. */
function wayOut(route: Route | undefined): WayOut {
  if (route === undefined || route.State === "blackhole") return "nowhere";
  if (route.GatewayId?.startsWith("igw-") === true) return "internet-gateway";
  return route.NatGatewayId === undefined ? "other" : "nat-gateway";
}
