import {
  type Address,
  AllocateAddressCommand,
  DescribeAddressesCommand,
  type DescribeAddressesRequest,
  ReleaseAddressCommand,
} from "@aws-sdk/client-ec2";
import { created } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { allow, making, ours, retagging } from "../../aws/permissions.ts";
import { type Tags, tagsOf } from "../../aws/tags.ts";
import type { Kind, Live } from "../../engine/kind.ts";
import { taggedLive, tagsAspect } from "../tags-aspect.ts";
import { afterRelease, moments } from "../timings.ts";
import { ownedFilters, tagSpecifications, updateTags } from "./tags-updates.ts";

export interface ElasticIpSpec {
  readonly tags: Tags;
}
export interface ElasticIpAttrs {
  readonly allocationId: string;
  readonly publicIp: string;
  readonly tags: Tags;
}

export const elasticIp: Kind<ElasticIpSpec, object, ElasticIpAttrs, AwsContext, "tags"> = {
  name: "ec2.elastic-ip",
  title: "elastic IP address",
  deletedBefore: [],
  timing: (verb) => (verb === "delete" ? afterRelease : moments),

  actions: {
    list: allow("ec2:DescribeAddresses"),
    read: allow("ec2:DescribeAddresses"),
    create: making("AllocateAddress", "elastic-ip"),
    delete: allow("ec2:ReleaseAddress", ours("elastic-ip")),
    tags: retagging("elastic-ip"),
  },

  list: (ctx, id) => describe({ Filters: ownedFilters(ctx, id) }, ctx),
  async read(ref, ctx) {
    const found = await absentAsNull(() => describe({ AllocationIds: [ref] }, ctx));
    return found?.[0] ?? null;
  },

  async create(want, ctx) {
    const { AllocationId } = await ctx.clients.ec2.send(
      new AllocateAddressCommand({ Domain: "vpc", TagSpecifications: tagSpecifications("elastic-ip", want, ctx) }),
    );
    return created(AllocationId, "elastic IP address");
  },

  async delete(live, ctx) {
    await ctx.clients.ec2.send(new ReleaseAddressCommand({ AllocationId: live.ref }));
  },

  aspects: { tags: tagsAspect },
  updates: { tags: updateTags },
};

async function describe(request: DescribeAddressesRequest, ctx: AwsContext): Promise<readonly Live<ElasticIpAttrs>[]> {
  const { Addresses } = await ctx.clients.ec2.send(new DescribeAddressesCommand(request));
  return (Addresses ?? []).map((one) => toLive(one, ctx));
}

function toLive(one: Address, ctx: AwsContext): Live<ElasticIpAttrs> {
  const allocationId = one.AllocationId ?? "";
  const attrs = { allocationId, publicIp: one.PublicIp ?? "", tags: tagsOf(one.Tags) };
  return taggedLive(ctx, allocationId, "ready", attrs);
}
