import {
  AssociateSubnetCidrBlockCommand,
  CreateSubnetCommand,
  DeleteSubnetCommand,
  type DescribeSubnetsRequest,
  type HostnameType,
  ModifySubnetAttributeCommand,
  paginateDescribeSubnets,
  type Subnet,
} from "@aws-sdk/client-ec2";
import { collect, created } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { allow, making, ours, retagging } from "../../aws/permissions.ts";
import { type Tags, tagsOf } from "../../aws/tags.ts";
import type { Kind, Live } from "../../engine/kind.ts";
import { subnetBlock } from "../../ipv6.ts";
import { interfacesThatHold } from "../holders.ts";
import { taggedLive, tagsAspect } from "../tags-aspect.ts";
import { afterRelease, moments } from "../timings.ts";
import { ownedFilters, tagSpecifications, updateTags } from "./tags-updates.ts";
import type { VpcAttrs } from "./vpc.ts";

export interface SubnetIpv6 {
  /** Which of the /64 blocks in the VPC's IPv6 block. */
  readonly block: number;
  /** Interfaces get an address of it. */
  readonly assign: boolean;
}

export interface SubnetSpec {
  readonly cidr: string;
  /** Zone name, as `us-west-2a`. */
  readonly zone: string;
  /** The Outpost in that zone that it is on. */
  readonly outpostArn?: string;
  /** Instances get public addresses. */
  readonly public: boolean;
  readonly ipv6?: SubnetIpv6;
  readonly hostnameType?: "ip-name" | "resource-name";
  readonly tags: Tags;
}
export interface SubnetDeps {
  readonly vpc: Pick<VpcAttrs, "id" | "ipv6Cidr">;
}
export interface SubnetAttrs {
  readonly id: string;
  readonly vpcId: string;
  readonly cidr: string;
  readonly zone: string;
  /** null: it is in the region. */
  readonly outpostArn: string | null;
  readonly mapPublicIp: boolean;
  readonly ipv6Cidr: string | null;
  readonly assignsIpv6: boolean;
  readonly hostnameType: string;
  readonly tags: Tags;
}

export const subnet: Kind<
  SubnetSpec,
  SubnetDeps,
  SubnetAttrs,
  AwsContext,
  "publicAddresses" | "ipv6" | "ipv6Addresses" | "hostnameType" | "tags"
> = {
  name: "ec2.subnet",
  title: "subnet",
  deletedBefore: ["ec2.vpc", "ec2.cluster-security-group"],
  completes: ["publicAddresses", "ipv6Addresses", "hostnameType"],
  timing: (verb) => (verb === "delete" ? afterRelease : moments),

  actions: {
    list: allow("ec2:DescribeSubnets"),
    read: allow("ec2:DescribeSubnets"),
    create: [...making("CreateSubnet", "subnet"), ...allow("ec2:CreateSubnet", ours("vpc"))],
    delete: allow("ec2:DeleteSubnet", ours("subnet")),
    publicAddresses: allow("ec2:ModifySubnetAttribute", ours("subnet")),
    ipv6: (planned) => (planned?.spec.ipv6 ? allow("ec2:AssociateSubnetCidrBlock", ours("subnet")) : []),
    ipv6Addresses: allow("ec2:ModifySubnetAttribute", ours("subnet")),
    hostnameType: allow("ec2:ModifySubnetAttribute", ours("subnet")),
    tags: retagging("subnet"),
  },

  list: (ctx, id) => describe({ Filters: ownedFilters(ctx, id) }, ctx),
  async read(ref, ctx) {
    const found = await absentAsNull(() => describe({ SubnetIds: [ref] }, ctx));
    return found?.[0] ?? null;
  },

  async create(want, ctx) {
    const { Subnet } = await ctx.clients.ec2.send(
      new CreateSubnetCommand({
        VpcId: want.deps.vpc.id,
        CidrBlock: want.spec.cidr,
        Ipv6CidrBlock: ipv6Block(want.spec, want.deps),
        AvailabilityZone: want.spec.zone,
        OutpostArn: want.spec.outpostArn,
        TagSpecifications: tagSpecifications("subnet", want, ctx),
      }),
    );
    return created(Subnet?.SubnetId, "subnet");
  },

  async delete(live, ctx) {
    await ctx.clients.ec2.send(new DeleteSubnetCommand({ SubnetId: live.ref }));
  },

  holders: ({ ref }, ctx) => interfacesThatHold({ Name: "subnet-id", Values: [ref] }, ctx),

  aspects: {
    vpc: {
      want: (_spec, deps) => deps.vpc.id,
      have: (attrs) => attrs.vpcId,
      change: (from) => ({ refuse: `a subnet cannot leave its VPC, ${String(from)}; delete it first` }),
    },
    cidr: {
      want: (spec) => spec.cidr,
      have: (attrs) => attrs.cidr,
      change: (from) => ({ refuse: `a subnet keeps its CIDR block, ${String(from)}; make a new cluster for another` }),
    },
    zone: {
      want: (spec) => spec.zone,
      have: (attrs) => attrs.zone,
      change: (from) => ({ refuse: `a subnet cannot leave its zone, ${String(from)}; make a new cluster for others` }),
    },
    outpost: {
      want: (spec) => spec.outpostArn ?? null,
      have: (attrs) => attrs.outpostArn,
      change: () => ({ refuse: "a subnet stays on its Outpost, or in the region; make a new cluster for another" }),
    },
    publicAddresses: {
      want: (spec) => spec.public,
      have: (attrs) => attrs.mapPublicIp,
      change: () => "publicAddresses",
    },
    ipv6Cidr: {
      want: (spec, deps) => ipv6Block(spec, deps),
      have: (attrs) => attrs.ipv6Cidr,
      change: (from) =>
        typeof from === "string"
          ? { refuse: `a subnet keeps its IPv6 block, ${from}; make a new cluster for another` }
          : "ipv6",
    },
    ipv6Addresses: {
      want: (spec) => spec.ipv6?.assign,
      have: (attrs) => attrs.assignsIpv6,
      change: () => "ipv6Addresses",
    },
    hostnameType: {
      want: (spec) => spec.hostnameType,
      have: (attrs) => attrs.hostnameType,
      change: () => "hostnameType",
    },
    tags: tagsAspect,
  },
  // ModifySubnetAttribute takes one attribute a call.
  updates: {
    async publicAddresses(want, live, { clients }) {
      await clients.ec2.send(
        new ModifySubnetAttributeCommand({ SubnetId: live.ref, MapPublicIpOnLaunch: { Value: want.spec.public } }),
      );
      return undefined;
    },
    async ipv6({ spec, deps }, live, { clients }) {
      const Ipv6CidrBlock = ipv6Block(spec, deps);
      await clients.ec2.send(new AssociateSubnetCidrBlockCommand({ SubnetId: live.ref, Ipv6CidrBlock }));
      return undefined;
    },
    async ipv6Addresses({ spec }, live, { clients }) {
      const AssignIpv6AddressOnCreation = { Value: spec.ipv6?.assign };
      await clients.ec2.send(new ModifySubnetAttributeCommand({ SubnetId: live.ref, AssignIpv6AddressOnCreation }));
      return undefined;
    },
    async hostnameType(want, live, { clients }) {
      const type: HostnameType | undefined = want.spec.hostnameType;
      await clients.ec2.send(
        new ModifySubnetAttributeCommand({ SubnetId: live.ref, PrivateDnsHostnameTypeOnLaunch: type }),
      );
      return undefined;
    },
    tags: updateTags,
  },
};

/** Undefined also while its VPC has none: then nothing can be said of it. */
function ipv6Block({ ipv6 }: SubnetSpec, { vpc }: SubnetDeps): string | undefined {
  return ipv6 && vpc.ipv6Cidr !== null ? subnetBlock(vpc.ipv6Cidr, ipv6.block) : undefined;
}

async function describe(request: DescribeSubnetsRequest, ctx: AwsContext): Promise<readonly Live<SubnetAttrs>[]> {
  const pages = paginateDescribeSubnets({ client: ctx.clients.ec2 }, request);
  return (await collect(pages, (page) => page.Subnets)).map((one) => toLive(one, ctx));
}

function toLive(one: Subnet, ctx: AwsContext): Live<SubnetAttrs> {
  const id = one.SubnetId ?? "";
  const block = one.Ipv6CidrBlockAssociationSet?.find(({ Ipv6CidrBlockState: at }) =>
    ["associated", "associating"].includes(at?.State ?? ""),
  );
  const pending = one.State === "pending" || block?.Ipv6CidrBlockState?.State === "associating";
  return taggedLive(ctx, id, pending ? "pending" : "ready", {
    id,
    vpcId: one.VpcId ?? "",
    cidr: one.CidrBlock ?? "",
    zone: one.AvailabilityZone ?? "",
    outpostArn: one.OutpostArn ?? null,
    mapPublicIp: one.MapPublicIpOnLaunch ?? false,
    ipv6Cidr: block?.Ipv6CidrBlock ?? null,
    assignsIpv6: one.AssignIpv6AddressOnCreation ?? false,
    hostnameType: one.PrivateDnsNameOptionsOnLaunch?.HostnameType ?? "ip-name",
    tags: tagsOf(one.Tags),
  });
}
