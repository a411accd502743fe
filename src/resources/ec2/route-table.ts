import {
  AssociateRouteTableCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  DeleteRouteCommand,
  DeleteRouteTableCommand,
  DescribeRouteTablesCommand,
  type DescribeRouteTablesRequest,
  DisassociateRouteTableCommand,
  paginateDescribeRouteTables,
  ReplaceRouteCommand,
  ReplaceRouteTableAssociationCommand,
  type RouteTable,
} from "@aws-sdk/client-ec2";
import { collect, created } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import {
  elementChanges,
  foreignElements,
  memory,
  memoryChanges,
  memoryTag,
  rememberedElements,
  wantedElements,
  wroteBy,
} from "../../aws/element-ownership.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { allow, allowWhen, making, onlyWhen, ours, retagging } from "../../aws/permissions.ts";
import { owned, type Tags, tagsOf } from "../../aws/tags.ts";
import type { Kind, Live } from "../../engine/kind.ts";
import { RefusedError } from "../../errors.ts";
import { taggedLive, tagsAspect } from "../tags-aspect.ts";
import { moments } from "../timings.ts";
import { destinationOf, leading, targetOf, toDestination, toTarget } from "./route-document.ts";
import type { SubnetAttrs } from "./subnet.ts";
import { ownedFilters, tagSpecifications, updateTags, writeTags } from "./tags-updates.ts";
import type { VpcAttrs } from "./vpc.ts";

/** Blocks that a given gateway leads to. */
export interface RemoteRoutes {
  readonly gatewayId: string;
  readonly cidrs: readonly string[];
}

export interface RouteTableSpec {
  readonly remote?: RemoteRoutes;
  readonly tags: Tags;
}
export interface RouteTableDeps {
  readonly vpc: Pick<VpcAttrs, "id">;
  readonly subnets: readonly Pick<SubnetAttrs, "id">[];
  /** The gateway that 0.0.0.0/0 leads to, internet or NAT; none: it leads nowhere. */
  readonly ipv4: readonly { readonly id: string }[];
  /** The same for ::/0: internet or egress-only. */
  readonly ipv6: readonly { readonly id: string }[];
}
export interface RouteTableAttrs {
  readonly id: string;
  readonly vpcId: string;
  /** Destination CIDR to target id (`igw-…`, `nat-…`, `local`). */
  readonly routes: Readonly<Record<string, string>>;
  /** Subnet id to association id. */
  readonly associations: Readonly<Record<string, string>>;
  readonly tags: Tags;
}

/** What leads where; all other routes are kept. */
function wantedRoutes({ remote }: RouteTableSpec, { ipv4, ipv6 }: RouteTableDeps): Readonly<Record<string, string>> {
  const routes = [
    ...ipv4.map(({ id }) => ["0.0.0.0/0", id]),
    ...ipv6.map(({ id }) => ["::/0", id]),
    ...(remote?.cidrs ?? []).map((cidr) => [cidr, remote?.gatewayId]),
  ];
  return Object.fromEntries(routes) as Readonly<Record<string, string>>;
}

export const routeTable: Kind<
  RouteTableSpec,
  RouteTableDeps,
  RouteTableAttrs,
  AwsContext,
  "route" | "associations" | "tags"
> = {
  name: "ec2.route-table",
  title: "route table",
  deletedBefore: ["ec2.transit-gateway-attachment", "ec2.vpn-gateway-attachment", "ec2.subnet", "ec2.vpc"],
  completes: ["route", "associations"],
  timing: () => moments,

  actions: {
    list: allow("ec2:DescribeRouteTables"),
    read: allow("ec2:DescribeRouteTables"),
    create: [...making("CreateRouteTable", "route-table"), ...allow("ec2:CreateRouteTable", ours("vpc"))],
    delete: [
      ...allow("ec2:DisassociateRouteTable", ours("route-table", "subnet")),
      ...allow("ec2:DeleteRouteTable", ours("route-table")),
    ],
    route: [
      ...allow("ec2:CreateRoute", ours("route-table")),
      ...allowWhen("a route leads elsewhere", "ec2:ReplaceRoute", ours("route-table")),
      ...allowWhen("a route is wanted no more", "ec2:DeleteRoute", ours("route-table")),
      ...onlyWhen("a route comes or goes later", retagging("route-table")),
    ],
    associations: [
      ...allow("ec2:DescribeRouteTables"),
      ...allow("ec2:AssociateRouteTable", ours("route-table", "subnet")),
      ...allowWhen(
        "a subnet has another route table of the cluster",
        "ec2:ReplaceRouteTableAssociation",
        ours("route-table", "subnet"),
      ),
    ],
    tags: retagging("route-table"),
  },

  list: (ctx, id) => describe({ Filters: ownedFilters(ctx, id) }, ctx),
  async read(ref, ctx) {
    const found = await absentAsNull(() => describe({ RouteTableIds: [ref] }, ctx));
    return found?.[0] ?? null;
  },

  async create(want, ctx) {
    const remembered = { [memoryTag("routes")]: memory(Object.keys(wantedRoutes(want.spec, want.deps))) };
    const { RouteTable } = await ctx.clients.ec2.send(
      new CreateRouteTableCommand({
        VpcId: want.deps.vpc.id,
        ClientToken: want.token,
        TagSpecifications: tagSpecifications("route-table", want, ctx, remembered),
      }),
    );
    return created(RouteTable?.RouteTableId, "route table");
  },

  async delete({ ref, attrs }, { clients }) {
    for (const AssociationId of Object.values(attrs.associations)) {
      await absentAsNull(() => clients.ec2.send(new DisassociateRouteTableCommand({ AssociationId })));
    }
    await clients.ec2.send(new DeleteRouteTableCommand({ RouteTableId: ref }));
  },

  aspects: {
    vpc: {
      want: (_spec, deps) => deps.vpc.id,
      have: (attrs) => attrs.vpcId,
      change: (from) => ({ refuse: `a route table cannot leave its VPC, ${String(from)}; delete it first` }),
    },
    routes: {
      want: (spec, deps) => wantedRoutes(spec, deps),
      have: (attrs, want) => rememberedElements(leading(attrs.routes), wantedElements(want), attrs.tags, "routes"),
      change: () => "route",
      kept(attrs, want) {
        const routes = leading(attrs.routes);
        const foreign = foreignElements(routes, wantedElements(want), wroteBy(attrs.tags, "routes"));
        return foreign.map((destination) => `${destination} to ${routes[destination]}`);
      },
    },
    associations: {
      want: (_spec, deps) => deps.subnets.map(({ id }) => id).toSorted(),
      have: ({ associations }, want) => Object.keys(wantedElements(want)).filter((id) => id in associations),
      change: () => "associations",
      kept: ({ associations }, want) => Object.keys(associations).filter((id) => !(id in wantedElements(want))),
    },
    tags: tagsAspect,
  },
  updates: {
    async route({ spec, deps }, { ref, attrs }, ctx) {
      const live = leading(attrs.routes);
      const wanted = wantedRoutes(spec, deps);
      const { before, after } = memoryChanges("routes", attrs.tags, Object.keys(live), Object.keys(wanted));
      const { set, remove } = elementChanges(live, wanted, wroteBy(attrs.tags, "routes"));
      await writeTags(ref, before, ctx);
      for (const destination of remove) {
        const route = new DeleteRouteCommand({ RouteTableId: ref, ...toDestination(destination) });
        await absentAsNull(() => ctx.clients.ec2.send(route));
      }
      for (const [destination, target] of Object.entries(set)) {
        const route = { RouteTableId: ref, ...toDestination(destination), ...toTarget(target) };
        await (destination in live
          ? ctx.clients.ec2.send(new ReplaceRouteCommand(route))
          : ctx.clients.ec2.send(new CreateRouteCommand(route)));
      }
      await writeTags(ref, after, ctx);
      return undefined;
    },
    async associations({ deps }, { ref, attrs }, ctx) {
      const missing = deps.subnets.map(({ id }) => id).filter((id) => !(id in attrs.associations));
      for (const subnetId of missing) await associate(ref, subnetId, ctx);
      return undefined;
    },
    tags: updateTags,
  },
};

/** A subnet has one route table: where it has another of ours the association is moved, a foreign one is not touched. */
async function associate(RouteTableId: string, SubnetId: string, ctx: AwsContext): Promise<void> {
  const { RouteTables } = await ctx.clients.ec2.send(
    new DescribeRouteTablesCommand({ Filters: [{ Name: "association.subnet-id", Values: [SubnetId] }] }),
  );
  const other = RouteTables?.[0];
  if (!other) {
    await ctx.clients.ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));
    return;
  }
  if (other.RouteTableId === RouteTableId) return;
  if (!owned(tagsOf(other.Tags), ctx.owner)) {
    throw new RefusedError(`${SubnetId} has the route table ${other.RouteTableId}, which is not ours`, {
      hint: "Take that association away: aws ec2 disassociate-route-table",
    });
  }
  const AssociationId = other.Associations?.find((one) => one.SubnetId === SubnetId)?.RouteTableAssociationId;
  await ctx.clients.ec2.send(new ReplaceRouteTableAssociationCommand({ AssociationId, RouteTableId }));
}

async function describe(
  request: DescribeRouteTablesRequest,
  ctx: AwsContext,
): Promise<readonly Live<RouteTableAttrs>[]> {
  const pages = paginateDescribeRouteTables({ client: ctx.clients.ec2 }, request);
  return (await collect(pages, (page) => page.RouteTables)).map((one) => toLive(one, ctx));
}

function toLive(one: RouteTable, ctx: AwsContext): Live<RouteTableAttrs> {
  const id = one.RouteTableId ?? "";
  const routes = (one.Routes ?? []).map((route) => [destinationOf(route), targetOf(route)] as const);
  const associations = (one.Associations ?? [])
    .filter((association) => association.AssociationState?.State !== "disassociated")
    .flatMap(({ SubnetId, RouteTableAssociationId }) =>
      SubnetId && RouteTableAssociationId ? [[SubnetId, RouteTableAssociationId] as const] : [],
    );
  return taggedLive(ctx, id, "ready", {
    id,
    vpcId: one.VpcId ?? "",
    routes: Object.fromEntries(routes),
    associations: Object.fromEntries(associations),
    tags: tagsOf(one.Tags),
  });
}
