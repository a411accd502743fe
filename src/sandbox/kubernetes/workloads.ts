import { createHash } from "node:crypto";
import type { NewObject, Objects } from "./objects.ts";
import { type KubeObject, type OwnerReference, timestamp } from "./state.ts";
import { type LabelSelector, selectorMatches } from "./selectors.ts";
import type { Node } from "./nodes.ts";
import { fargateScheduler } from "./fargate.ts";
import { isFargate, isReady } from "./nodes.ts";
import type { Toleration } from "./pods.ts";
import { type Pod, isHealthy, isOver } from "./pods.ts";
import { daemonSets, deployments, nodes, pods, replicaSets, statefulSets } from "./types.ts";

interface Workload extends KubeObject {
  spec: {
    replicas?: number;
    selector: LabelSelector;
    template: {
      metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
      spec: PodSpec;
    };
  };
}
interface PodSpec {
  readonly affinity?: {
    readonly nodeAffinity?: {
      readonly requiredDuringSchedulingIgnoredDuringExecution?: {
        readonly nodeSelectorTerms: readonly LabelSelector[];
      };
    };
  };
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly Toleration[];
  [member: string]: unknown;
}

/** Controllers make the pods that are wanted, and take away those that are too many. */
export function settleWorkloads(objects: Objects): void {
  for (const deployment of objects.list(deployments) as readonly Workload[]) settleDeployment(objects, deployment);
  for (const set of objects.list(replicaSets) as readonly Workload[]) settleReplicas(objects, set, replicaSets);
  for (const set of objects.list(statefulSets) as readonly Workload[]) settleReplicas(objects, set, statefulSets);
  for (const set of objects.list(daemonSets) as readonly Workload[]) settleDaemonSet(objects, set);
  for (const deployment of objects.list(deployments) as readonly Workload[]) tellDeployment(objects, deployment);
}

function settleDeployment(objects: Objects, deployment: Workload): void {
  const { template, selector, replicas = 1 } = deployment.spec;
  const { namespace } = deployment.metadata;
  const hash = digest(JSON.stringify(template), 10);
  const name = `${deployment.metadata.name}-${hash}`;
  const labels = { ...template.metadata?.labels, "pod-template-hash": hash };
  const before = objects.get(replicaSets, name, namespace);
  objects.put(replicaSets, {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    ...before,
    metadata: { ...before?.metadata, name, ...inNamespace(namespace), labels, ownerReferences: [ownedBy(deployment)] },
    spec: {
      replicas,
      selector: { ...selector, matchLabels: { ...selector.matchLabels, ...labels } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  });
  for (const other of ownedOf(objects, deployment, replicaSets)) {
    if (other.metadata.name !== name) objects.remove(replicaSets, other);
  }
}

function settleReplicas(objects: Objects, set: Workload, type: typeof replicaSets | typeof statefulSets): void {
  const wanted = set.spec.replicas ?? 1;
  const own = podsOf(objects, set);
  const living = own.filter((pod) => !isOver(pod) && pod.metadata.deletionTimestamp === undefined);
  for (const pod of living.slice(wanted)) objects.remove(pods, pod);
  for (let count = living.length; count < wanted; count++) {
    makePod(objects, set, digest(`${set.metadata.uid} ${objects.store.version}`, 5));
  }
  const now = podsOf(objects, set);
  const ready = now.filter(isHealthy).length;
  tell(objects, type, set, { replicas: now.length, readyReplicas: ready, availableReplicas: ready });
}

function settleDaemonSet(objects: Objects, set: Workload): void {
  const { nodeSelector = {}, tolerations = [] } = set.spec.template.spec;
  const eligible = (objects.list(nodes) as readonly Node[]).filter(
    (node) =>
      !isFargate(node) &&
      Object.entries(nodeSelector).every(([key, value]) => node.metadata.labels?.[key] === value) &&
      isAttractedBy(node, set.spec.template.spec) &&
      (node.spec.taints ?? []).every(
        (taint) =>
          taint.key.startsWith("node.kubernetes.io/") ||
          taint.effect === "PreferNoSchedule" ||
          tolerates(tolerations, taint),
      ),
  );
  const own = podsOf(objects, set);
  for (const node of eligible) {
    const { name } = node.metadata;
    if (own.some((pod) => pod.spec.nodeName === name && pod.metadata.deletionTimestamp === undefined)) continue;
    makePod(objects, set, digest(`${set.metadata.uid} ${name} ${objects.store.version}`, 5), name);
  }
  const ready = podsOf(objects, set).filter(isHealthy).length;
  tell(objects, daemonSets, set, {
    desiredNumberScheduled: eligible.length,
    currentNumberScheduled: eligible.length,
    numberReady: ready,
    numberAvailable: ready,
    numberMisscheduled: 0,
  });
}

/** One of the terms that a pod requires of its node, if it does. */
function isAttractedBy({ metadata: { labels = {} } }: Node, { affinity }: PodSpec): boolean {
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required?.nodeSelectorTerms.some((term) => selectorMatches(term, labels)) ?? true;
}

function tolerates(
  tolerations: readonly Toleration[],
  taint: { readonly key: string; readonly value?: string; readonly effect: string },
): boolean {
  return tolerations.some(
    ({ key, operator = "Equal", value, effect }) =>
      (effect === undefined || effect === "" || effect === taint.effect) &&
      (key === undefined || key === "" ? operator === "Exists" : key === taint.key) &&
      (operator === "Exists" || (value ?? "") === (taint.value ?? "")),
  );
}

/** The least busy of the nodes on which a pod may run. */
export function schedule(objects: Objects): void {
  const all = objects.list(pods) as readonly Pod[];
  const load = (name: string) => all.filter(({ spec }) => spec.nodeName === name).length;
  for (const pod of all) {
    if (pod.spec.nodeName !== undefined || pod.metadata.deletionTimestamp !== undefined) continue;
    if (pod.spec["schedulerName"] === fargateScheduler) continue;
    const { nodeSelector = {}, tolerations = [] } = pod.spec;
    const able = (objects.list(nodes) as readonly Node[]).filter(
      (node) =>
        isReady(node) &&
        !node.spec.unschedulable &&
        Object.entries(nodeSelector).every(([key, value]) => node.metadata.labels?.[key] === value) &&
        (node.spec.taints ?? []).every((taint) => taint.effect === "PreferNoSchedule" || tolerates(tolerations, taint)),
    );
    const [first, ...rest] = able;
    if (!first) continue;
    const chosen = rest.reduce(
      (best, node) => (load(node.metadata.name) < load(best.metadata.name) ? node : best),
      first,
    );
    const status = { ...pod.status, startTime: timestamp(objects.now) };
    objects.put(pods, { ...pod, spec: { ...pod.spec, nodeName: chosen.metadata.name }, status });
  }
}

function makePod(objects: Objects, owner: Workload, suffix: string, nodeName?: string): void {
  const { template } = owner.spec;
  const { namespace, name } = owner.metadata;
  const pod: NewObject = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...template.metadata,
      name: `${name}-${suffix}`,
      ...inNamespace(namespace),
      ownerReferences: [ownedBy(owner)],
    },
    spec: { ...template.spec, ...(nodeName && { nodeName }) },
    status: { phase: "Pending", ...(nodeName && { startTime: timestamp(objects.now) }) },
  };
  objects.put(pods, pod);
}

function tellDeployment(objects: Objects, deployment: Workload): void {
  const ready = ownedOf(objects, deployment, replicaSets)
    .flatMap((set) => podsOf(objects, set))
    .filter(isHealthy).length;
  const { replicas = 1 } = deployment.spec;
  const enough = ready >= replicas;
  tell(objects, deployments, deployment, {
    replicas,
    updatedReplicas: replicas,
    readyReplicas: ready,
    availableReplicas: ready,
    conditions: [
      { type: "Available", status: enough ? "True" : "False" },
      { type: "Progressing", status: "True", reason: enough ? "NewReplicaSetAvailable" : "ReplicaSetUpdated" },
    ],
  });
}

function tell(objects: Objects, type: Parameters<Objects["put"]>[0], workload: Workload, status: object): void {
  const observedGeneration = workload.metadata.generation;
  const current = objects.get(type, workload.metadata.name, workload.metadata.namespace);
  if (current) objects.put(type, { ...current, status: { observedGeneration, ...status } });
}

function ownedOf(
  objects: Objects,
  { metadata }: KubeObject,
  type: Parameters<Objects["list"]>[0],
): readonly KubeObject[] {
  return objects
    .list(type, metadata.namespace)
    .filter((each) => each.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid));
}

function podsOf(objects: Objects, owner: KubeObject): readonly Pod[] {
  return ownedOf(objects, owner, pods) as readonly Pod[];
}

function ownedBy({ apiVersion, kind, metadata: { name, uid } }: KubeObject): OwnerReference {
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

function inNamespace(namespace: string | undefined) {
  return namespace === undefined ? {} : { namespace };
}

function digest(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}
