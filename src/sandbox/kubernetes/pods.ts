import { ApiError } from "./api-error.ts";
import type { Objects } from "./objects.ts";
import { type KubeObject, timestamp } from "./state.ts";
import { disruptionBudgets, pods } from "./types.ts";
import { type LabelSelector, selectorMatches } from "./selectors.ts";

export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}
export interface Pod extends KubeObject {
  spec: {
    nodeName?: string;
    nodeSelector?: Record<string, string>;
    tolerations?: Toleration[];
    terminationGracePeriodSeconds?: number;
    [member: string]: unknown;
  };
  status: { phase: string; startTime?: string; conditions?: { type: string; status: string }[] };
}

/** Milliseconds from its place on a node until it is ready, and that its end takes at most. */
const startsWithin = 5000;
const endsWithin = 2000;
const defaultGraceSeconds = 30;

export function isOver({ status }: Pod): boolean {
  return status.phase === "Succeeded" || status.phase === "Failed";
}

export function isHealthy({ metadata, status }: Pod): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  return status.conditions?.some((each) => each.type === "Ready" && each.status === "True") ?? false;
}

/** Pods that have a node start there; those that are to go are gone after a moment. */
export function settlePods(objects: Objects): void {
  for (const pod of objects.list(pods) as readonly Pod[]) {
    const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = pod.metadata;
    if (deletionTimestamp !== undefined) {
      const begun = Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1000;
      const takes = Math.min(endsWithin, deletionGracePeriodSeconds * 1000);
      if (objects.now >= begun + takes) objects.remove(pods, pod);
    } else if (pod.status.phase === "Pending" && pod.status.startTime !== undefined) {
      if (objects.now >= Date.parse(pod.status.startTime) + startsWithin) start(objects, pod);
    }
  }
}

function start(objects: Objects, pod: Pod): void {
  const condition = { type: "Ready", status: "True", lastTransitionTime: timestamp(objects.now) };
  const containers = (pod.spec["containers"] ?? []) as readonly { readonly name: string; readonly image: string }[];
  const containerStatuses = containers.map(({ name, image }) => ({ name, image, ready: true, restartCount: 0 }));
  const status = { ...pod.status, phase: "Running", conditions: [condition], containerStatuses };
  objects.put(pods, { ...pod, status });
}

/** Begins the end of a pod, unless it is on its way; at once where it runs nowhere or nobody waits. */
export function endPod(objects: Objects, pod: Pod, grace: number | undefined): KubeObject {
  const seconds = grace ?? pod.spec.terminationGracePeriodSeconds ?? defaultGraceSeconds;
  if (pod.metadata.deletionTimestamp !== undefined && seconds > 0) return pod;
  if (seconds === 0 || pod.spec.nodeName === undefined) {
    objects.remove(pods, pod);
    return pod;
  }
  return objects.put(pods, {
    ...pod,
    metadata: {
      ...pod.metadata,
      deletionTimestamp: timestamp(objects.now + seconds * 1000),
      deletionGracePeriodSeconds: seconds,
    },
  });
}

interface Budget extends KubeObject {
  spec: { selector: LabelSelector; minAvailable?: number | string; maxUnavailable?: number | string };
}

/** @throws ApiError TooManyRequests where a disruption budget is used up. */
export function evict(objects: Objects, pod: Pod, grace: number | undefined): void {
  const { namespace, labels = {} } = pod.metadata;
  const budgets = (objects.list(disruptionBudgets, namespace) as readonly Budget[]).filter(({ spec }) =>
    selectorMatches(spec.selector, labels),
  );
  // What does not run can be taken away: nobody is served by it.
  const spent = isHealthy(pod) ? budgets.find((budget) => disruptionsAllowed(objects, budget) <= 0) : undefined;
  if (spent) {
    throw new ApiError(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", {
      details: {
        causes: [
          {
            reason: "DisruptionBudget",
            message: `The disruption budget ${spent.metadata.name} does not allow it now.`,
          },
        ],
      },
    });
  }
  endPod(objects, pod, grace);
}

export function settleBudgets(objects: Objects): void {
  for (const budget of objects.list(disruptionBudgets) as readonly Budget[]) {
    const { healthy, expected, desired } = measured(objects, budget);
    const status = {
      observedGeneration: budget.metadata.generation,
      disruptionsAllowed: Math.max(0, healthy - desired),
      currentHealthy: healthy,
      desiredHealthy: desired,
      expectedPods: expected,
    };
    objects.put(disruptionBudgets, { ...budget, status });
  }
}

function disruptionsAllowed(objects: Objects, budget: Budget): number {
  const { healthy, desired } = measured(objects, budget);
  return healthy - desired;
}

function measured(objects: Objects, { spec, metadata }: Budget) {
  const matching = (objects.list(pods, metadata.namespace) as readonly Pod[]).filter(
    (pod) => selectorMatches(spec.selector, pod.metadata.labels ?? {}) && pod.metadata.deletionTimestamp === undefined,
  );
  const expected = matching.length;
  const healthy = matching.filter(isHealthy).length;
  const share = (part: number | string) =>
    typeof part === "number" ? part : Math.ceil((Number.parseInt(part, 10) / 100) * expected);
  const desired =
    spec.minAvailable === undefined
      ? Math.max(0, expected - share(spec.maxUnavailable ?? 0))
      : share(spec.minAvailable);
  return { healthy, expected, desired };
}
