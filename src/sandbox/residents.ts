import { createHash } from "node:crypto";
import { z } from "zod";
import { InputError } from "../errors.ts";
import { AwsError } from "./aws-error.ts";
import { partitionOf } from "./partitions.ts";
import { makeVpc, residentVpc } from "./resident-networks.ts";
import type { Call } from "./service.ts";
import { instanceTypeOf } from "./services/ec2/internal.ts";
import { parseIpv6Cidr } from "./services/ec2/ipv6.ts";
import { keyPairHandlers } from "./services/ec2/key-pairs.ts";
import { launchTemplateVersionHandlers } from "./services/ec2/launch-template-versions.ts";
import { launchTemplateHandlers } from "./services/ec2/launch-templates.ts";
import { placementGroupHandlers } from "./services/ec2/placement-groups.ts";
import { makeSecurityGroup } from "./services/ec2/security-groups.ts";
import { vpcHandlers } from "./services/ec2/vpcs.ts";
import { newVpnGateway } from "./services/ec2/vpn-gateways.ts";
import { zonesOf } from "./services/ec2/zones.ts";
import { instanceProfileHandlers } from "./services/iam/instance-profiles.ts";
import { policyHandlers } from "./services/iam/policies.ts";
import { rolePolicyHandlers } from "./services/iam/role-policies.ts";
import { roleHandlers } from "./services/iam/roles.ts";
import { serviceLinkedRoleArn } from "./services/iam/internal.ts";
import { emptyIamState } from "./services/iam/state.ts";
import { makeAlias } from "./services/kms/aliases.ts";
import { allowing, keyPolicy } from "./services/kms/key-policy.ts";
import { makeKey } from "./services/kms/keys.ts";
import { keyNamed, uuidOf } from "./services/kms/lookup.ts";
import { kmsArn } from "./services/kms/place.ts";
import { userHandlers } from "./services/iam/users.ts";
import type { World } from "./world.ts";

const arn = (resource: "role" | "instance-profile" | "user" | "policy", longestName: number) =>
  z.string().regex(new RegExp(`^arn:[a-z-]+:iam::\\d{12}:${resource}/(?:[!-.0-~]+/)*[\\w+=,.@-]{1,${longestName}}$`));
const region = z.string().refine((name) => partitionOf(name) !== undefined, "there is no such region");
const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly().default([]);

const residents = z.strictObject({
  roles: list(
    z.strictObject({
      arn: arn("role", 64),
      /** Service principals that may assume it, beside its own account: `eks.amazonaws.com`. */
      trustServices: list(z.string().regex(/^[\w.-]+\.amazonaws\./)),
      /** They may tag their sessions. */
      tagsSessions: z.boolean().exactOptional(),
      /** Policies that are attached to it. */
      policyArns: list(z.string()),
    }),
  ),
  /** Each with a role in it, of the same account. */
  instanceProfiles: list(z.strictObject({ arn: arn("instance-profile", 128), roleArn: arn("role", 64) })),
  /** ARNs. */
  users: list(arn("user", 64)),
  /** ARNs of customer managed policies, which allow everything. */
  policies: list(arn("policy", 128)),
  keyPairs: list(z.strictObject({ region, name: z.string().min(1).max(255) })),
  /** KMS keys by the ARN of a key or of an alias, whosever, or by an alias or id of this account: everybody here may use them. */
  keys: list(
    z.strictObject({ region, name: z.string().regex(/^(arn:[a-z-]+:kms:[\w-]+:\d{12}:)?(key\/|alias\/)?[\w/-]+$/) }),
  ),
  /** Of the account's own, for a type of instances where that is said. */
  images: list(
    z.strictObject({
      region,
      id: z.string().regex(/^ami-[0-9a-f]{8,17}$/),
      architecture: z.enum(["x86_64", "arm64"]).exactOptional(),
      instanceType: z.string().exactOptional(),
      rootDevice: z.string().default("/dev/xvda"),
    }),
  ),
  placementGroups: list(z.strictObject({ region, name: z.string().min(1).max(255) })),
  /** Pools of IPv6 addresses that the account has brought along. */
  ipv6Pools: list(
    z.strictObject({
      region,
      id: z.string().regex(/^ipv6pool-ec2-[0-9a-f]{8,17}$/),
      cidr: z.string().refine((cidr) => parseIpv6Cidr(cidr) !== undefined, "is no IPv6 block"),
    }),
  ),
  /** Transit gateways, in whoever's account. */
  transitGateways: list(z.strictObject({ region, id: z.string().regex(/^tgw-[0-9a-f]{8,17}$/) })),
  /** Virtual private gateways, attached to no VPC. */
  vpnGateways: list(z.strictObject({ region, id: z.string().regex(/^vgw-[0-9a-f]{8,17}$/) })),
  /** Outposts by their ARNs, in whoever's account; each is in the first zone of its region. */
  outposts: list(
    z.strictObject({
      region,
      arn: z.string().regex(/^arn:[a-z-]+:outposts:[\w-]+:\d{12}:outpost\/op-[0-9a-f]{8,17}$/),
    }),
  ),
  /** VPCs with their subnets and security groups. */
  vpcs: list(residentVpc),
  /** Each is associated with every VPC of its region. */
  securityGroups: list(z.strictObject({ region, id: z.string().regex(/^sg-[0-9a-f]{5,17}$/) })),
  /** Of any VPC: those that will use them are not there yet. */
  targetGroups: list(
    z.strictObject({
      region,
      arn: z.string().regex(/^arn:[a-z-]+:elasticloadbalancing:[\w-]+:\d{12}:targetgroup\/[\w-]+\/\w+$/),
    }),
  ),
  /** Of any VPC, too. */
  classicLoadBalancers: list(z.strictObject({ region, name: z.string().regex(/^[A-Za-z0-9-]{1,32}$/) })),
  /** Empty ones, with so many versions, of which the first is the default. */
  launchTemplates: list(
    z.strictObject({
      region,
      id: z.string().regex(/^lt-[0-9a-f]{8,17}$/),
      versions: z.int().min(1).max(1000).default(1),
    }),
  ),
});

/**
 * What somebody else has made in the account, or in other accounts, before any client came. Other accounts' roles can be
 * given to services and their policies attached, which AWS would refuse: files from real accounts name those accounts.
 */
export type Residents = z.input<typeof residents>;
/** Residents that were checked. */
export type CheckedResidents = z.output<typeof residents>;

/**
 * Checks residents that come from outside.
 *
 * @throws InputError that names every problem.
 */
export function parseResidents(data: unknown): CheckedResidents {
  const result = residents.safeParse(data);
  if (!result.success) throw new InputError(`invalid residents: ${z.prettifyError(result.error)}`);
  return result.data;
}

/**
 * Makes those that are not there, as if it had been long ago: they are known everywhere at once. What exists, or has the
 * name, stays as it is.
 *
 * @returns those that were made.
 * @throws InputError for what the account cannot hold.
 */
export function addResidents(world: World, wanted: CheckedResidents): CheckedResidents {
  return {
    // The first, since roles have them attached.
    policies: wanted.policies.filter((policy) => isMade(() => makePolicy(world, policy))),
    roles: wanted.roles.filter((role) => isMade(() => makeRole(world, role))),
    instanceProfiles: wanted.instanceProfiles.filter((profile) => isMade(() => makeInstanceProfile(world, profile))),
    users: wanted.users.filter((user) => isMade(() => makeUser(world, user))),
    keyPairs: wanted.keyPairs.filter((key) => isMade(() => makeKeyPair(world, key))),
    keys: wanted.keys.filter((key) => isMade(() => makeResidentKey(world, key))),
    images: wanted.images.filter((image) => isMade(() => makeImage(world, image))),
    placementGroups: wanted.placementGroups.filter((group) => isMade(() => makePlacementGroup(world, group))),
    ipv6Pools: wanted.ipv6Pools.filter((pool) => isMade(() => makeIpv6Pool(world, pool))),
    transitGateways: wanted.transitGateways.filter((one) => isMade(() => makeTransitGateway(world, one))),
    vpnGateways: wanted.vpnGateways.filter((one) => isMade(() => makeVpnGateway(world, one))),
    // Before what is on them.
    outposts: wanted.outposts.filter((one) => isMade(() => makeOutpost(world, one))),
    vpcs: wanted.vpcs.filter((vpc) => isMade(() => makeVpc(regionalCall(world, vpc.region), vpc))),
    securityGroups: wanted.securityGroups.filter((group) => isMade(() => makeGroup(world, group))),
    targetGroups: wanted.targetGroups.filter((group) => isMade(() => makeTargetGroup(world, group))),
    classicLoadBalancers: wanted.classicLoadBalancers.filter((one) =>
      isMade(() => makeClassicLoadBalancer(world, one)),
    ),
    launchTemplates: wanted.launchTemplates.filter((template) => isMade(() => makeTemplate(world, template))),
  };
}

const alreadyThere = [
  "InvalidLaunchTemplateName.AlreadyExistsException",
  "DuplicateTargetGroupName",
  "DuplicateLoadBalancerName",
  "EntityAlreadyExists",
  "AlreadyExistsException",
  "InvalidAMIID.Duplicate",
  "InvalidPool.Duplicate",
  "InvalidTransitGateway.Duplicate",
  "InvalidVpnGateway.Duplicate",
  "InvalidOutpost.Duplicate",
  "InvalidKeyPair.Duplicate",
  "InvalidPlacementGroup.Duplicate",
  "InvalidGroup.Duplicate",
  "InvalidVpc.Duplicate",
];

function isMade(make: () => void): boolean {
  try {
    make();
    return true;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (alreadyThere.includes(error.code)) return false;
    throw new InputError(`the account cannot hold these residents: ${error.message}`, { cause: error });
  }
}

const longAgo = Date.UTC(2020, 0, 1);

/** As whoever made the residents sends requests: through the services' own operations, so that the same rules hold. */
function callOf(
  world: World,
  where: { readonly region: string; readonly account: string; readonly partition: string },
): Call {
  const { account, partition } = where;
  const principal = `arn:${partition}:iam::${account}:root`;
  const settled = { ...world, now: () => longAgo, duration: () => 0 };
  return { service: "", operation: "", principal, requestId: "", ...where, world: settled };
}

/** For a name of IAM: a call in its account, which may be another one than this. */
function iamCall(world: World, arn: string): { call: Call; name: string; path: string } {
  const [, partition = "", , , account = "", resource = ""] = arn.split(":");
  const parts = resource.split("/");
  const name = parts.pop() ?? "";
  const path = ["", ...parts.slice(1), ""].join("/");
  const call = callOf(world, { region: "us-east-1", account, partition });
  const { state } = world;
  if (account === state.account) return { call, name, path };
  const iam = (state.otherAccounts[account] ??= emptyIamState());
  return { call: { ...call, world: { ...call.world, state: { ...state, account, iam } } }, name, path };
}

function makePolicy(world: World, policyArn: string): void {
  const { call, name, path } = iamCall(world, policyArn);
  const document = policyDocument({ Action: "*", Resource: "*" });
  policyHandlers.CreatePolicy({ PolicyName: name, Path: path, PolicyDocument: document }, call);
}

function makeRole(world: World, role: CheckedResidents["roles"][number]): void {
  const { arn: roleArn, trustServices, tagsSessions, policyArns } = role;
  const { call, name, path } = iamCall(world, roleArn);
  const services = trustServices.length > 0 ? { Service: trustServices } : {};
  const Action = tagsSessions ? ["sts:AssumeRole", "sts:TagSession"] : "sts:AssumeRole";
  const trust = policyDocument({ Action, Principal: { AWS: call.principal, ...services } });
  roleHandlers.CreateRole({ RoleName: name, Path: path, AssumeRolePolicyDocument: trust }, call);
  for (const PolicyArn of policyArns) rolePolicyHandlers.AttachRolePolicy({ RoleName: name, PolicyArn }, call);
}

function makeInstanceProfile(
  world: World,
  { arn: profileArn, roleArn }: CheckedResidents["instanceProfiles"][number],
): void {
  const { call, name, path } = iamCall(world, profileArn);
  instanceProfileHandlers.CreateInstanceProfile({ InstanceProfileName: name, Path: path }, call);
  const held = { InstanceProfileName: name, RoleName: iamCall(world, roleArn).name };
  instanceProfileHandlers.AddRoleToInstanceProfile(held, call);
}

function policyDocument(statement: object): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
}

function makeUser(world: World, userArn: string): void {
  const { call, name, path } = iamCall(world, userArn);
  userHandlers.CreateUser({ UserName: name, Path: path }, call);
}

function regionalCall(world: World, region: string): Call {
  return callOf(world, { region, account: world.state.account, partition: partitionOf(region) ?? "" });
}

function makeKeyPair(world: World, { region, name }: CheckedResidents["keyPairs"][number]): void {
  const PublicKeyMaterial = Buffer.from(publicKeyOf(`${region}/${name}`));
  keyPairHandlers.ImportKeyPair({ KeyName: name, PublicKeyMaterial }, regionalCall(world, region));
}

/** Symmetric; its policy lets this account use it, and Auto Scaling launch instances with volumes under it. */
function makeResidentKey(world: World, { region, name }: CheckedResidents["keys"][number]): void {
  const call = regionalCall(world, region);
  if (keyNamed(call, name)) throw new AwsError("AlreadyExistsException", `The key '${name}' exists`);
  const arn = name.startsWith("arn:") ? name : kmsArn(call, /^(key|alias)\//.test(name) ? name : `key/${name}`);
  const [prefix = "", resource = ""] = arn.split(/:(?=key\/|alias\/)/);
  const isAlias = resource.startsWith("alias/");
  const id = isAlias ? uuidOf(createHash("sha256").update(arn).digest("hex")) : resource.replace("key/", "");
  const { partition, account } = call;
  const owners = [prefix.split(":")[4] ?? "", account].map((each) => `arn:${partition}:iam::${each}:root`);
  const autoScaling = serviceLinkedRoleArn(world, "autoscaling.amazonaws.com");
  const policy = keyPolicy([
    allowing([...new Set(owners)], ["kms:*"], "Accounts"),
    allowing([autoScaling], ["kms:*"], "Auto Scaling"),
  ]);
  makeKey(call, {
    id,
    arn: `${prefix}:key/${id}`,
    description: "Made by somebody else",
    spec: "SYMMETRIC_DEFAULT",
    usage: "ENCRYPT_DECRYPT",
    multiRegion: id.startsWith("mrk-"),
    policy,
    tags: {},
  });
  if (isAlias) makeAlias(call, arn, id);
}

function makeImage(world: World, { region, id, rootDevice, ...about }: CheckedResidents["images"][number]): void {
  const { images } = world.region(region).ec2;
  if (images[id] !== undefined) throw new AwsError("InvalidAMIID.Duplicate", `The image '${id}' already exists`);
  const Architecture = instanceTypeOf(about.instanceType ?? "")?.architecture ?? about.architecture ?? "x86_64";
  images[id] = { ImageId: id, Architecture, State: "available", RootDeviceName: rootDevice, size: 8 };
}

function makePlacementGroup(world: World, { region, name }: CheckedResidents["placementGroups"][number]): void {
  const request = { GroupName: name, Strategy: "cluster" } as const;
  placementGroupHandlers.CreatePlacementGroup(request, regionalCall(world, region));
}

function makeIpv6Pool(world: World, { region, id, cidr }: CheckedResidents["ipv6Pools"][number]): void {
  const { ipv6Pools } = world.region(region).ec2;
  if (ipv6Pools[id] !== undefined) throw new AwsError("InvalidPool.Duplicate", `The pool '${id}' already exists`);
  ipv6Pools[id] = cidr;
}

function makeTransitGateway(world: World, { region, id }: CheckedResidents["transitGateways"][number]): void {
  const { transitGateways } = world.region(region).ec2;
  if (transitGateways[id] !== undefined) throw new AwsError("InvalidTransitGateway.Duplicate", `${id} already exists`);
  transitGateways[id] = id;
}

function makeVpnGateway(world: World, { region, id }: CheckedResidents["vpnGateways"][number]): void {
  const { vpnGateways } = world.region(region).ec2;
  if (vpnGateways[id] !== undefined) throw new AwsError("InvalidVpnGateway.Duplicate", `${id} already exists`);
  vpnGateways[id] = newVpnGateway(regionalCall(world, region), id);
}

/** An ED25519 key in OpenSSH's form; nobody has the other half. */
function publicKeyOf(name: string): string {
  const type = "ssh-ed25519";
  const fields = [Buffer.from(type), createHash("sha256").update(name).digest()];
  const blob = fields.flatMap((field) => [Buffer.from([0, 0, 0, field.length]), field]);
  return `${type} ${Buffer.concat(blob).toString("base64")}`;
}

/** The group lives in a VPC that other groups of the kind share, since those that will use it are not there yet. */
function makeGroup(world: World, { region, id }: CheckedResidents["securityGroups"][number]): void {
  const { securityGroups } = world.region(region).ec2;
  if (securityGroups[id]) throw new AwsError("InvalidGroup.Duplicate", `The security group '${id}' already exists`);
  const call = regionalCall(world, region);
  const home = Object.values(securityGroups).find((group) => group.inEveryVpc)?.VpcId;
  const vpcId = home ?? vpcHandlers.CreateVpc({ CidrBlock: "172.31.0.0/16" }, call).Vpc?.VpcId ?? "";
  const named: World = { ...call.world, id: (prefix) => (prefix === "sg" ? id : world.id(prefix)) };
  const wanted = { name: `resident-${id}`, description: "Made by somebody else", vpcId, tags: {} };
  makeSecurityGroup({ world: named, region }, wanted).inEveryVpc = true;
}

/** What racks are ordered with: general purpose, compute and memory. */
const outpostTypes = ["m5d.large", "m5d.xlarge", "m5d.2xlarge", "c5d.large", "c5d.2xlarge", "r5d.large"];

function makeOutpost(world: World, { region, arn: outpostArn }: CheckedResidents["outposts"][number]): void {
  const { outposts } = world.region(region);
  const id = outpostArn.slice(outpostArn.lastIndexOf("/") + 1);
  if (outposts[id]) throw new AwsError("InvalidOutpost.Duplicate", `${outpostArn} already exists`);
  const { name = "", id: zoneId = "" } = zonesOf(region)[0] ?? {};
  outposts[id] = { id, arn: outpostArn, zone: { name, id: zoneId }, instanceTypes: [...outpostTypes] };
}

function makeTargetGroup(world: World, { region, arn: groupArn }: CheckedResidents["targetGroups"][number]): void {
  const { targetGroups } = world.region(region).elbv2;
  if (targetGroups[groupArn]) throw new AwsError("DuplicateTargetGroupName", `${groupArn} already exists`);
  const [, name = ""] = groupArn.split("/");
  const about = { protocol: "HTTP", port: 80, targetType: "instance", tags: {} } as const;
  targetGroups[groupArn] = { arn: groupArn, name, vpcId: "", ...about };
}

function makeClassicLoadBalancer(
  world: World,
  { region, name }: CheckedResidents["classicLoadBalancers"][number],
): void {
  const { loadBalancers } = world.region(region).elb;
  if (loadBalancers[name]) throw new AwsError("DuplicateLoadBalancerName", `${name} already exists`);
  const nowhere = { vpcId: "", subnetIds: [], securityGroupIds: [], networkInterfaceIds: [] };
  const listeners = [{ protocol: "HTTP", port: 80, instanceProtocol: "HTTP", instancePort: 80 }];
  const dnsName = `${name}-1234567890.${region}.elb.amazonaws.com`;
  loadBalancers[name] = {
    name,
    dnsName,
    ...nowhere,
    scheme: "internet-facing",
    createdAt: longAgo,
    tags: {},
    listeners,
  };
}

function makeTemplate(world: World, { region, id, versions }: CheckedResidents["launchTemplates"][number]): void {
  const call = regionalCall(world, region);
  const named: World = { ...call.world, id: (prefix) => (prefix === "lt" ? id : world.id(prefix)) };
  const LaunchTemplateData = { EbsOptimized: true };
  const name = `resident-${id}`;
  launchTemplateHandlers.CreateLaunchTemplate(
    { LaunchTemplateName: name, LaunchTemplateData },
    { ...call, world: named },
  );
  for (let version = 2; version <= versions; version++) {
    launchTemplateVersionHandlers.CreateLaunchTemplateVersion({ LaunchTemplateId: id, LaunchTemplateData }, call);
  }
}
