import type { AwsContext } from "../aws/context.ts";
import { onlyWhen, roleArn } from "../aws/permissions.ts";
import { withDefaults } from "../config/defaults.ts";
import type { ClusterConfig } from "../config/types.ts";
import { type Graph, type ManagedNode, dependencies } from "../engine/graph.ts";
import type { Action, AnyKind, Planned } from "../engine/kind.ts";
import { assumedFacts } from "../facts/assumed.ts";
import { gatheringFacts } from "../facts/gather.ts";
import { needsOf } from "../facts/needs.ts";
import { addon } from "../resources/eks/addon.ts";
import { cluster } from "../resources/eks/cluster.ts";
import { nodegroup } from "../resources/eks/nodegroup.ts";
import { launchTemplate } from "../resources/ec2/launch-template.ts";
import { type RoleSpec, role } from "../resources/iam/role.ts";
import { kinds } from "../resources/index.ts";
import { buildTopology } from "../topology/index.ts";
import { listing } from "./inventory.ts";
import type { Purpose } from "./purposes.ts";
import { scaling } from "./scale.ts";
import { gettingTokens } from "./token.ts";
import { upgrading } from "./upgrade.ts";

/** What the verbs send beside the kinds' own calls, declared where it is sent. */
const besides: Readonly<Record<Purpose, readonly Action[]>> = {
  create: [],
  apply: scaling,
  delete: [],
  upgrade: upgrading,
  read: [...listing, ...gettingTokens],
};

/**
 * The permissions that a purpose takes for the cluster of a file. Pure: AWS is not asked.
 *
 * @param account twelve digits, or `*` where it is not known.
 * @throws InputError for what no region could give.
 */
export function neededActions(config: ClusterConfig, account: string, wanted: readonly Purpose[]): readonly Action[] {
  const full = withDefaults(config);
  const needs = needsOf(full);
  const graph = buildTopology(config, assumedFacts(full, needs, account));
  const things = [...graph.nodes.values()].flatMap((node) => (node.source === "managed" ? [thingOf(graph, node)] : []));
  const looking = [...kinds.flatMap((kind) => of(kind, "list", undefined)), ...things.flatMap((one) => one.to("read"))];
  const deletingAny = kinds.flatMap((kind) => of(kind, "delete", undefined));
  const gathering = gatheringFacts(needs);
  const byPurpose: Readonly<Record<Purpose, () => readonly Action[]>> = {
    create: () => [
      ...gathering,
      ...looking,
      ...things.flatMap((one) => [...one.to("create"), ...one.completing()]),
      ...onlyWhen("a creation fails and what was made is deleted again", [
        ...things.flatMap((one) => one.to("delete")),
        ...deletingAny,
      ]),
    ],
    apply: () => [
      ...gathering,
      ...looking,
      ...things.flatMap((one) => [
        ...onlyWhen(`${one.title} is missing`, [...one.to("create"), ...one.completing()]),
        ...one.changing(() => true),
        ...onlyWhen(`${one.title} is replaced`, one.to("delete")),
      ]),
      ...onlyWhen("--prune deletes what is no longer in the file", deletingAny),
    ],
    delete: () => [
      ...looking,
      ...things.flatMap((one) =>
        one.kind.diesWith === undefined
          ? one.to("delete")
          : onlyWhen(`${one.title} is left over without its cluster`, one.to("delete")),
      ),
      ...onlyWhen("the cluster has things that are not in the file", deletingAny),
    ],
    upgrade: () => [
      ...[cluster, nodegroup].flatMap((kind) => of(kind, "read", undefined)),
      ...onlyWhen("`apply` brings in newer versions of the file", [
        ...gathering,
        ...looking,
        ...things.flatMap((one) => one.changing(isVersion)),
      ]),
    ],
    read: () => [...gathering, ...looking],
  };
  return wanted.flatMap((purpose) => [...byPurpose[purpose](), ...besides[purpose]]);
}

/** The update groups by which versions move, of a kind. */
const versionGroups: Readonly<Record<string, readonly string[]>> = {
  [cluster.name]: ["version"],
  [nodegroup.name]: ["version"],
  [addon.name]: ["config"],
  [launchTemplate.name]: ["version", "defaultVersion"],
};

function isVersion(kind: AnyKind<AwsContext>, group: string): boolean {
  return versionGroups[kind.name]?.includes(group) ?? false;
}

/** A thing that the file asks for, and what it takes to do something with it. */
interface Thing {
  readonly kind: AnyKind<AwsContext>;
  /** With an article: "the VPC". */
  readonly title: string;
  to(verb: "read" | "create" | "delete"): readonly Action[];
  /** What finishes its creation. */
  completing(): readonly Action[];
  /** What brings in its changes, of the chosen update groups. */
  changing(chosen: (kind: AnyKind<AwsContext>, group: string) => boolean): readonly Action[];
}

function thingOf(graph: Graph<AwsContext>, node: ManagedNode<AwsContext>): Thing {
  const { kind, name, spec, initially } = node;
  const planned = { name, spec: { ...(spec as object), ...initially } as never, roles: rolesOf(graph, node) };
  const group = (one: string) => of(kind, one, planned);
  return {
    kind,
    title: `the ${kind.title} ${name}`,
    to: group,
    completing: () => (kind.completes ?? []).flatMap(group),
    changing: (chosen) =>
      Object.keys(kind.updates)
        .filter((one) => chosen(kind, one))
        .flatMap((one) => onlyWhen(`${one} of a ${kind.title} changes`, group(one))),
  };
}

function of(kind: AnyKind<AwsContext>, verb: string, planned: Planned<never> | undefined): readonly Action[] {
  const actions = kind.actions[verb] ?? [];
  return typeof actions === "function" ? actions(planned) : actions;
}

/** The roles that a thing is made from: given ones by their ARN, ours by their path. */
function rolesOf(graph: Graph<AwsContext>, node: ManagedNode<AwsContext>): readonly string[] {
  const arns = dependencies(node).flatMap(({ id }) => {
    const other = graph.nodes.get(id);
    if (other?.source === "given") return arnOf(other.attrs);
    return other?.source === "managed" && other.kind.name === role.name
      ? [roleArn((other.spec as RoleSpec).path, other.name)]
      : [];
  });
  return [...new Set(arns)];
}

function arnOf(attrs: unknown): readonly string[] {
  return typeof attrs === "object" && attrs !== null && "arn" in attrs && typeof attrs.arn === "string"
    ? [attrs.arn]
    : [];
}
