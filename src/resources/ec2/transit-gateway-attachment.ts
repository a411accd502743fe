import {
  CreateTransitGatewayVpcAttachmentCommand,
  DeleteTransitGatewayVpcAttachmentCommand,
  type DescribeTransitGatewayVpcAttachmentsRequest,
  ModifyTransitGatewayVpcAttachmentCommand,
  paginateDescribeTransitGatewayVpcAttachments,
  type TransitGatewayAttachmentState,
  type TransitGatewayVpcAttachment,
} from "@aws-sdk/client-ec2";
import { collect, created } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { allow, every, making, ours, retagging } from "../../aws/permissions.ts";
import { type Tags, tagsOf } from "../../aws/tags.ts";
import type { Kind, Live, Phase } from "../../engine/kind.ts";
import { taggedLive, tagsAspect } from "../tags-aspect.ts";
import { moments } from "../timings.ts";
import type { SubnetAttrs } from "./subnet.ts";
import { ownedFilters, tagSpecifications, updateTags } from "./tags-updates.ts";
import type { VpcAttrs } from "./vpc.ts";

export interface TransitGatewayAttachmentSpec {
  /** Of this account, or shared with it. */
  readonly transitGatewayId: string;
  readonly tags: Tags;
}
export interface TransitGatewayAttachmentDeps {
  readonly vpc: Pick<VpcAttrs, "id">;
  /** One a zone. */
  readonly subnets: readonly Pick<SubnetAttrs, "id">[];
}
export interface TransitGatewayAttachmentAttrs {
  readonly id: string;
  readonly transitGatewayId: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly tags: Tags;
}

const phases: Readonly<Partial<Record<TransitGatewayAttachmentState, Phase>>> = {
  available: "ready",
  failed: "failed",
  failing: "failed",
  rejected: "failed",
  rejecting: "failed",
  deleting: "deleting",
};

/** What joins a VPC to a transit gateway that somebody else keeps. */
export const transitGatewayAttachment: Kind<
  TransitGatewayAttachmentSpec,
  TransitGatewayAttachmentDeps,
  TransitGatewayAttachmentAttrs,
  AwsContext,
  "subnets" | "tags"
> = {
  name: "ec2.transit-gateway-attachment",
  title: "transit gateway attachment",
  deletedBefore: ["ec2.subnet", "ec2.vpc"],
  timing(verb) {
    if (verb === "create" || verb === "subnets") return { expect: 60, limit: 1800 };
    return verb === "delete" ? { expect: 60, limit: 900 } : moments;
  },

  actions: {
    list: allow("ec2:DescribeTransitGatewayVpcAttachments"),
    read: allow("ec2:DescribeTransitGatewayVpcAttachments"),
    create: [
      ...making("CreateTransitGatewayVpcAttachment", "transit-gateway-attachment"),
      ...allow("ec2:CreateTransitGatewayVpcAttachment", every("transit-gateway")),
      ...allow("ec2:CreateTransitGatewayVpcAttachment", ours("subnet", "vpc")),
    ],
    delete: allow("ec2:DeleteTransitGatewayVpcAttachment", ours("transit-gateway-attachment")),
    subnets: allow("ec2:ModifyTransitGatewayVpcAttachment", ours("transit-gateway-attachment", "subnet")),
    tags: retagging("transit-gateway-attachment"),
  },

  list: (ctx, id) => describe({ Filters: ownedFilters(ctx, id) }, ctx),
  async read(ref, ctx) {
    const found = await absentAsNull(() => describe({ TransitGatewayAttachmentIds: [ref] }, ctx));
    return found?.[0] ?? null;
  },

  async create(want, ctx) {
    const { TransitGatewayVpcAttachment: made } = await ctx.clients.ec2.send(
      new CreateTransitGatewayVpcAttachmentCommand({
        TransitGatewayId: want.spec.transitGatewayId,
        VpcId: want.deps.vpc.id,
        SubnetIds: want.deps.subnets.map((subnet) => subnet.id),
        TagSpecifications: tagSpecifications("transit-gateway-attachment", want, ctx),
      }),
    );
    return created(made?.TransitGatewayAttachmentId, "transit gateway attachment");
  },

  async delete(live, ctx) {
    const TransitGatewayAttachmentId = live.ref;
    await ctx.clients.ec2.send(new DeleteTransitGatewayVpcAttachmentCommand({ TransitGatewayAttachmentId }));
  },

  aspects: {
    gateway: {
      want: (spec) => spec.transitGatewayId,
      have: (attrs) => attrs.transitGatewayId,
      change: () => "replace",
    },
    vpc: {
      want: (_spec, deps) => deps.vpc.id,
      have: (attrs) => attrs.vpcId,
      change: (from) => ({ refuse: `an attachment cannot leave its VPC, ${String(from)}; delete it first` }),
    },
    subnets: {
      want: (_spec, deps) => deps.subnets.map(({ id }) => id).toSorted(),
      have: (attrs) => attrs.subnetIds,
      change: () => "subnets",
    },
    tags: tagsAspect,
  },
  updates: {
    async subnets({ deps }, { ref, attrs }, { clients }) {
      const wanted = deps.subnets.map(({ id }) => id);
      const come = wanted.filter((id) => !attrs.subnetIds.includes(id));
      const go = attrs.subnetIds.filter((id) => !wanted.includes(id));
      await clients.ec2.send(
        new ModifyTransitGatewayVpcAttachmentCommand({
          TransitGatewayAttachmentId: ref,
          ...(come.length > 0 ? { AddSubnetIds: come } : {}),
          ...(go.length > 0 ? { RemoveSubnetIds: go } : {}),
        }),
      );
      return undefined;
    },
    tags: updateTags,
  },
};

async function describe(
  request: DescribeTransitGatewayVpcAttachmentsRequest,
  ctx: AwsContext,
): Promise<readonly Live<TransitGatewayAttachmentAttrs>[]> {
  const pages = paginateDescribeTransitGatewayVpcAttachments({ client: ctx.clients.ec2 }, request);
  const found = await collect(pages, (page) => page.TransitGatewayVpcAttachments);
  return found.flatMap((one) => toLive(one, ctx) ?? []);
}

/** Deleted ones stay visible for a while: they are absent. */
function toLive(one: TransitGatewayVpcAttachment, ctx: AwsContext): Live<TransitGatewayAttachmentAttrs> | undefined {
  const { State: state = "pending", TransitGatewayAttachmentId: id = "" } = one;
  if (state === "deleted") return undefined;
  const attrs = {
    id,
    transitGatewayId: one.TransitGatewayId ?? "",
    vpcId: one.VpcId ?? "",
    subnetIds: (one.SubnetIds ?? []).toSorted(),
    tags: tagsOf(one.Tags),
  };
  const detail = state === "pendingAcceptance" ? "whoever keeps the transit gateway has to accept it" : undefined;
  return taggedLive(ctx, id, phases[state] ?? "pending", attrs, { detail });
}
