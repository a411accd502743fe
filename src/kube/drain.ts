import type { Clock } from "../clock.ts";
import type { KubernetesApi } from "./api.ts";
import { listNodes, type Node, nodeType } from "./nodes.ts";
import type { KubernetesObject, KubernetesRef } from "./objects.ts";

/** How nodes are drained. All times in seconds. */
export interface DrainChoice {
  /** The most that a pod is given to end, whatever it asks for. */
  readonly maxGracePeriod: number;
  /** Until an eviction that was not allowed is asked for again. */
  readonly podEvictionWaitPeriod: number;
  /** After each node. */
  readonly nodeDrainWaitPeriod: number;
  /** Pods are deleted, whatever disruption budgets say. */
  readonly disableEviction: boolean;
  /** Nodes that are drained at once. */
  readonly parallel: number;
}

/** As eksctl has it. */
export const usualDrain: DrainChoice = {
  maxGracePeriod: 600,
  podEvictionWaitPeriod: 10,
  nodeDrainWaitPeriod: 0,
  disableEviction: false,
  parallel: 1,
};

export interface DrainStatus {
  /** `stranded`: what is left has nowhere to go. */
  readonly state: "running" | "done" | "failed" | "stranded";
  readonly detail?: string;
  /** Nodes that are drained, of how many. */
  readonly progress: readonly [number, number];
}

/** Work that goes on as long as somebody looks at it, every so many seconds. */
export interface Drain {
  readonly every: number;
  check(): Promise<DrainStatus>;
}

/** Seconds between two looks. */
const interval = 5;
/** Seconds without any pod leaving, after which it is given up. */
const standstill = 25 * 60;
/** The same, where no other node could take a pod. */
const standstillOfAll = 60;

const podType = { apiVersion: "v1", kind: "Pod" } as const;

interface Pod extends KubernetesObject {
  readonly spec: { readonly nodeName?: string; readonly terminationGracePeriodSeconds?: number };
  readonly status?: { readonly phase?: string };
}

/**
 * Cordons all nodes that a label selector chooses, then moves the pods away from one after the other, as disruption budgets allow. What
 * belongs to a node stays: pods of DaemonSets and of the kubelet. Nodes that come meanwhile are drained, too.
 */
export function drain(api: KubernetesApi, clock: Clock, labelSelector: string, choice: DrainChoice): Drain {
  const drained = new Set<string>();
  const triedAt = new Map<string, number>();
  const keptBy = new Map<string, string>();
  let left = Infinity;
  let movedAt = clock.now();
  let restsUntil = 0;

  /** True when it is on its way. */
  async function moveAway(pod: Pod): Promise<void> {
    const uid = pod.metadata.uid ?? "";
    if (clock.now() < (triedAt.get(uid) ?? -Infinity) + choice.podEvictionWaitPeriod * 1000) return;
    triedAt.set(uid, clock.now());
    const { terminationGracePeriodSeconds = 30 } = pod.spec;
    const options = { gracePeriodSeconds: Math.min(terminationGracePeriodSeconds, choice.maxGracePeriod) };
    const ref = podRef(pod);
    if (choice.disableEviction) return api.delete(ref, options);
    const { keptBy: why } = await api.evict(ref, options);
    if (why === undefined) keptBy.delete(uid);
    else keptBy.set(uid, why);
  }

  async function check(): Promise<DrainStatus> {
    const nodes = await listNodes(api, labelSelector);
    for (const node of nodes) if (!isCordoned(node)) await cordon(api, node.metadata.name, true);
    const names = nodes.map(({ metadata }) => metadata.name);
    const progress = (): DrainStatus["progress"] => [names.filter((name) => drained.has(name)).length, names.length];
    if (clock.now() < restsUntil) return { state: "running", progress: progress() };

    const remaining: Pod[] = [];
    for (const name of names.filter((each) => !drained.has(each)).slice(0, choice.parallel)) {
      const pods = await podsToMove(api, name);
      for (const pod of pods) if (pod.metadata.deletionTimestamp === undefined) await moveAway(pod);
      remaining.push(...pods);
      if (pods.length > 0) continue;
      drained.add(name);
      movedAt = clock.now();
      left = Infinity;
      restsUntil = clock.now() + choice.nodeDrainWaitPeriod * 1000;
    }
    if (names.every((name) => drained.has(name))) return { state: "done", progress: progress() };
    if (remaining.length < left) movedAt = clock.now();
    left = remaining.length;
    const detail = describe(remaining, keptBy);
    const still = (clock.now() - movedAt) / 1000;
    const isStranded = still > standstillOfAll && !(await existOthers(api, names));
    if (isStranded || still <= standstill) {
      const state = isStranded ? "stranded" : "running";
      return { state, ...(detail !== undefined && { detail }), progress: progress() };
    }
    const wayOut = "end what keeps it and run the same command again, or use --disable-eviction";
    return { state: "failed", detail: `${detail ?? "it stands still"}: ${wayOut}`, progress: progress() };
  }

  return { every: interval, check };
}

/** Lets pods come to the nodes again. Returns how many there are. */
export async function uncordon(api: KubernetesApi, labelSelector: string): Promise<number> {
  const nodes = await listNodes(api, labelSelector);
  for (const node of nodes) if (isCordoned(node)) await cordon(api, node.metadata.name, false);
  return nodes.length;
}

/** Whether there are nodes beside these that would take pods. */
async function existOthers(api: KubernetesApi, names: readonly string[]): Promise<boolean> {
  const nodes = await listNodes(api);
  return nodes.some((node) => !names.includes(node.metadata.name) && !isCordoned(node));
}

async function cordon(api: KubernetesApi, name: string, unschedulable: boolean): Promise<void> {
  await api.merge({ ...nodeType, name }, { spec: { unschedulable: unschedulable || null } });
}

function isCordoned({ spec }: Node): boolean {
  return spec?.unschedulable === true;
}

/** The pods of a node that have to go elsewhere, those on their way included. */
async function podsToMove(api: KubernetesApi, node: string): Promise<readonly Pod[]> {
  const pods = (await api.list(podType, { fieldSelector: `spec.nodeName=${node}` })) as readonly Pod[];
  return pods.filter(({ metadata, status }) => {
    const isOfNode = "kubernetes.io/config.mirror" in (metadata.annotations ?? {});
    const isOfDaemonSet = metadata.ownerReferences?.some(({ kind, controller }) => controller && kind === "DaemonSet");
    const isOver = status?.phase === "Succeeded" || status?.phase === "Failed";
    return !isOfNode && !isOfDaemonSet && !isOver;
  });
}

function podRef({ metadata: { name, namespace } }: Pod): KubernetesRef {
  return { ...podType, name, ...(namespace !== undefined && { namespace }) };
}

/** How many pods of those that are left are named. */
const named = 3;

function describe(pods: readonly Pod[], keptBy: ReadonlyMap<string, string>): string | undefined {
  if (pods.length === 0) return undefined;
  const kept = pods.filter(({ metadata }) => keptBy.has(metadata.uid ?? ""));
  const count = `${pods.length} ${pods.length === 1 ? "pod is" : "pods are"} left`;
  if (kept.length === 0) return count;
  const names = kept.slice(0, named).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  const others = kept.length > named ? ` and ${kept.length - named} more` : "";
  return `${count}; a disruption budget keeps ${names.join(", ")}${others}`;
}
