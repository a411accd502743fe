import { type Instance, TerminateInstanceInAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import type { AwsContext } from "../../aws/context.ts";
import { type Live, type Operation, type OperationStatus, UnobservableError } from "../../engine/kind.ts";
import { FailedError } from "../../errors.ts";
import type { KubernetesApi } from "../../kube/api.ts";
import { isNodeOf, isNodeReady, listNodes, type Node } from "../../kube/nodes.ts";
import { drainOf, nodesLabelled } from "../eks/nodegroup-drain.ts";
import { reachedApi } from "../kube/reached-api.ts";
import { describeGroup, versionOf } from "./scaling-group-document.ts";
import type { StackAttrs } from "./stack.ts";

/** The version of a launch template from which on nodes need no replacement. */
export interface NodesTemplate {
  readonly id: string;
  readonly version: number;
}

/** Seconds between two looks. */
const interval = 10;
/** Seconds in which a new node gets ready, as EKS has it. */
const joining = 20 * 60;

/** What is to be done first, and then the nodes of a group are replaced. */
export function rollingAfter(
  first: Operation,
  live: Live<StackAttrs>,
  template: NodesTemplate,
  ctx: AwsContext,
): Operation {
  const roll = rollOf(live, template, ctx);
  let isDone = false;
  return {
    what: first.what,
    every: interval,
    async check() {
      if (isDone) return roll();
      const status = await first.check();
      if (status.state !== "done") return status;
      isDone = true;
      return { state: "running", detail: "nodes are replaced one after the other" };
    },
  };
}

/**
 * Replaces the nodes of a group that are older than a version of their launch template, one after the other: a node is cordoned and
 * drained where the Kubernetes API is reached, and ended; the next one follows when its successor is ready. Cut short, it goes on where
 * it was: which nodes are older is seen by the group.
 */
function rollOf(live: Live<StackAttrs>, template: NodesTemplate, ctx: AwsContext): () => Promise<OperationStatus> {
  const { autoscaling } = ctx.clients;
  let leaving: { readonly id: string; readonly drain: Operation | undefined } | undefined;
  let readyAt = ctx.clock.now();

  async function end(InstanceId: string): Promise<void> {
    const request = { InstanceId, ShouldDecrementDesiredCapacity: false };
    await autoscaling.send(new TerminateInstanceInAutoScalingGroupCommand(request));
    leaving = undefined;
    readyAt = ctx.clock.now();
  }

  return async () => {
    const group = await describeGroup(live.attrs.group?.name ?? "", ctx);
    if (!group) throw new FailedError(`the stack ${live.ref} has no Auto Scaling group`);
    const instances = (group.Instances ?? []).filter(({ LifecycleState = "" }) => !LifecycleState.startsWith("Term"));
    const older = instances.filter((instance) => versionOf(instance, template.id) < template.version);
    const size = group.DesiredCapacity ?? 0;
    const progress = [size - older.length, size] as const;
    const running = (detail: string): OperationStatus => ({ state: "running", detail, progress });
    if (leaving !== undefined && instances.some(({ InstanceId }) => InstanceId === leaving?.id)) {
      const status = await leaving.drain?.check();
      if (status !== undefined && status.state !== "done") return { ...status, progress };
      await end(leaving.id);
      return running("a node is replaced");
    }
    const api = await apiOrNull(ctx);
    const nodes = api && (await listNodes(api, nodesLabelled(live.id)));
    const followers = instances.filter((instance) => !older.includes(instance));
    const coming = size - instances.length + notReady(followers, nodes);
    if (coming > 0) {
      const detail = `${coming} new of ${size} nodes are not ready`;
      if (ctx.clock.now() - readyAt < joining * 1000) return running(detail);
      return { state: "failed", detail: `${detail} after ${joining / 60} minutes: the others are kept`, progress };
    }
    readyAt = ctx.clock.now();
    const [next] = older;
    if (next?.InstanceId === undefined) return { state: "done" };
    if (group.SuspendedProcesses?.some(({ ProcessName }) => ProcessName === "Launch")) {
      return { state: "failed", detail: "the group's process Launch is suspended: nobody would follow its nodes" };
    }
    leaving = { id: next.InstanceId, drain: drainOfNode(next.InstanceId, nodes, api, ctx) };
    return running(`${next.InstanceId} is ${leaving.drain ? "drained" : "ended without a drain"}`);
  };
}

/** Null where it is out of reach: then nodes go without a drain, as they do elsewhere. */
async function apiOrNull(ctx: AwsContext): Promise<KubernetesApi | null> {
  try {
    return await reachedApi(ctx);
  } catch (error) {
    if (error instanceof UnobservableError) return null;
    throw error;
  }
}

/** How many of these instances are no ready nodes yet; where nobody can look, those that are not in service. */
function notReady(instances: readonly Instance[], nodes: readonly Node[] | null): number {
  if (nodes === null) return instances.filter(({ LifecycleState }) => LifecycleState !== "InService").length;
  const ready = nodes.filter(isNodeReady);
  return instances.filter(({ InstanceId = "" }) => !ready.some((node) => isNodeOf(node, InstanceId))).length;
}

function drainOfNode(
  instance: string,
  nodes: readonly Node[] | null,
  api: KubernetesApi | null,
  { clock, drain }: AwsContext,
): Operation | undefined {
  const node = nodes?.find((one) => isNodeOf(one, instance));
  const host = node?.metadata.labels?.["kubernetes.io/hostname"];
  if (api === null || drain === undefined || host === undefined) return undefined;
  return drainOf(`kubernetes.io/hostname=${host}`, { api, clock }, drain, "done");
}
