import type { AwsContext } from "../../aws/context.ts";
import { type Live, type Operation, UnobservableError, type Want } from "../../engine/kind.ts";
import { listNodes, nodeType, type Taint } from "../../kube/nodes.ts";
import { nodesLabelled } from "../eks/nodegroup-drain.ts";
import { reachedApi } from "../kube/reached-api.ts";
import type { StackAttrs, StackDeps, StackSpec } from "./stack.ts";
import { changeNodegroup } from "./stack-updates.ts";
import { type Registration, registeredIn } from "./template-document.ts";

/**
 * Coming nodes register with other labels and taints, and live ones are given them: nobody is replaced for that. Where the Kubernetes
 * API is out of reach, live ones keep theirs, which is left for later.
 */
export async function changeRegistration(
  want: Want<StackSpec, StackDeps>,
  live: Live<StackAttrs>,
  ctx: AwsContext,
): Promise<Operation> {
  const unreached = await unlessUnreached(() => register(want, live, ctx));
  const operation = await changeNodegroup(want, live, ctx);
  if (unreached === undefined) return operation;
  return {
    ...operation,
    async check() {
      const status = await operation.check();
      if (status.state === "done") throw unreached;
      return status;
    },
  };
}

/** The commands that give live nodes their labels and taints. */
export function registeredByHand(id: string, { labels, taints }: Registration): readonly string[] {
  const nodes = `--selector=${nodesLabelled(id)} --overwrite`;
  const set = Object.entries(labels)
    // Those that they are found by do not change.
    .filter(([key]) => !key.startsWith("alpha.eksctl.io/"))
    .map(([key, value]) => `${key}=${value}`);
  const tainted = taints.map(({ key, value = "", effect }) => `${key}=${value}:${effect}`);
  return [
    ...(set.length === 0 ? [] : [`kubectl label nodes ${nodes} ${set.join(" ")}`]),
    ...(tainted.length === 0 ? [] : [`kubectl taint nodes ${nodes} ${tainted.join(" ")}`]),
  ];
}

async function register(want: Want<StackSpec, StackDeps>, live: Live<StackAttrs>, ctx: AwsContext): Promise<void> {
  const api = await reachedApi(ctx);
  if (api === null) return;
  const to = want.spec.registration;
  const from = registeredIn(live.attrs.template) ?? to;
  const isOurs = (taint: Taint) => [...from.taints, ...to.taints].some((one) => isSame(one, taint));
  const gone = Object.keys(from.labels).filter((key) => !Object.hasOwn(to.labels, key));
  const labels = { ...Object.fromEntries(gone.map((key) => [key, null])), ...to.labels };
  for (const { metadata, spec } of await listNodes(api, nodesLabelled(want.id))) {
    const taints = [...(spec?.taints ?? []).filter((taint) => !isOurs(taint)), ...to.taints];
    await api.merge({ ...nodeType, name: metadata.name }, { metadata: { labels }, spec: { taints } });
  }
}

function isSame(one: Taint, other: Taint): boolean {
  return one.key === other.key && one.effect === other.effect;
}

async function unlessUnreached(work: () => Promise<void>): Promise<UnobservableError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!(error instanceof UnobservableError)) throw error;
    return new UnobservableError(`live nodes keep their labels and taints: ${error.message}`);
  }
}
