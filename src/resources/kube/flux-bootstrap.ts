import type { AwsContext } from "../../aws/context.ts";
import type { Live, NamedKind } from "../../engine/kind.ts";
import { commandText } from "../../programs.ts";
import { digest } from "./applied-objects.ts";
import { unavailable } from "./deployments.ts";
import { refuseWithout, runOnCluster, uninstall } from "./program.ts";
import { apiActions, reachedApi, usableApi } from "./reached-api.ts";

export interface FluxBootstrapSpec {
  readonly namespace: string;
  /** As `flux bootstrap` has it: github, gitlab ... */
  readonly provider: string;
  /** Without the dashes before their names. */
  readonly flags: Readonly<Record<string, string>>;
}
export interface FluxBootstrapDeps {
  readonly cluster: { readonly name: string };
}
export interface FluxBootstrapAttrs {
  readonly namespace: string;
  /** What stands for the flags that it was bootstrapped with; null where somebody else did that. */
  readonly bootstrap: string | null;
}

const namespaces = { apiVersion: "v1", kind: "Namespace" };
/** On the namespace: what we have bootstrapped it with. */
const memory = "ekstool.dev/flux";
const id = "flux";
const partOfFlux = "app.kubernetes.io/part-of=flux";

/**
 * Flux in the cluster, tied to a Git repository: seen by its deployments, made with the user's `flux`. One that is there already is
 * left as it is. Its name is its namespace.
 */
export const fluxBootstrap: NamedKind<
  FluxBootstrapSpec,
  FluxBootstrapDeps,
  FluxBootstrapAttrs,
  AwsContext,
  "bootstrap"
> = {
  name: "kube.flux-bootstrap",
  title: "Flux",
  deletedBefore: ["eks.cluster"],
  diesWith: "eks.cluster",
  timing: () => ({ expect: 60, limit: 600 }),

  actions: { ...apiActions, bootstrap: [] },

  byHand: ({ spec }) => [
    commandText(
      "flux",
      args(spec, (name) => `<${name}>`),
    ),
  ],

  async list(ctx, wanted) {
    const all = (await (await reachedApi(ctx))?.list(namespaces)) ?? [];
    const ours = all.filter(({ metadata }) => metadata.annotations?.[memory] !== undefined);
    const found = await Promise.all(ours.map(({ metadata }) => read(metadata.name, ctx)));
    return found.flatMap((live) => live ?? []).filter((live) => wanted === undefined || wanted === live.id);
  },
  read,
  async find(name, ctx) {
    const live = await read(name, ctx);
    if (live === null) refuseWithout("flux", ctx);
    return live;
  },

  async create({ spec }, ctx) {
    await bootstrap(spec, ctx);
    return { ref: spec.namespace };
  },

  async delete({ attrs }, ctx) {
    await uninstall(ctx, "flux", ["uninstall", `--namespace=${attrs.namespace}`, "--silent"]);
  },

  aspects: {
    bootstrap: {
      want: digestOf,
      have: ({ bootstrap: known }, want) => known ?? want,
      change: () => "bootstrap",
    },
  },
  updates: {
    async bootstrap({ spec }, _live, ctx) {
      await bootstrap(spec, ctx);
      return undefined;
    },
  },
};

/** Flags whose values nobody should read. */
function isSecret(name: string): boolean {
  return /password|secret|private-key|(^|-)token$/.test(name);
}

/** @param secret what stands in the place of a secret; absent: the secret itself. */
function args({ provider, flags }: FluxBootstrapSpec, secret?: (name: string) => string): readonly string[] {
  const given = Object.entries(flags).map(
    ([name, value]) => `--${name}=${secret && isSecret(name) ? secret(name) : value}`,
  );
  return ["bootstrap", provider, ...given];
}

/** Tells one set of flags from another, and nothing of the secrets among them. */
function digestOf(spec: FluxBootstrapSpec): string {
  return digest(args(spec, () => "").toSorted());
}

/** Flux may be bootstrapped once more: it takes on what has changed. */
async function bootstrap(spec: FluxBootstrapSpec, ctx: AwsContext): Promise<void> {
  const secrets = Object.entries(spec.flags).flatMap(([name, value]) => (isSecret(name) ? [value] : []));
  await runOnCluster(ctx, "flux", args(spec), secrets);
  const annotations = { [memory]: digestOf(spec) };
  await (await usableApi(ctx)).merge({ ...namespaces, name: spec.namespace }, { metadata: { annotations } });
}

async function read(ref: string, ctx: AwsContext): Promise<Live<FluxBootstrapAttrs> | null> {
  const api = await reachedApi(ctx);
  const namespace = (await api?.get({ ...namespaces, name: ref })) ?? null;
  if (!api || namespace === null) return null;
  const deployments = await api.list(
    { apiVersion: "apps/v1", kind: "Deployment" },
    { namespace: ref, labelSelector: partOfFlux },
  );
  if (deployments.length === 0) return null;
  const known = namespace.metadata.annotations?.[memory] ?? null;
  const waiting = unavailable(deployments);
  return {
    id: known === null ? "" : id,
    ref,
    owner: known === null ? "shared" : "us",
    phase: waiting === undefined ? "ready" : "degraded",
    ...(waiting !== undefined && { detail: waiting }),
    attrs: { namespace: ref, bootstrap: known },
  };
}
