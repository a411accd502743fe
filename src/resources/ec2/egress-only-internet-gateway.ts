import {
  CreateEgressOnlyInternetGatewayCommand,
  DeleteEgressOnlyInternetGatewayCommand,
  type DescribeEgressOnlyInternetGatewaysRequest,
  type EgressOnlyInternetGateway,
  paginateDescribeEgressOnlyInternetGateways,
} from "@aws-sdk/client-ec2";
import { collect, created } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { allow, making, ours, retagging } from "../../aws/permissions.ts";
import { type Tags, tagsOf } from "../../aws/tags.ts";
import type { Kind, Live } from "../../engine/kind.ts";
import { taggedLive, tagsAspect } from "../tags-aspect.ts";
import { moments } from "../timings.ts";
import { ownedFilters, tagSpecifications, updateTags } from "./tags-updates.ts";
import type { VpcAttrs } from "./vpc.ts";

export interface EgressOnlyInternetGatewaySpec {
  readonly tags: Tags;
}
export interface EgressOnlyInternetGatewayDeps {
  readonly vpc: Pick<VpcAttrs, "id">;
}
export interface EgressOnlyInternetGatewayAttrs {
  readonly id: string;
  readonly vpcId: string;
  readonly tags: Tags;
}

/** What takes IPv6 out of private subnets, and lets nobody in. */
export const egressOnlyInternetGateway: Kind<
  EgressOnlyInternetGatewaySpec,
  EgressOnlyInternetGatewayDeps,
  EgressOnlyInternetGatewayAttrs,
  AwsContext,
  "tags"
> = {
  name: "ec2.egress-only-internet-gateway",
  title: "egress-only internet gateway",
  deletedBefore: ["ec2.vpc"],
  timing: () => moments,

  actions: {
    list: allow("ec2:DescribeEgressOnlyInternetGateways"),
    read: allow("ec2:DescribeEgressOnlyInternetGateways"),
    create: [
      ...making("CreateEgressOnlyInternetGateway", "egress-only-internet-gateway"),
      ...allow("ec2:CreateEgressOnlyInternetGateway", ours("vpc")),
    ],
    delete: allow("ec2:DeleteEgressOnlyInternetGateway", ours("egress-only-internet-gateway")),
    tags: retagging("egress-only-internet-gateway"),
  },

  list: (ctx, id) => describe({ Filters: ownedFilters(ctx, id) }, ctx),
  async read(ref, ctx) {
    const found = await absentAsNull(() => describe({ EgressOnlyInternetGatewayIds: [ref] }, ctx));
    return found?.[0] ?? null;
  },

  async create(want, ctx) {
    const { EgressOnlyInternetGateway } = await ctx.clients.ec2.send(
      new CreateEgressOnlyInternetGatewayCommand({
        VpcId: want.deps.vpc.id,
        ClientToken: want.token,
        TagSpecifications: tagSpecifications("egress-only-internet-gateway", want, ctx),
      }),
    );
    return created(EgressOnlyInternetGateway?.EgressOnlyInternetGatewayId, "egress-only internet gateway");
  },

  async delete(live, ctx) {
    const EgressOnlyInternetGatewayId = live.ref;
    await ctx.clients.ec2.send(new DeleteEgressOnlyInternetGatewayCommand({ EgressOnlyInternetGatewayId }));
  },

  aspects: {
    vpc: {
      want: (_spec, deps) => deps.vpc.id,
      have: (attrs) => attrs.vpcId,
      change: (from) => ({ refuse: `it cannot leave its VPC, ${String(from)}; delete it first` }),
    },
    tags: tagsAspect,
  },
  updates: { tags: updateTags },
};

async function describe(
  request: DescribeEgressOnlyInternetGatewaysRequest,
  ctx: AwsContext,
): Promise<readonly Live<EgressOnlyInternetGatewayAttrs>[]> {
  const pages = paginateDescribeEgressOnlyInternetGateways({ client: ctx.clients.ec2 }, request);
  return (await collect(pages, (page) => page.EgressOnlyInternetGateways)).map((one) => toLive(one, ctx));
}

function toLive(one: EgressOnlyInternetGateway, ctx: AwsContext): Live<EgressOnlyInternetGatewayAttrs> {
  const id = one.EgressOnlyInternetGatewayId ?? "";
  const vpcId = one.Attachments?.[0]?.VpcId ?? "";
  return taggedLive(ctx, id, "ready", { id, vpcId, tags: tagsOf(one.Tags) });
}
