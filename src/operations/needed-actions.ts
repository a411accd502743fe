import type { AwsContext, Owner } from "../aws/context.ts";
import { globalNamePattern } from "../aws/names.ts";
import { onlyWhen, roleArn } from "../aws/permissions.ts";
import { withDefaults } from "../config/defaults.ts";
import type { ClusterConfig } from "../config/types.ts";
import { arnOf } from "../engine/attributes.ts";
import { type Graph, type ManagedNode, dependencies } from "../engine/graph.ts";
import type { Action, AnyKind, AnyRemovable, Planned } from "../engine/kind.ts";
import { assumedFacts } from "../facts/assumed.ts";
import { gatheringFacts } from "../facts/gather.ts";
import { type Needs, needsOf } from "../facts/needs.ts";
import { addon } from "../resources/eks/addon.ts";
import { cluster } from "../resources/eks/cluster.ts";
import { nodegroup } from "../resources/eks/nodegroup.ts";
import { launchTemplate } from "../resources/ec2/launch-template.ts";
import { type RoleSpec, role } from "../resources/iam/role.ts";
import { lookingForHolders } from "../resources/holders.ts";
import { derivedKinds, kinds } from "../resources/index.ts";
import { buildTopology } from "../topology/index.ts";
import { checkingGiven } from "./given-check.ts";
import { listing } from "./inventory.ts";
import { withKeyFiles } from "./key-files.ts";
import { labelling } from "./labels.ts";
import { keepingLastLock, keepingLock } from "./lock/parameters.ts";
import type { Purpose } from "./purposes.ts";
import { scaling } from "./scale.ts";
import { gettingTokens } from "./token.ts";
import { upgradingClusters } from "./upgrade-cluster.ts";
import { upgradingNodegroups } from "./upgrade-nodegroup.ts";

/**
 * What the verbs send beside the kinds' own calls, declared where it is sent: the one place where what is new in an
 * operation is joined to a purpose.
 */
const besides: Readonly<Record<Purpose, readonly Action[]>> = {
  create: keepingLock,
  apply: [...scaling, ...labelling, ...keepingLock],
  delete: keepingLastLock,
  upgrade: [...upgradingClusters, ...upgradingNodegroups, ...keepingLock],
  read: [...listing, ...gettingTokens],
};

/**
 * The permissions that a purpose takes for the cluster of a file. Pure: AWS is not asked.
 *
 * @param account twelve digits, or `*` where it is not known.
 * @throws InputError for what no region could give.
 */
export function neededActions(file: ClusterConfig, account: string, wanted: readonly Purpose[]): readonly Action[] {
  const { needs, things } = thingsOf(file, account);
  const looking = [
    ...kinds.flatMap((kind) => [
      ...of(kind, "list", undefined),
      ...onlyWhen(`the cluster has ${one(kind)}`, of(kind, "read", undefined)),
    ]),
    ...things.flatMap((thing) => thing.to("read")),
  ];
  const deletingOthers = [
    ...kinds.flatMap((kind) => [...of(kind, "retire", undefined), ...of(kind, "delete", undefined)]),
    ...lookingForHolders,
  ];
  const gathering = [...gatheringFacts(needs), ...checkingGiven(file)];
  const byPurpose: Readonly<Record<Purpose, () => readonly Action[]>> = {
    create: () => [
      ...gathering,
      ...looking,
      ...things.flatMap((thing) => [...thing.to("create"), ...thing.completing()]),
      ...onlyWhen("a creation fails and what was made is deleted again", [
        ...things.flatMap((thing) => thing.to("delete")),
        ...deletingOthers,
        ...sweeping({ withData: false }),
      ]),
    ],
    apply: () => [
      ...gathering,
      ...looking,
      ...things.flatMap((thing) => [
        ...onlyWhen(`${one(thing.kind)} is missing`, [...thing.to("create"), ...thing.completing()]),
        ...thing.changing(() => true),
        ...onlyWhen(`${one(thing.kind)} is replaced`, [...thing.to("retire"), ...thing.to("delete")]),
      ]),
      ...onlyWhen("--prune or `delete nodegroup` deletes something", deletingOthers),
    ],
    delete: () => [
      ...looking,
      ...things.filter(goesByItself).flatMap((thing) => thing.to("delete")),
      ...onlyWhen(
        "the cluster has things that are not in the file",
        kinds.filter((kind) => goesByItself({ kind })).flatMap((kind) => of(kind, "delete", undefined)),
      ),
      ...sweeping({ withData: true }),
      ...lookingForHolders,
    ],
    upgrade: () => [
      ...[cluster, nodegroup].flatMap((kind) => of(kind, "read", undefined)),
      ...onlyWhen("`upgrade cluster` is used", [
        ...of(nodegroup, "list", undefined),
        ...["list", "read"].flatMap((verb) => of(addon, verb, undefined)),
      ]),
      ...onlyWhen("`apply` brings in newer versions of the file", [
        ...gathering,
        ...looking,
        ...things.flatMap((thing) => thing.changing(isVersion)),
      ]),
    ],
    read: () => [...gathering, ...looking],
  };
  return wanted.flatMap((purpose) => [...byPurpose[purpose](), ...besides[purpose]]);
}

/** What a file asks for, and what it takes to make it, to change it and to delete it. Pure, as `neededActions`. */
export function thingsOf(
  file: ClusterConfig,
  account: string,
): { readonly needs: Needs; readonly things: readonly Thing[] } {
  const config = withKeyFiles(file);
  const owner = { region: config.metadata.region, cluster: config.metadata.name };
  const full = withDefaults(config);
  const needs = needsOf(full);
  const graph = buildTopology(config, assumedFacts(full, needs, account));
  const managed = [...graph.nodes.values()].filter((node) => node.source === "managed");
  return { needs, things: managed.map((node) => thingOf(graph, node, owner)) };
}

/** Looking for what was made for the cluster, and deleting it; people's data only where that can be asked for. */
function sweeping({ withData }: { readonly withData: boolean }): readonly Action[] {
  return derivedKinds.flatMap((kind) => {
    const { list, read, delete: deleting } = kind.actions;
    const isThere = `the cluster has ${one(kind)}`;
    const looking = [...list, ...onlyWhen(isThere, read)];
    if (!kind.holdsData) return [...looking, ...onlyWhen(isThere, deleting)];
    return withData ? [...looking, ...onlyWhen(`--${kind.title}s delete is given`, deleting)] : looking;
  });
}

/** What the deletion of its cluster does not take along. */
function goesByItself({ kind }: { readonly kind: AnyKind<AwsContext> }): boolean {
  return kind.diesWith === undefined;
}

/** "an IAM role". */
function one({ title }: AnyRemovable<AwsContext>): string {
  return `${/^[aeio]/iu.test(title) ? "an" : "a"} ${title}`;
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
export interface Thing {
  readonly id: string;
  readonly kind: AnyKind<AwsContext>;
  /** @param verb `read`, `create`, `delete`, `retire`, or an update group of the kind. */
  to(verb: string): readonly Action[];
  /** What finishes its creation. */
  completing(): readonly Action[];
  /** What brings in its changes, of the chosen update groups. */
  changing(chosen: (kind: AnyKind<AwsContext>, group: string) => boolean): readonly Action[];
}

function thingOf(graph: Graph<AwsContext>, node: ManagedNode<AwsContext>, owner: Owner): Thing {
  const { kind, name, spec, initially } = node;
  const alike = globalNamePattern(owner, name);
  const planned = { name, alike, spec: { ...(spec as object), ...initially } as never, roles: rolesOf(graph, node) };
  const to = (verb: string) => of(kind, verb, planned);
  return {
    id: node.id,
    kind,
    to,
    completing: () => (kind.completes ?? []).flatMap(to),
    changing: (chosen) =>
      Object.keys(kind.updates)
        .filter((group) => chosen(kind, group))
        .flatMap((group) => onlyWhen(`the ${group} of ${one(kind)} changes`, to(group))),
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
    if (other?.source === "given") return arnOf(other.attrs) ?? [];
    return other?.source === "managed" && other.kind.name === role.name
      ? [roleArn((other.spec as RoleSpec).path, other.name)]
      : [];
  });
  return [...new Set(arns)];
}
