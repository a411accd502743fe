import {
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
import { interfacesThatHold } from "../holders.ts";
import { taggedLive, tagsAspect } from "../tags-aspect.ts";
import { afterRelease, moments } from "../timings.ts";
import { ownedFilters, tagSpecifications, updateTags } from "./tags-updates.ts";
import type { VpcAttrs } from "./vpc.ts";

export interface SubnetSpec {
  readonly cidr: string;
  /** Zone name, as `us-west-2a`. */
  readonly zone: string;
  /** Instances get public addresses. */
  readonly public: boolean;
  readonly hostnameType?: "ip-name" | "resource-name";
  readonly tags: Tags;
}
export interface SubnetDeps {
  readonly vpc: Pick<VpcAttrs, "id">;
}
export interface SubnetAttrs {
  readonly id: string;
  readonly vpcId: string;
  readonly cidr: string;
  readonly zone: string;
  readonly mapPublicIp: boolean;
  readonly hostnameType: string;
  readonly tags: Tags;
}

export const subnet: Kind<
  SubnetSpec,
  SubnetDeps,
  SubnetAttrs,
  AwsContext,
  "publicAddresses" | "hostnameType" | "tags"
> = {
  name: "ec2.subnet",
  title: "subnet",
  deletedBefore: ["ec2.vpc", "ec2.cluster-security-group"],
  completes: ["publicAddresses", "hostnameType"],
  timing: (verb) => (verb === "delete" ? afterRelease : moments),

  actions: {
    list: allow("ec2:DescribeSubnets"),
    read: allow("ec2:DescribeSubnets"),
    create: [...making("CreateSubnet", "subnet"), ...allow("ec2:CreateSubnet", ours("vpc"))],
    delete: allow("ec2:DeleteSubnet", ours("subnet")),
    publicAddresses: allow("ec2:ModifySubnetAttribute", ours("subnet")),
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
        AvailabilityZone: want.spec.zone,
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
    publicAddresses: {
      want: (spec) => spec.public,
      have: (attrs) => attrs.mapPublicIp,
      change: () => "publicAddresses",
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

async function describe(request: DescribeSubnetsRequest, ctx: AwsContext): Promise<readonly Live<SubnetAttrs>[]> {
  const pages = paginateDescribeSubnets({ client: ctx.clients.ec2 }, request);
  return (await collect(pages, (page) => page.Subnets)).map((one) => toLive(one, ctx));
}

function toLive(one: Subnet, ctx: AwsContext): Live<SubnetAttrs> {
  const id = one.SubnetId ?? "";
  return taggedLive(ctx, id, one.State === "pending" ? "pending" : "ready", {
    id,
    vpcId: one.VpcId ?? "",
    cidr: one.CidrBlock ?? "",
    zone: one.AvailabilityZone ?? "",
    mapPublicIp: one.MapPublicIpOnLaunch ?? false,
    hostnameType: one.PrivateDnsNameOptionsOnLaunch?.HostnameType ?? "ip-name",
    tags: tagsOf(one.Tags),
  });
}
