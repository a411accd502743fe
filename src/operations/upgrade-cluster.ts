import { UpdateClusterVersionCommand } from "@aws-sdk/client-eks";
import { followingUpdates, seeingUpdates, updateOperation } from "../aws/eks-updates.ts";
import { compareVersions, minorsAhead, minorsLater } from "../aws/eks-versions.ts";
import { allow, ofCluster, onlyWhen, publicParameters } from "../aws/permissions.ts";
import type { DeferredNode } from "../engine/index.ts";
import type { Action, Live } from "../engine/kind.ts";
import type { PlanItem } from "../engine/plan-types.ts";
import { InputError, RefusedError } from "../errors.ts";
import { gatherClusterVersions } from "../facts/gather-versions.ts";
import type { ClusterVersion } from "../facts/types.ts";
import { stack as stackKind } from "../resources/cloudformation/stack.ts";
import { type ClusterAttrs, cluster as clusterKind } from "../resources/eks/cluster.ts";
import { type NodegroupAttrs, nodegroup as nodegroupKind } from "../resources/eks/nodegroup.ts";
import { seeingInsights, troublesWith } from "./insights.ts";
import { findCluster, listAddons } from "./inventory.ts";
import { locked } from "./lock/locked.ts";
import { nodegroupName } from "./nodegroup-lookup.ts";
import { optionally } from "./optional.ts";
import { type ClusterSummary, clusterSummary } from "./outputs.ts";
import type { Proposal } from "./proposal.ts";
import { type Session, contextOf } from "./session.ts";
import { type Step, earlierUpdate, proposeSteps } from "./steps.ts";
import { behind } from "./upgrade-self-managed.ts";

export interface ClusterUpgrade {
  readonly cluster: string;
  /** `1.34`; `latest`: the newest that EKS offers. Absent, `auto` and `default`: the next minor. */
  readonly version?: string;
  /** Goes on although EKS's insights report errors. */
  readonly force: boolean;
  /** Minutes after which EKS gives up going back. Absent: EKS's own. */
  readonly rollbackMinutes?: number;
}

export interface UpgradedCluster {
  readonly cluster: ClusterSummary;
  /** What follows the control plane by hand. */
  readonly remaining: readonly DeferredNode[];
}

/** The permissions to upgrade a control plane, beside those to look at it and what it has. */
export const upgradingClusters: readonly Action[] = onlyWhen("`upgrade cluster` is used", [
  ...allow("eks:UpdateClusterVersion", ofCluster("cluster")),
  ...allow("eks:DescribeClusterVersions"),
  ...onlyWhen("the cluster is being updated already", seeingUpdates("cluster")),
  ...followingUpdates("cluster"),
  ...seeingInsights,
  ...onlyWhen("there are self-managed nodegroups", allow("ssm:GetParameter", publicParameters)),
]);

/**
 * Moves the control plane of any cluster to a newer Kubernetes version, one minor after the other, or takes its last upgrade back
 * (EKS UpdateClusterVersion). Nodes and add-ons stay; what of them has to follow is what remains to do.
 *
 * @throws InputError or RefusedError for what EKS would refuse; FailedError when the cluster is not there.
 */
export function proposeClusterUpgrade(session: Session, request: ClusterUpgrade): Promise<Proposal<UpgradedCluster>> {
  return locked({ session, propose: () => upgradeProposal(session, request) });
}

async function upgradeProposal(session: Session, request: ClusterUpgrade): Promise<Proposal<UpgradedCluster>> {
  const owner = { region: session.region, cluster: request.cluster };
  const ctx = await contextOf(session, request.cluster);
  const [live, offered, nodegroups] = await Promise.all([
    findCluster(session, request.cluster),
    gatherClusterVersions(session.clients),
    nodegroupKind.list(ctx, undefined),
  ]);
  const { version: from } = live.attrs;
  const to = targetOf(request, offered, from);
  const hops = hopsBetween(from, to);
  const back = minorsAhead(to, from) < 0;
  checkNodes(session, request, nodegroups, to);
  const category = back ? "ROLLBACK_READINESS" : "UPGRADE_READINESS";
  const troubles = hops.length === 0 ? [] : await troublesWith(session, request.cluster, category, hops);
  return proposeSteps(session, {
    title: `${back ? "take back" : "upgrade"} the control plane of cluster ${request.cluster}`,
    owner,
    steps: await stepsOf(session, live, hops, request),
    inOrder: true,
    wait: true,
    clusterIsOurs: live.owner === "us",
    information: [
      ...troubles.map((text) => `EKS's insights report ${text}`),
      ...(troubles.some((text) => text.startsWith("ERROR")) ? [consequence(request.force)] : []),
    ],
    async look(again) {
      const now = (again && (await clusterKind.read(live.ref, again))) ?? live;
      const remaining = again === undefined ? [] : await whatFollows(session, now);
      const cluster = clusterSummary(now, session.region);
      return { output: { cluster, remaining }, live: new Map([["cluster", now]]), remaining };
    },
  });
}

function consequence(force: boolean): string {
  return force
    ? "EKS goes on in spite of these errors (--force)"
    : "EKS refuses to go on until it has seen these errors gone; --force goes on all the same";
}

/** @throws InputError for a version that EKS does not offer. */
function targetOf({ version: asked }: ClusterUpgrade, offered: readonly ClusterVersion[], from: string): string {
  const versions = offered.map(({ version }) => version).toSorted(compareVersions);
  if (asked === undefined || asked === "auto" || asked === "default") {
    const next = minorsLater(from, 1);
    return versions.includes(next) ? next : from;
  }
  if (asked === "latest") return versions.at(-1) ?? from;
  if (asked === from || versions.includes(asked)) return asked;
  throw new InputError(`EKS does not offer Kubernetes ${asked}`, { hint: `choose from ${versions.join(", ")}` });
}

/** @throws RefusedError where there is no way. */
function hopsBetween(from: string, to: string): readonly string[] {
  const minors = minorsAhead(to, from);
  if (minors === -1) return [to];
  if (minors < 0) {
    throw new RefusedError(
      `EKS takes a control plane back by one minor version only: from ${from} to ${minorsLater(from, -1)}`,
    );
  }
  return Array.from({ length: minors }, (_, index) => minorsLater(from, index + 1));
}

/** How many minors a kubelet can be older than its API server (Kubernetes version skew policy, since 1.28). */
const maxSkew = 3;

/** @throws RefusedError when there are nodes that could not live with the new control plane. */
function checkNodes(
  session: Session,
  { cluster, force }: ClusterUpgrade,
  nodegroups: readonly Live<NodegroupAttrs>[],
  to: string,
): void {
  const newer = nodegroups.find(({ attrs }) => minorsAhead(attrs.version, to) > 0);
  if (newer && !force) {
    const name = nodegroupName(newer);
    throw new RefusedError(`nodes cannot be newer than the control plane: ${name} has ${newer.attrs.version}`, {
      hint: `take the nodegroup back first: ${nodegroupCommand(session, cluster, name, to)}`,
    });
  }
  const older = nodegroups.find(({ attrs }) => minorsAhead(to, attrs.version) > maxSkew);
  if (older) {
    const name = nodegroupName(older);
    const most = minorsLater(older.attrs.version, maxSkew);
    throw new RefusedError(
      `nodes can be ${maxSkew} minor versions older than the control plane: ${name} has ${older.attrs.version}`,
      {
        hint:
          `upgrade the nodegroup first, once the control plane is at ${most} at most: ` +
          nodegroupCommand(session, cluster, name, most),
      },
    );
  }
}

function nodegroupCommand({ region }: Session, cluster: string, name: string, version: string): string {
  return `ekstool upgrade nodegroup --cluster ${cluster} --name ${name} --kubernetes-version ${version} --region ${region}`;
}

async function stepsOf(
  session: Session,
  live: Live<ClusterAttrs>,
  hops: readonly string[],
  request: ClusterUpgrade,
): Promise<readonly Step[]> {
  const { version: at } = live.attrs;
  const [first] = hops;
  if (first === undefined) return [{ item: itemOf(live, at, at), limitSeconds: 0, start: nothing }];
  const target = { cluster: live.ref };
  const back = minorsAhead(first, at) < 0;
  const underWay = await earlierUpdate(session, live, {
    what: `the cluster ${live.ref}`,
    target,
    type: back ? "VersionRollback" : "VersionUpdate",
    wanted: { Version: first },
  });
  const { eks } = session.clients;
  return hops.map((version, index) => {
    const earlier = index === 0 ? underWay : undefined;
    return {
      item: itemOf(live, back ? at : minorsLater(version, -1), version, earlier && "it is under way already"),
      key: version,
      limitSeconds: limitOf(live, back, request),
      async start() {
        const input = { name: live.ref, version, force: request.force, ...(back && rollbackOf(request)) };
        const update = earlier ?? (await eks.send(new UpdateClusterVersionCommand(input))).update;
        return updateOperation(eks, target, update);
      },
    };
  });
}

function nothing(): never {
  throw new Error("there is nothing to start");
}

function rollbackOf({ rollbackMinutes: timeoutMinutes }: ClusterUpgrade) {
  return timeoutMinutes === undefined ? {} : { rollbackConfig: { timeoutMinutes } };
}

/** Minutes after which EKS gives up going back, where it is not told (EKS API reference, RollbackConfig). */
const usualRollbackMinutes = 720;

/** Before it goes back, EKS brings the nodes of Auto Mode back, as slowly as disruption budgets want it. */
function limitOf(live: Live<ClusterAttrs>, back: boolean, { rollbackMinutes = usualRollbackMinutes }: ClusterUpgrade) {
  const { limit } = clusterKind.timing("version", undefined, live);
  return back && live.attrs.autoMode.enabled ? limit + rollbackMinutes * 60 : limit;
}

function itemOf(live: Live<ClusterAttrs>, from: string, to: string, waits?: string): PlanItem {
  const { title, name: kind } = clusterKind;
  const changes =
    from === to
      ? []
      : [{ aspect: "version", from, to, group: "version", interrupts: false, listedOnly: false } as const];
  return {
    verb: changes.length === 0 ? "keep" : waits === undefined ? "update" : "wait",
    id: "cluster",
    kind,
    title,
    name: live.ref,
    ref: live.ref,
    owner: live.owner,
    changes,
    ...(waits === undefined ? {} : { reason: waits }),
    kept: [],
    interrupts: true,
    listedOnly: false,
    expectSeconds: changes.length === 0 ? 0 : clusterKind.timing("version", undefined, live).expect,
  };
}

/** Nodegroups that are older than their control plane, or for which there are newer images, and add-ons of which there are newer versions. */
async function whatFollows(session: Session, live: Live<ClusterAttrs>): Promise<readonly DeferredNode[]> {
  const { name: cluster, version } = live.attrs;
  const ctx = await contextOf(session, cluster);
  const ifAllowed = optionally(session, "what self-managed nodegroups need is not shown");
  const [nodegroups, selfManaged, addons] = await Promise.all([
    nodegroupKind.list(ctx, undefined),
    ifAllowed(() => behind(version, ctx)),
    listAddons(session, cluster),
  ]);
  const addonCommand = (name: string, newest: string) =>
    live.owner === "us"
      ? `ekstool update addon --cluster ${cluster} --name ${name} --version ${newest} --region ${session.region}`
      : `aws eks update-addon --cluster-name ${cluster} --addon-name ${name} --addon-version ${newest} --region ${session.region}`;
  return [
    ...nodegroups
      .filter(({ attrs }) => minorsAhead(version, attrs.version) > 0)
      .map((one) => ({
        id: one.id || one.ref,
        kind: nodegroupKind.name,
        title: nodegroupKind.title,
        name: nodegroupName(one),
        because: `its nodes run ${one.attrs.version}`,
        commands: [nodegroupCommand(session, cluster, nodegroupName(one), version)],
      })),
    ...(selfManaged ?? []).map((name) => ({
      id: `nodegroup/${name}`,
      kind: stackKind.name,
      title: stackKind.title,
      name,
      because: `there is a newer image for ${version}`,
      commands: [nodegroupCommand(session, cluster, name, version)],
    })),
    ...addons.flatMap(({ name, version: installed, newerVersions: [newest] }) =>
      newest === undefined
        ? []
        : {
            id: `addon/${name}`,
            kind: "eks.addon" as const,
            title: "EKS add-on",
            name,
            because: `it is ${installed}`,
            commands: [addonCommand(name, newest)],
          },
    ),
  ];
}
