import {
  AssociateVpcCidrBlockCommand,
  CreateVpcCommand,
  DeleteVpcCommand,
  DescribeVpcAttributeCommand,
  type DescribeVpcsRequest,
  ModifyVpcAttributeCommand,
  paginateDescribeVpcs,
  type Vpc,
} from "@aws-sdk/client-ec2";
import { collect, created } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { allow, every, making, ours, retagging } from "../../aws/permissions.ts";
import { type Tags, tagsOf } from "../../aws/tags.ts";
import type { Kind, Live } from "../../engine/kind.ts";
import { whatHoldsVpc } from "../holders.ts";
import { taggedLive, tagsAspect } from "../tags-aspect.ts";
import { afterRelease, moments } from "../timings.ts";
import { ownedFilters, tagSpecifications, updateTags } from "./tags-updates.ts";

/** Where a VPC's IPv6 block comes from: one of Amazon's, or one out of a pool of the account's own. */
export type Ipv6Source = "amazon" | { readonly pool: string; readonly cidr: string };

export interface VpcSpec {
  readonly cidr: string;
  /** False: none; absent: as it is. */
  readonly ipv6?: Ipv6Source | false;
  readonly tags: Tags;
}
export interface VpcAttrs {
  readonly id: string;
  readonly cidr: string;
  readonly ipv6Cidr: string | null;
  readonly dnsSupport: boolean;
  readonly dnsHostnames: boolean;
  readonly tags: Tags;
}

export const vpc: Kind<VpcSpec, object, VpcAttrs, AwsContext, "ipv6" | "dns" | "tags"> = {
  name: "ec2.vpc",
  title: "VPC",
  deletedBefore: [],
  completes: ["dns"],
  renews: { ipv6: ["ipv6Cidr"] },
  timing: (verb) => (verb === "delete" ? afterRelease : moments),

  actions: {
    list: allow("ec2:DescribeVpcs"),
    read: allow(["ec2:DescribeVpcs", "ec2:DescribeVpcAttribute"]),
    create: (planned) => [
      ...making("CreateVpc", "vpc"),
      ...(typeof planned?.spec.ipv6 === "object" ? allow("ec2:CreateVpc", every("ipv6pool-ec2")) : []),
    ],
    delete: allow("ec2:DeleteVpc", ours("vpc")),
    ipv6: (planned) => [
      ...(planned?.spec.ipv6 ? allow("ec2:AssociateVpcCidrBlock", ours("vpc")) : []),
      ...(typeof planned?.spec.ipv6 === "object" ? allow("ec2:AssociateVpcCidrBlock", every("ipv6pool-ec2")) : []),
    ],
    dns: allow("ec2:ModifyVpcAttribute", ours("vpc")),
    tags: retagging("vpc"),
  },

  list: (ctx, id) => describe({ Filters: ownedFilters(ctx, id) }, ctx),
  async read(ref, ctx) {
    const found = await absentAsNull(() => describe({ VpcIds: [ref] }, ctx));
    return found?.[0] ?? null;
  },

  async create(want, ctx) {
    const { Vpc } = await ctx.clients.ec2.send(
      new CreateVpcCommand({
        CidrBlock: want.spec.cidr,
        ...ipv6Request(want.spec),
        TagSpecifications: tagSpecifications("vpc", want, ctx),
      }),
    );
    return created(Vpc?.VpcId, "VPC");
  },

  async delete(live, ctx) {
    await ctx.clients.ec2.send(new DeleteVpcCommand({ VpcId: live.ref }));
  },

  holders: ({ ref }, ctx) => whatHoldsVpc(ref, ctx),

  aspects: {
    cidr: {
      want: (spec) => spec.cidr,
      have: (attrs) => attrs.cidr,
      change: (from) => ({
        refuse: `a VPC keeps its primary CIDR block, ${String(from)}; put that into vpc.cidr, or make a new cluster`,
      }),
    },
    ipv6: {
      want: ({ ipv6 }) => (ipv6 === "amazon" ? true : typeof ipv6 === "object" ? ipv6.cidr : ipv6),
      have: ({ ipv6Cidr }, want) => (typeof want === "boolean" ? ipv6Cidr !== null : (ipv6Cidr ?? false)),
      change: (from) => (from === false ? "ipv6" : { refuse: keepsIpv6 }),
    },
    // EKS needs both (EKS user guide, VPC requirements).
    dnsSupport: { want: () => true, have: (attrs) => attrs.dnsSupport, change: () => "dns" },
    dnsHostnames: { want: () => true, have: (attrs) => attrs.dnsHostnames, change: () => "dns" },
    tags: tagsAspect,
  },
  updates: {
    async ipv6({ spec }, { ref }, { clients }) {
      await clients.ec2.send(new AssociateVpcCidrBlockCommand({ VpcId: ref, ...ipv6Request(spec) }));
      return undefined;
    },
    // One attribute a call; host names need DNS support first.
    async dns(_want, { ref, attrs }, { clients }) {
      const VpcId = ref;
      const on = { Value: true };
      if (!attrs.dnsSupport) await clients.ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsSupport: on }));
      if (!attrs.dnsHostnames) await clients.ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: on }));
      return undefined;
    },
    tags: updateTags,
  },
};

const keepsIpv6 =
  "a VPC keeps its IPv6 block, from which its subnets have theirs; leave the file's words on it as they were, or make a new cluster";

function ipv6Request({ ipv6 }: VpcSpec) {
  if (ipv6 === "amazon") return { AmazonProvidedIpv6CidrBlock: true };
  return ipv6 ? { Ipv6Pool: ipv6.pool, Ipv6CidrBlock: ipv6.cidr } : {};
}

async function describe(request: DescribeVpcsRequest, ctx: AwsContext): Promise<readonly Live<VpcAttrs>[]> {
  const vpcs = await collect(paginateDescribeVpcs({ client: ctx.clients.ec2 }, request), (page) => page.Vpcs);
  return Promise.all(vpcs.map((one) => toLive(one, ctx)));
}

async function toLive(one: Vpc, ctx: AwsContext): Promise<Live<VpcAttrs>> {
  const VpcId = one.VpcId ?? "";
  const attribute = (Attribute: "enableDnsSupport" | "enableDnsHostnames") =>
    ctx.clients.ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute }));
  const [support, hostnames] = await Promise.all([attribute("enableDnsSupport"), attribute("enableDnsHostnames")]);
  const block = one.Ipv6CidrBlockAssociationSet?.find(({ Ipv6CidrBlockState }) => isThere(Ipv6CidrBlockState?.State));
  const pending = one.State === "pending" || block?.Ipv6CidrBlockState?.State === "associating";
  return taggedLive(ctx, VpcId, pending ? "pending" : "ready", {
    id: VpcId,
    cidr: one.CidrBlock ?? "",
    ipv6Cidr: block?.Ipv6CidrBlock ?? null,
    dnsSupport: support.EnableDnsSupport?.Value ?? false,
    dnsHostnames: hostnames.EnableDnsHostnames?.Value ?? false,
    tags: tagsOf(one.Tags),
  });
}

/** Blocks that were taken away, or never came, are shown for a while. */
function isThere(state: string | undefined): boolean {
  return state === "associated" || state === "associating";
}
