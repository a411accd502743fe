import {
  type AttachmentStatus,
  AttachVpnGatewayCommand,
  type DescribeVpcsRequest,
  DescribeVpnGatewaysCommand,
  DetachVpnGatewayCommand,
  type Filter,
  paginateDescribeVpcs,
} from "@aws-sdk/client-ec2";
import { collect } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { memory, memoryTag, wroteBy } from "../../aws/element-ownership.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { allow, every, ours } from "../../aws/permissions.ts";
import { owned, type Tags, tagsOf } from "../../aws/tags.ts";
import type { Action, Live, NamedKind, Phase } from "../../engine/kind.ts";
import { ownedFilters, writeTags } from "./tags-updates.ts";
import type { VpcAttrs } from "./vpc.ts";

export interface VpnGatewayAttachmentSpec {
  readonly vpnGatewayId: string;
}
export interface VpnGatewayAttachmentDeps {
  readonly vpc: Pick<VpcAttrs, "id">;
}
export interface VpnGatewayAttachmentAttrs {
  readonly vpnGatewayId: string;
  readonly vpcId: string;
}

/** The logical id: a VPC has one attachment at most, and that carries no tags. */
export const vpnGatewayAttachmentId = "vpn-gateway-attachment";

/** Remembers, on our VPC, the gateway that we attached. */
const remembering = memoryTag("vpn-gateways");

const phases: Readonly<Record<Exclude<AttachmentStatus, "detached">, Phase>> = {
  attaching: "pending",
  attached: "ready",
  detaching: "deleting",
};

/** What it takes to join or part them. */
function joining(operation: "AttachVpnGateway" | "DetachVpnGateway"): readonly Action[] {
  return [
    ...allow("ec2:CreateTags", ours("vpc"), "the VPC's tag remembers which gateway we attached"),
    ...allow(`ec2:${operation}`, every("vpn-gateway")),
    ...allow(`ec2:${operation}`, ours("vpc")),
  ];
}

/**
 * What joins our VPC to a virtual private gateway that somebody else keeps. Its reference is `<gateway>/<VPC>`; one that somebody
 * else has made is used, and stays.
 */
export const vpnGatewayAttachment: NamedKind<
  VpnGatewayAttachmentSpec,
  VpnGatewayAttachmentDeps,
  VpnGatewayAttachmentAttrs,
  AwsContext
> = {
  name: "ec2.vpn-gateway-attachment",
  title: "virtual private gateway attachment",
  deletedBefore: ["ec2.vpc"],
  onlyOne: true,
  timing: () => ({ expect: 60, limit: 1800 }),

  actions: {
    list: allow("ec2:DescribeVpcs"),
    read: allow(["ec2:DescribeVpcs", "ec2:DescribeVpnGateways"]),
    create: joining("AttachVpnGateway"),
    delete: joining("DetachVpnGateway"),
  },

  async list(ctx, id) {
    if (id !== undefined && id !== vpnGatewayAttachmentId) return [];
    const found = await attachedTo([...ownedFilters(ctx), { Name: "tag-key", Values: [remembering] }], ctx);
    return found.filter(({ owner }) => owner === "us");
  },
  async read(ref, ctx) {
    const found = await attachmentOf(ref.slice(0, ref.indexOf("/")), ctx);
    return found?.ref === ref ? found : null;
  },
  /** Its name is the gateway's id. Where that is free it may be our VPC that is not. */
  async find(name, ctx) {
    return (await attachmentOf(name, ctx)) ?? (await attachedTo(ownedFilters(ctx), ctx))[0] ?? null;
  },

  async create({ spec: { vpnGatewayId }, deps: { vpc } }, ctx) {
    // Before it is there, so that a run that is cut short leaves nothing of unknown origin.
    await writeTags(vpc.id, { [remembering]: memory([vpnGatewayId]) }, ctx);
    await ctx.clients.ec2.send(new AttachVpnGatewayCommand({ VpnGatewayId: vpnGatewayId, VpcId: vpc.id }));
    return { ref: `${vpnGatewayId}/${vpc.id}` };
  },

  async delete({ attrs: { vpnGatewayId, vpcId } }, ctx) {
    await ctx.clients.ec2.send(new DetachVpnGatewayCommand({ VpnGatewayId: vpnGatewayId, VpcId: vpcId }));
    await writeTags(vpcId, { [remembering]: memory([]) }, ctx);
  },

  aspects: {
    gateway: {
      want: (spec) => spec.vpnGatewayId,
      have: (attrs) => attrs.vpnGatewayId,
      change: () => "replace",
    },
    vpc: {
      want: (_spec, deps) => deps.vpc.id,
      have: (attrs) => attrs.vpcId,
      change: (from) => ({ refuse: `the gateway is attached to ${String(from)}; detach it there first` }),
    },
  },
  updates: {},
};

/** The attachments of the VPCs that the filters find. */
async function attachedTo(vpcs: Filter[], ctx: AwsContext): Promise<readonly Live<VpnGatewayAttachmentAttrs>[]> {
  const tags = await tagsOfVpcs({ Filters: vpcs }, ctx);
  const found = await attachments("attachment.vpc-id", [...tags.keys()], ctx);
  return found.map((one) => toLive(one, tags, ctx));
}

/** What a gateway is attached to, whoever's that is: one VPC at most. */
async function attachmentOf(vpnGatewayId: string, ctx: AwsContext): Promise<Live<VpnGatewayAttachmentAttrs> | null> {
  const [found] = await attachments("vpn-gateway-id", [vpnGatewayId], ctx);
  if (!found) return null;
  // By its id: a VPC that is new shows in lists later, and would pass for somebody else's.
  const tags = await absentAsNull(() => tagsOfVpcs({ VpcIds: [found.attrs.vpcId] }, ctx));
  return toLive(found, tags ?? new Map<string, Tags>(), ctx);
}

async function tagsOfVpcs(request: DescribeVpcsRequest, { clients }: AwsContext): Promise<ReadonlyMap<string, Tags>> {
  const vpcs = await collect(paginateDescribeVpcs({ client: clients.ec2 }, request), (page) => page.Vpcs);
  return new Map(vpcs.map(({ VpcId = "", Tags }) => [VpcId, tagsOf(Tags)]));
}

interface Attachment {
  readonly attrs: VpnGatewayAttachmentAttrs;
  readonly phase: Phase;
}

/** Those that are there; EC2 shows a detached one for a while more. */
async function attachments(
  by: "attachment.vpc-id" | "vpn-gateway-id",
  ids: readonly string[],
  { clients }: AwsContext,
): Promise<readonly Attachment[]> {
  if (ids.length === 0) return [];
  const request = new DescribeVpnGatewaysCommand({ Filters: [{ Name: by, Values: [...ids] }] });
  const { VpnGateways = [] } = await clients.ec2.send(request);
  return VpnGateways.flatMap(({ VpnGatewayId: vpnGatewayId = "", VpcAttachments = [] }) =>
    VpcAttachments.flatMap(({ VpcId: vpcId = "", State = "detached" }) =>
      State === "detached" ? [] : [{ attrs: { vpnGatewayId, vpcId }, phase: phases[State] }],
    ),
  );
}

function toLive(
  { attrs, phase }: Attachment,
  vpcs: ReadonlyMap<string, Tags>,
  ctx: AwsContext,
): Live<VpnGatewayAttachmentAttrs> {
  const tags = vpcs.get(attrs.vpcId) ?? {};
  const isOurVpc = owned(tags, ctx.owner);
  const isOurs = isOurVpc && wroteBy(tags, "vpn-gateways")(attrs.vpnGatewayId);
  return {
    id: isOurs ? vpnGatewayAttachmentId : "",
    ref: `${attrs.vpnGatewayId}/${attrs.vpcId}`,
    owner: isOurs ? "us" : isOurVpc ? "shared" : "foreign",
    phase,
    attrs,
  };
}
