import {
  DescribeVpnGatewaysCommand,
  type Filter,
  type NetworkInterface,
  paginateDescribeInstances,
  paginateDescribeInternetGateways,
  paginateDescribeNatGateways,
  paginateDescribeNetworkInterfaces,
  paginateDescribeRouteTables,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
  paginateDescribeVpcEndpoints,
  type SecurityGroup,
} from "@aws-sdk/client-ec2";
import { DescribeLoadBalancersCommand as ClassicDescription } from "@aws-sdk/client-elastic-load-balancing";
import { DescribeLoadBalancersCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { paginateListInstanceProfilesForRole } from "@aws-sdk/client-iam";
import { collect } from "../aws/answers.ts";
import type { AwsContext } from "../aws/context.ts";
import { absentAsNull } from "../aws/errors.ts";
import { allowOptionally } from "../aws/permissions.ts";
import { owned, tagsOf } from "../aws/tags.ts";
import type { Holder } from "../engine/kind.ts";
import { isMadeFor } from "./made-for-cluster.ts";

/** What it takes to say what holds a thing that AWS does not delete. */
export const lookingForHolders = allowOptionally("it is not said what keeps a thing from being deleted", [
  "ec2:DescribeInstances",
  "ec2:DescribeInternetGateways",
  "ec2:DescribeNatGateways",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeRouteTables",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeSubnets",
  "ec2:DescribeVpcEndpoints",
  "ec2:DescribeVpnGateways",
  "elasticloadbalancing:DescribeLoadBalancers",
]);

/** The network interfaces that a filter finds, by what uses them. */
export function interfacesThatHold(filter: Filter, ctx: AwsContext): Promise<readonly Holder[]> {
  return usersOf([filter], ctx);
}

async function usersOf(Filters: Filter[], ctx: AwsContext): Promise<readonly Holder[]> {
  const pages = paginateDescribeNetworkInterfaces({ client: ctx.clients.ec2 }, { Filters });
  const found = await collect(pages, (page) => page.NetworkInterfaces);
  // A load balancer has an interface in each subnet, and is asked about once.
  const byUser = new Map(found.map((one) => [isOfLoadBalancer(one) ? one.Description : one.NetworkInterfaceId, one]));
  return Promise.all([...byUser.values()].map((one) => userOf(one, ctx)));
}

/** The interfaces in a VPC that have public addresses: they need its gateway. */
export async function publicInterfacesThatHold(vpcId: string | null, ctx: AwsContext): Promise<readonly Holder[]> {
  if (vpcId === null) return [];
  const inVpc = { Name: "vpc-id", Values: [vpcId] };
  return usersOf([inVpc, { Name: "association.public-ip", Values: ["*"] }], ctx);
}

/** The interfaces in a security group, and the other groups whose rules name it. */
export async function whatHoldsGroup(id: string, ctx: AwsContext): Promise<readonly Holder[]> {
  const referring = ["ip-permission.group-id", "egress.ip-permission.group-id"].map((Name) => ({ Name, Values: [id] }));
  const [interfaces, ...groups] = await Promise.all([
    interfacesThatHold({ Name: "group-id", Values: [id] }, ctx),
    ...referring.map((filter) => groupsFound(filter, ctx)),
  ]);
  const others = new Map(groups.flat().map((group) => [group.GroupId ?? "", group]));
  others.delete(id);
  const rules = [...others.values()].map((group) => ({
    name: `a rule of ${groupName(group)} that names it`,
    leaves: isSwept(group, ctx),
  }));
  return [...interfaces, ...rules];
}

/** The instance profiles that a role is in. */
export async function profilesThatHold(RoleName: string, ctx: AwsContext): Promise<readonly Holder[]> {
  const pages = paginateListInstanceProfilesForRole({ client: ctx.clients.iam }, { RoleName });
  const profiles = await collect(pages, (page) => page.InstanceProfiles);
  return profiles.map(({ Arn }) => ({ name: `instance profile ${Arn}`, leaves: false }));
}

/** What is in a VPC beside what EC2 puts there itself. */
export async function whatHoldsVpc(id: string, ctx: AwsContext): Promise<readonly Holder[]> {
  const { ec2: client } = ctx.clients;
  const inVpc = { Name: "vpc-id", Values: [id] };
  const request = { Filters: [inVpc] };
  const attached = { Filters: [{ Name: "attachment.vpc-id", Values: [id] }] };
  const [interfaces, subnets, groups, tables, gateways, { VpnGateways = [] }] = await Promise.all([
    interfacesThatHold(inVpc, ctx),
    collect(paginateDescribeSubnets({ client }, request), (page) => page.Subnets),
    groupsFound(inVpc, ctx),
    collect(paginateDescribeRouteTables({ client }, request), (page) => page.RouteTables),
    collect(paginateDescribeInternetGateways({ client }, attached), (page) => page.InternetGateways),
    client.send(new DescribeVpnGatewaysCommand(attached)),
  ]);
  const stays = (title: string, ref: string | undefined): Holder => ({ name: `${title} ${ref}`, leaves: false });
  return [
    ...interfaces,
    ...subnets.map(({ SubnetId }) => stays("subnet", SubnetId)),
    ...groups
      .filter(({ GroupName }) => GroupName !== "default")
      .map((group) => ({ name: groupName(group), leaves: isSwept(group, ctx) })),
    ...tables
      .filter(({ Associations = [] }) => !Associations.some(({ Main }) => Main))
      .map(({ RouteTableId }) => stays("route table", RouteTableId)),
    ...gateways.map(({ InternetGatewayId }) => stays("internet gateway", InternetGatewayId)),
    ...VpnGateways.flatMap(({ VpnGatewayId, VpcAttachments = [] }) =>
      VpcAttachments.filter(({ VpcId, State }) => VpcId === id && State !== "detached").map(({ State }) => ({
        name: `virtual private gateway ${VpnGatewayId}`,
        leaves: State === "detaching",
      })),
    ),
  ];
}

async function groupsFound(filter: Filter, ctx: AwsContext): Promise<readonly SecurityGroup[]> {
  const pages = paginateDescribeSecurityGroups({ client: ctx.clients.ec2 }, { Filters: [filter] });
  return collect(pages, (page) => page.SecurityGroups);
}

function groupName({ GroupId, GroupName }: SecurityGroup): string {
  return `security group ${GroupId} (${GroupName})`;
}

/** Of the cluster: what EKS or Kubernetes made, or we. */
function isSwept({ Tags }: SecurityGroup, ctx: AwsContext): boolean {
  const tags = tagsOf(Tags);
  return isMadeFor("securityGroup", tags, ctx) || owned(tags, ctx.owner);
}

const ofLoadBalancer = /^ELB (.+)$/;

function isOfLoadBalancer({ Description = "" }: NetworkInterface): boolean {
  return ofLoadBalancer.test(Description);
}

/** What uses a network interface: AWS says so in its description only. */
async function userOf(one: NetworkInterface, ctx: AwsContext): Promise<Holder> {
  const { NetworkInterfaceId: id, Description: description = "", Status, Attachment, TagSet } = one;
  const named = description === "" ? `network interface ${id}` : `network interface ${id} (${description})`;
  const [, loadBalancer] = ofLoadBalancer.exec(description) ?? [];
  if (loadBalancer !== undefined) return loadBalancerBehind(loadBalancer, named, ctx);
  const [, cluster] = /^Amazon EKS (.+)$/.exec(description) ?? [];
  if (cluster !== undefined) return { name: named, leaves: cluster === ctx.owner.cluster };
  const [natGateway] = /\bnat-[0-9a-f]+\b/.exec(description) ?? [];
  if (natGateway !== undefined) return natGatewayBehind(natGateway, ctx);
  const [endpoint] = /\bvpce-[0-9a-f]+\b/.exec(description) ?? [];
  if (endpoint !== undefined) return endpointBehind(endpoint, ctx);
  if (Attachment?.InstanceId !== undefined) return instanceBehind(Attachment.InstanceId, named, ctx);
  const isLeftOver = Status === "available" && isMadeFor("networkInterface", tagsOf(TagSet), ctx);
  return { name: named, leaves: isLeftOver };
}

/** Interfaces of a load balancer stay for minutes after it. */
async function loadBalancerBehind(said: string, named: string, { clients }: AwsContext): Promise<Holder> {
  const [type, name = ""] = said.split("/");
  const isModern = said.includes("/");
  const arn = await absentAsNull(async () => {
    if (!isModern) {
      await clients.elb.send(new ClassicDescription({ LoadBalancerNames: [said] }));
      return said;
    }
    const { LoadBalancers } = await clients.elbv2.send(new DescribeLoadBalancersCommand({ Names: [name] }));
    return LoadBalancers?.[0]?.LoadBalancerArn ?? `${type}/${name}`;
  });
  return arn === null ? { name: named, leaves: true } : { name: `load balancer ${arn}`, leaves: false };
}

async function natGatewayBehind(id: string, { clients }: AwsContext): Promise<Holder> {
  const pages = paginateDescribeNatGateways({ client: clients.ec2 }, { NatGatewayIds: [id] });
  const [found] = (await absentAsNull(() => collect(pages, (page) => page.NatGateways))) ?? [];
  return { name: `NAT gateway ${id}`, leaves: found?.State !== "available" && found?.State !== "pending" };
}

async function endpointBehind(id: string, { clients }: AwsContext): Promise<Holder> {
  const pages = paginateDescribeVpcEndpoints({ client: clients.ec2 }, { VpcEndpointIds: [id] });
  const [found] = (await absentAsNull(() => collect(pages, (page) => page.VpcEndpoints))) ?? [];
  const { State: state = "deleted", ServiceName: service } = found ?? {};
  return { name: `VPC endpoint ${id}${service ? ` (${service})` : ""}`, leaves: /^delet/i.test(state) };
}

async function instanceBehind(id: string, named: string, { clients }: AwsContext): Promise<Holder> {
  const pages = paginateDescribeInstances({ client: clients.ec2 }, { InstanceIds: [id] });
  const [found] = (await absentAsNull(() => collect(pages, (page) => page.Reservations))) ?? [];
  const state = found?.Instances?.[0]?.State?.Name;
  const ends = state === undefined || state === "shutting-down" || state === "terminated";
  return { name: `instance ${id}, by ${named}`, leaves: ends };
}
