import {
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  DeleteInternetGatewayCommand,
  type DescribeInternetGatewaysRequest,
  DetachInternetGatewayCommand,
  type InternetGateway,
  paginateDescribeInternetGateways,
} from "@aws-sdk/client-ec2";
import { collect, created } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { allow, making, ours, retagging } from "../../aws/permissions.ts";
import { type Tags, tagsOf } from "../../aws/tags.ts";
import type { Kind, Live } from "../../engine/kind.ts";
import { publicInterfacesThatHold } from "../holders.ts";
import { taggedLive, tagsAspect } from "../tags-aspect.ts";
import { afterRelease, moments } from "../timings.ts";
import { ownedFilters, tagSpecifications, updateTags } from "./tags-updates.ts";
import type { VpcAttrs } from "./vpc.ts";

export interface InternetGatewaySpec {
  readonly tags: Tags;
}
export interface InternetGatewayDeps {
  readonly vpc: Pick<VpcAttrs, "id">;
}
export interface InternetGatewayAttrs {
  readonly id: string;
  /** The VPC it is attached to. */
  readonly vpcId: string | null;
  readonly tags: Tags;
}

export const internetGateway: Kind<
  InternetGatewaySpec,
  InternetGatewayDeps,
  InternetGatewayAttrs,
  AwsContext,
  "attachment" | "tags"
> = {
  name: "ec2.internet-gateway",
  title: "internet gateway",
  deletedBefore: ["ec2.vpc"],
  completes: ["attachment"],
  timing: (verb) => (verb === "delete" ? afterRelease : moments),

  actions: {
    list: allow("ec2:DescribeInternetGateways"),
    read: allow("ec2:DescribeInternetGateways"),
    create: making("CreateInternetGateway", "internet-gateway"),
    delete: [
      ...allow("ec2:DetachInternetGateway", ours("internet-gateway", "vpc")),
      ...allow("ec2:DeleteInternetGateway", ours("internet-gateway")),
    ],
    attachment: allow("ec2:AttachInternetGateway", ours("internet-gateway", "vpc")),
    tags: retagging("internet-gateway"),
  },

  list: (ctx, id) => describe({ Filters: ownedFilters(ctx, id) }, ctx),
  async read(ref, ctx) {
    const found = await absentAsNull(() => describe({ InternetGatewayIds: [ref] }, ctx));
    return found?.[0] ?? null;
  },

  async create(want, ctx) {
    const { InternetGateway } = await ctx.clients.ec2.send(
      new CreateInternetGatewayCommand({ TagSpecifications: tagSpecifications("internet-gateway", want, ctx) }),
    );
    return created(InternetGateway?.InternetGatewayId, "internet gateway");
  },

  async delete({ ref, attrs }, { clients }) {
    const { vpcId } = attrs;
    if (vpcId !== null) {
      const detach = new DetachInternetGatewayCommand({ InternetGatewayId: ref, VpcId: vpcId });
      await absentAsNull(() => clients.ec2.send(detach));
    }
    await clients.ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId: ref }));
  },

  holders: ({ attrs }, ctx) => publicInterfacesThatHold(attrs.vpcId, ctx),

  aspects: {
    attachment: {
      want: (_spec, deps) => deps.vpc.id,
      have: (attrs) => attrs.vpcId,
      change: (from) =>
        typeof from === "string" ? { refuse: `it is attached to ${from}; detach it there first` } : "attachment",
    },
    tags: tagsAspect,
  },
  updates: {
    async attachment(want, live, { clients }) {
      await clients.ec2.send(
        new AttachInternetGatewayCommand({ InternetGatewayId: live.ref, VpcId: want.deps.vpc.id }),
      );
      return undefined;
    },
    tags: updateTags,
  },
};

async function describe(
  request: DescribeInternetGatewaysRequest,
  ctx: AwsContext,
): Promise<readonly Live<InternetGatewayAttrs>[]> {
  const pages = paginateDescribeInternetGateways({ client: ctx.clients.ec2 }, request);
  return (await collect(pages, (page) => page.InternetGateways)).map((one) => toLive(one, ctx));
}

function toLive(one: InternetGateway, ctx: AwsContext): Live<InternetGatewayAttrs> {
  const id = one.InternetGatewayId ?? "";
  const vpcId = one.Attachments?.find(({ State }) => State !== "detached")?.VpcId ?? null;
  return taggedLive(ctx, id, "ready", { id, vpcId, tags: tagsOf(one.Tags) });
}
