import {
  CreateVpcEndpointCommand,
  DeleteVpcEndpointsCommand,
  type DescribeVpcEndpointsRequest,
  ModifyVpcEndpointCommand,
  paginateDescribeVpcEndpoints,
  type UnsuccessfulItemError,
  type VpcEndpoint,
} from "@aws-sdk/client-ec2";
import { collect, created } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { allow, every, making, ours, retagging } from "../../aws/permissions.ts";
import { type Tags, tagsOf } from "../../aws/tags.ts";
import type { Kind, Live, Phase } from "../../engine/kind.ts";
import { taggedLive, tagsAspect } from "../tags-aspect.ts";
import { moments } from "../timings.ts";
import { ownedFilters, tagSpecifications, updateTags } from "./tags-updates.ts";

export interface VpcEndpointSpec {
  /** `com.amazonaws.us-west-2.ec2`. */
  readonly serviceName: string;
  /** Interfaces in subnets, by which the service's own name is answered; or routes in route tables. */
  readonly type: "Interface" | "Gateway";
  /** Its VPC is not ours: only who may make it there needs to know. */
  readonly inGivenVpc?: true;
  readonly tags: Tags;
}
export interface VpcEndpointDeps {
  readonly vpc: { readonly id: string };
  /** One a zone, of an interface endpoint. */
  readonly subnets: readonly { readonly id: string }[];
  /** Of its interfaces. */
  readonly securityGroups: readonly { readonly id: string }[];
  /** Of a gateway endpoint. */
  readonly routeTables: readonly { readonly id: string }[];
}
export interface VpcEndpointAttrs {
  readonly id: string;
  readonly vpcId: string;
  readonly serviceName: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly routeTableIds: readonly string[];
  readonly privateDns: boolean;
  readonly tags: Tags;
}

/** In lower case; EC2's answers and its model differ in that. */
const phases: Readonly<Partial<Record<string, Phase>>> = {
  available: "ready",
  failed: "failed",
  rejected: "failed",
  expired: "failed",
  partial: "degraded",
  deleting: "deleting",
};

/** What DeleteVpcEndpoints says of one endpoint, in an answer that is no error. */
class NotDeletedError extends Error {
  constructor({ Code = "Unknown", Message = "" }: UnsuccessfulItemError = {}) {
    super(Message);
    this.name = Code;
  }
}

/** A way from a VPC to a service of AWS that does not lead through the internet. */
export const vpcEndpoint: Kind<
  VpcEndpointSpec,
  VpcEndpointDeps,
  VpcEndpointAttrs,
  AwsContext,
  "placement" | "privateDns" | "tags"
> = {
  name: "ec2.vpc-endpoint",
  title: "VPC endpoint",
  deletedBefore: ["ec2.route-table", "ec2.subnet", "ec2.security-group", "ec2.vpc"],
  timing(verb, spec) {
    if (spec?.type === "Gateway") return moments;
    if (verb === "create" || verb === "placement") return { expect: 100, limit: 1800 };
    return verb === "delete" ? { expect: 60, limit: 1200 } : { expect: 10, limit: 900 };
  },

  actions: {
    list: allow("ec2:DescribeVpcEndpoints"),
    read: allow("ec2:DescribeVpcEndpoints"),
    create: (planned) => [
      ...making("CreateVpcEndpoint", "vpc-endpoint"),
      ...(planned?.spec.inGivenVpc
        ? allow("ec2:CreateVpcEndpoint", every("vpc", "subnet", "route-table"))
        : allow("ec2:CreateVpcEndpoint", ours("vpc", "subnet", "route-table"))),
      ...allow("ec2:CreateVpcEndpoint", ours("security-group")),
    ],
    delete: allow("ec2:DeleteVpcEndpoints", ours("vpc-endpoint")),
    placement: (planned) => [
      ...allow("ec2:ModifyVpcEndpoint", ours("vpc-endpoint", "security-group")),
      ...allow(
        "ec2:ModifyVpcEndpoint",
        planned?.spec.inGivenVpc ? every("subnet", "route-table") : ours("subnet", "route-table"),
      ),
    ],
    privateDns: allow("ec2:ModifyVpcEndpoint", ours("vpc-endpoint")),
    tags: retagging("vpc-endpoint"),
  },

  list: (ctx, id) => describe({ Filters: ownedFilters(ctx, id) }, ctx),
  async read(ref, ctx) {
    const found = await absentAsNull(() => describe({ VpcEndpointIds: [ref] }, ctx));
    return found?.[0] ?? null;
  },

  async create({ spec, deps, ...want }, ctx) {
    const { VpcEndpoint } = await ctx.clients.ec2.send(
      new CreateVpcEndpointCommand({
        VpcId: deps.vpc.id,
        ServiceName: spec.serviceName,
        VpcEndpointType: spec.type,
        ...(spec.type === "Interface"
          ? { SubnetIds: idsOf(deps.subnets), SecurityGroupIds: idsOf(deps.securityGroups), PrivateDnsEnabled: true }
          : { RouteTableIds: idsOf(deps.routeTables) }),
        ClientToken: want.token,
        TagSpecifications: tagSpecifications("vpc-endpoint", { spec, deps, ...want }, ctx),
      }),
    );
    return created(VpcEndpoint?.VpcEndpointId, "VPC endpoint");
  },

  async delete(live, ctx) {
    const { Unsuccessful = [] } = await ctx.clients.ec2.send(
      new DeleteVpcEndpointsCommand({ VpcEndpointIds: [live.ref] }),
    );
    if (Unsuccessful.length > 0) throw new NotDeletedError(Unsuccessful[0]?.Error);
  },

  aspects: {
    service: {
      want: (spec) => spec.serviceName,
      have: (attrs) => attrs.serviceName,
      change: (from) => ({ refuse: `an endpoint keeps its service, ${String(from)}; delete it first` }),
    },
    vpc: {
      want: (_spec, deps) => deps.vpc.id,
      have: (attrs) => attrs.vpcId,
      change: (from) => ({ refuse: `an endpoint cannot leave its VPC, ${String(from)}; delete it first` }),
    },
    placement: {
      want: (_spec, deps) => idsOf([...deps.subnets, ...deps.routeTables]),
      have: (attrs) => [...attrs.subnetIds, ...attrs.routeTableIds],
      change: () => "placement",
    },
    securityGroups: {
      want: (_spec, deps) => idsOf(deps.securityGroups),
      have: (attrs) => attrs.securityGroupIds,
      change: () => "placement",
    },
    privateDns: {
      want: (spec) => (spec.type === "Interface" ? true : undefined),
      have: (attrs) => attrs.privateDns,
      change: () => "privateDns",
    },
    tags: tagsAspect,
  },
  updates: {
    async placement({ deps }, { ref, attrs }, { clients }) {
      const subnets = moves(attrs.subnetIds, idsOf(deps.subnets));
      const groups = moves(attrs.securityGroupIds, idsOf(deps.securityGroups));
      const tables = moves(attrs.routeTableIds, idsOf(deps.routeTables));
      await clients.ec2.send(
        new ModifyVpcEndpointCommand({
          VpcEndpointId: ref,
          AddSubnetIds: subnets.come,
          RemoveSubnetIds: subnets.go,
          AddSecurityGroupIds: groups.come,
          RemoveSecurityGroupIds: groups.go,
          AddRouteTableIds: tables.come,
          RemoveRouteTableIds: tables.go,
        }),
      );
      return undefined;
    },
    async privateDns(_want, { ref }, { clients }) {
      await clients.ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId: ref, PrivateDnsEnabled: true }));
      return undefined;
    },
    tags: updateTags,
  },
};

function idsOf(things: readonly { readonly id: string }[]): string[] {
  return things.map(({ id }) => id).toSorted();
}

/** Undefined for none: EC2 takes no empty lists. */
function moves(from: readonly string[], to: readonly string[]) {
  const come = to.filter((id) => !from.includes(id));
  const go = from.filter((id) => !to.includes(id));
  return { come: come.length > 0 ? come : undefined, go: go.length > 0 ? go : undefined };
}

async function describe(
  request: DescribeVpcEndpointsRequest,
  ctx: AwsContext,
): Promise<readonly Live<VpcEndpointAttrs>[]> {
  const pages = paginateDescribeVpcEndpoints({ client: ctx.clients.ec2 }, request);
  return (await collect(pages, (page) => page.VpcEndpoints)).flatMap((one) => toLive(one, ctx) ?? []);
}

/** Deleted ones may stay visible for a while: they are absent. */
function toLive(one: VpcEndpoint, ctx: AwsContext): Live<VpcEndpointAttrs> | undefined {
  const { VpcEndpointId: id = "", LastError: error } = one;
  const state = one.State?.toLowerCase() ?? "pending";
  if (state === "deleted") return undefined;
  const attrs = {
    id,
    vpcId: one.VpcId ?? "",
    serviceName: one.ServiceName ?? "",
    subnetIds: (one.SubnetIds ?? []).toSorted(),
    securityGroupIds: (one.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []).toSorted(),
    routeTableIds: (one.RouteTableIds ?? []).toSorted(),
    privateDns: one.PrivateDnsEnabled ?? false,
    tags: tagsOf(one.Tags),
  };
  const detail = [error?.Code, error?.Message].filter(Boolean).join(": ");
  return taggedLive(ctx, id, phases[state] ?? "pending", attrs, { detail: detail || undefined });
}
