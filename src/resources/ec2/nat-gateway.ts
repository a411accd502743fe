import {
  CreateNatGatewayCommand,
  DeleteNatGatewayCommand,
  type DescribeNatGatewaysRequest,
  type NatGateway,
  type NatGatewayState,
  paginateDescribeNatGateways,
} from "@aws-sdk/client-ec2";
import { collect, created } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { allow, making, ours, retagging } from "../../aws/permissions.ts";
import { type Tags, tagsOf } from "../../aws/tags.ts";
import type { Kind, Live, Phase } from "../../engine/kind.ts";
import { taggedLive, tagsAspect } from "../tags-aspect.ts";
import { moments } from "../timings.ts";
import type { ElasticIpAttrs } from "./elastic-ip.ts";
import type { SubnetAttrs } from "./subnet.ts";
import { ownedFilters, tagSpecifications, updateTags } from "./tags-updates.ts";

export interface NatGatewaySpec {
  readonly tags: Tags;
}
export interface NatGatewayDeps {
  readonly subnet: Pick<SubnetAttrs, "id">;
  readonly address: Pick<ElasticIpAttrs, "allocationId">;
}
export interface NatGatewayAttrs {
  readonly id: string;
  readonly subnetId: string;
  readonly allocationId: string | null;
  readonly tags: Tags;
}

const phases: Readonly<Record<Exclude<NatGatewayState, "deleted">, Phase>> = {
  pending: "pending",
  available: "ready",
  failed: "failed",
  deleting: "deleting",
};

/** The same request made one earlier, and EC2 still answers its token with that; as EC2 says it of others. */
class GoneError extends Error {
  constructor(id: string | undefined) {
    super(`the NAT gateway ${id} is deleted`);
    this.name = "NatGatewayNotFound";
  }
}

export const natGateway: Kind<NatGatewaySpec, NatGatewayDeps, NatGatewayAttrs, AwsContext, "tags"> = {
  name: "ec2.nat-gateway",
  title: "NAT gateway",
  // Its address is released, and stops mapping into the VPC, only when it is gone.
  deletedBefore: ["ec2.elastic-ip", "ec2.internet-gateway", "ec2.subnet"],
  timing(verb) {
    if (verb === "create") return { expect: 120, limit: 900 };
    return verb === "delete" ? { expect: 50, limit: 900 } : moments;
  },

  actions: {
    list: allow("ec2:DescribeNatGateways"),
    read: allow("ec2:DescribeNatGateways"),
    create: [
      ...making("CreateNatGateway", "natgateway"),
      ...allow("ec2:CreateNatGateway", ours("elastic-ip", "subnet")),
    ],
    delete: allow("ec2:DeleteNatGateway", ours("natgateway")),
    tags: retagging("natgateway"),
  },

  list: (ctx, id) => describe({ Filter: ownedFilters(ctx, id) }, ctx),
  async read(ref, ctx) {
    const found = await absentAsNull(() => describe({ NatGatewayIds: [ref] }, ctx));
    return found?.[0] ?? null;
  },

  async create(want, ctx) {
    const { NatGateway } = await ctx.clients.ec2.send(
      new CreateNatGatewayCommand({
        SubnetId: want.deps.subnet.id,
        AllocationId: want.deps.address.allocationId,
        ClientToken: want.token,
        TagSpecifications: tagSpecifications("natgateway", want, ctx),
      }),
    );
    if (NatGateway?.State === "deleted") throw new GoneError(NatGateway.NatGatewayId);
    return created(NatGateway?.NatGatewayId, "NAT gateway");
  },

  async delete(live, ctx) {
    await ctx.clients.ec2.send(new DeleteNatGatewayCommand({ NatGatewayId: live.ref }));
  },

  aspects: {
    subnet: {
      want: (_spec, deps) => deps.subnet.id,
      have: (attrs) => attrs.subnetId,
      change: (from) => ({ refuse: `a NAT gateway cannot leave its subnet, ${String(from)}; delete it first` }),
    },
    address: {
      want: (_spec, deps) => deps.address.allocationId,
      have: (attrs) => attrs.allocationId,
      change: (from) => ({ refuse: `a NAT gateway keeps its address, ${String(from)}; delete it first` }),
    },
    tags: tagsAspect,
  },
  updates: { tags: updateTags },
};

async function describe(
  request: DescribeNatGatewaysRequest,
  ctx: AwsContext,
): Promise<readonly Live<NatGatewayAttrs>[]> {
  const pages = paginateDescribeNatGateways({ client: ctx.clients.ec2 }, request);
  return (await collect(pages, (page) => page.NatGateways)).flatMap((one) => toLive(one, ctx) ?? []);
}

/** Deleted ones stay visible for about an hour: they are absent. */
function toLive(one: NatGateway, ctx: AwsContext): Live<NatGatewayAttrs> | undefined {
  const { State: state = "pending", NatGatewayId: id = "" } = one;
  if (state === "deleted") return undefined;
  const attrs = {
    id,
    subnetId: one.SubnetId ?? "",
    allocationId: one.NatGatewayAddresses?.[0]?.AllocationId ?? null,
    tags: tagsOf(one.Tags),
  };
  const reason = [one.FailureCode, one.FailureMessage].filter(Boolean).join(": ");
  return taggedLive(ctx, id, phases[state], attrs, { detail: reason || undefined });
}
