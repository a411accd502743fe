import { Graph, type Handle, type Handles, type NodeOptions } from "../../src/engine/graph.ts";
import type { EngineContext, ExecuteOptions, PlanOptions, RunResult } from "../../src/engine/index.ts";
import { execute, observe, plan, planDelete } from "../../src/engine/index.ts";
import type { EngineEvent } from "../../src/engine/events.ts";
import type { Lock } from "../../src/engine/kind.ts";
import {
  type Cloud,
  ToyError,
  type ToyDeps,
  type ToyKind,
  type ToySpec,
  dependsOn,
  same,
  toyKind,
} from "./toy-cloud.ts";

const clusterLock = (mode: Lock["mode"]): readonly Lock[] => [{ name: "cluster", mode }];

const role = toyKind("iam.role", {
  free: true,
  aspects: { policies: same("policies", "policies") },
  updates: { policies: 0 },
  leavesOut: ["policies"],
  completes: ["policies"],
});
const vpc = toyKind("ec2.vpc", { aspects: { cidr: same("cidr", { refuse: "a VPC keeps its CIDR" }) } });
const subnet = toyKind("ec2.subnet", { deletedBefore: ["ec2.vpc"] });
const nat = toyKind("ec2.nat-gateway", {
  deletedBefore: ["ec2.subnet"],
  takes: 120,
  deletionTakes: 50,
});
const cluster = toyKind("eks.cluster", {
  deletedBefore: ["ec2.subnet", "iam.role"],
  named: true,
  takes: 540,
  deletionTakes: 180,
  aspects: {
    version: {
      want: (spec) => spec.version,
      have: (attrs) => attrs.version,
      change: (from, to) => (Number(to) < Number(from) ? { refuse: "a control plane cannot go back" } : "version"),
    },
    endpoint: same("endpoint", "endpoint"),
  },
  updates: { version: 480, endpoint: 120 },
  locks: (verb) => (verb === "create" || verb === "delete" ? [] : clusterLock("exclusive")),
});
const oidc = toyKind("iam.oidc-provider", { free: true });
const template = toyKind("ec2.launch-template", {
  named: true,
  aspects: { disk: same("disk", "version") },
  updates: { version: 0 },
  renews: { version: ["revision"] },
});
const nodegroup = toyKind("eks.nodegroup", {
  deletedBefore: ["eks.cluster", "iam.role", "ec2.launch-template"],
  named: true,
  takes: 150,
  deletionTakes: 180,
  retires: 60,
  aspects: {
    type: same("type", "replace"),
    role: dependsOn("role", "replace"),
    labels: {
      want: (spec) => spec.labels,
      have: (attrs, want) => {
        const labels = (attrs.labels ?? {}) as Record<string, unknown>;
        return Object.fromEntries(
          Object.keys(want ?? {}).flatMap((key) => (key in labels ? [[key, labels[key]]] : [])),
        );
      },
      change: () => "config",
      kept: (attrs, want) => Object.keys(attrs.labels ?? {}).filter((key) => !(key in (want as object))),
    },
    desired: same("desired", "config"),
    version: same("version", "roll"),
    template: {
      want: (_spec, deps) => (deps.template as { readonly revision: number }).revision,
      have: (attrs) => attrs.template ?? 1,
      change: () => "roll",
    },
  },
  writes: (want, live) => ({
    ...want.spec,
    // Labels that others wrote stay.
    labels: { ...(live.attrs.labels as object), ...(want.spec.labels as object) },
    template: (want.deps.template as { readonly revision: number }).revision,
  }),
  interrupts: ["roll"],
  updates: { config: 15, roll: 240 },
  locks: (verb) => (verb === "retire" ? [] : clusterLock("shared")),
});
const addon = toyKind("eks.addon", {
  deletedBefore: ["eks.cluster"],
  diesWith: "eks.cluster",
  named: true,
  takes: 40,
  deletionTakes: 20,
  aspects: { version: same("version", "config") },
  updates: { config: 40 },
  locks: () => clusterLock("shared"),
  health: (thing, cloud) => {
    const nodes = [...cloud.things.values()].some(
      ({ kind, readyAt }) => kind === "eks.nodegroup" && cloud.clock.now() >= readyAt,
    );
    return thing.attrs.needsNodes && !nodes ? "InsufficientNumberOfReplicas" : undefined;
  },
});

export const kinds = [role, vpc, subnet, nat, cluster, oidc, template, nodegroup, addon];

export interface ClusterFile {
  readonly version?: string;
  readonly type?: string;
  readonly nodes?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly endpoint?: string;
  readonly policies?: readonly string[];
  readonly disk?: number;
  readonly cidr?: string;
  /** A given VPC. */
  readonly vpc?: string;
}

type Options = Partial<Omit<NodeOptions<ToySpec, ToyDeps, string>, "deps">> & {
  readonly deps?: Readonly<Record<string, Handle<unknown> | readonly Handle<unknown>[]>>;
};

/** The graph of a small cluster, laid out like a real one. */
export function clusterGraph(file: ClusterFile = {}, other: { readonly vpc?: ToyKind } = {}): Graph<Cloud> {
  const vpcKind = other.vpc ?? vpc;
  const graph = new Graph<Cloud>();
  const add = (kind: ToyKind, id: string, name: string, { deps, ...options }: Options = {}) =>
    graph.add(kind, { id, name, spec: {}, deps: (deps ?? {}) as Handles<ToyDeps>, ...options });
  const network = file.vpc
    ? graph.observed(vpcKind, { id: "vpc", ref: file.vpc })
    : add(vpcKind, "vpc", "demo/vpc", { spec: { cidr: file.cidr ?? "10.0.0.0/16" } });
  const subnets = ["a", "b"].map((zone) => add(subnet, `subnet/${zone}`, `demo/${zone}`, { deps: { vpc: network } }));
  const [first] = subnets;
  const gateway = first && add(nat, "nat", "demo/nat", { deps: { subnet: first } });
  const clusterRole = add(role, "role/cluster", "demo-cluster", { spec: { policies: ["AmazonEKSClusterPolicy"] } });
  const everything: Handle<unknown>[] = [];
  const control = add(cluster, "cluster", "demo", {
    spec: { version: file.version ?? "1.34", ...(file.endpoint && { endpoint: file.endpoint }) },
    ...(file.endpoint && { initially: { endpoint: "public" } }),
    deps: { role: clusterRole, subnets },
    late: { endpoint: everything },
  });
  const provider = add(oidc, "oidc", "demo/oidc", { deps: { cluster: control } });
  const cniRole = add(role, "role/vpc-cni", "demo-cni", { deps: { provider } });
  const cni = add(addon, "addon/vpc-cni", "vpc-cni", {
    spec: { version: "1" },
    deps: { cluster: control, role: cniRole },
  });
  const nodeRole = add(role, "role/node", "demo-node", {
    spec: { policies: file.policies ?? ["AmazonEKSWorkerNodePolicy"] },
  });
  const groups = (file.nodes ?? ["ng-1"]).map((name) => {
    const launchTemplate = add(template, `template/${name}`, `demo-${name}`, { spec: { disk: file.disk ?? 80 } });
    return add(nodegroup, `nodegroup/${name}`, name, {
      spec: { type: file.type ?? "m7", ...(file.labels && { labels: file.labels }) },
      deps: { cluster: control, role: nodeRole, subnets, template: launchTemplate },
      after: [{ on: cni, until: "created" }, ...(gateway ? [{ on: gateway, until: "ready" } as const] : [])],
    });
  });
  const dns = add(addon, "addon/coredns", "coredns", {
    spec: { version: "1", needsNodes: true },
    deps: { cluster: control },
    healthyAfter: groups.length > 0 ? groups : "never",
  });
  everything.push(cni, dns, ...groups);
  return graph;
}

export interface Rig {
  readonly cloud: Cloud;
  readonly events: EngineEvent[];
  readonly engine: EngineContext<Cloud>;
}

export function rig(
  cloud: Cloud,
  registry: readonly ToyKind[] = kinds,
  extra: Partial<EngineContext<Cloud>> = {},
): Rig {
  const events: EngineEvent[] = [];
  const engine: EngineContext<Cloud> = {
    kinds: registry,
    ctx: cloud,
    clock: cloud.clock,
    emit: (event) => events.push(event),
    owner: "eu-west-1/demo",
    classify: (error) => (error instanceof ToyError ? error.condition : undefined),
    ...extra,
  };
  return { cloud, events, engine };
}

/** Observes, plans and executes, as a command does. */
export async function run(
  { engine }: Rig,
  graph: Graph<Cloud>,
  options: Partial<PlanOptions & ExecuteOptions> = {},
): Promise<RunResult> {
  const planned = plan(engine, graph, await observe(engine, graph), { mode: "apply", ...options });
  return execute(engine, planned, { onFailure: "auto", heart: "cluster", ...options });
}

export async function destroy({ engine }: Rig, options: Partial<ExecuteOptions> = {}): Promise<RunResult> {
  return execute(engine, planDelete(engine, await observe(engine)), { onFailure: "keep", ...options });
}

/** The items of a plan that are not kept, as `<verb> <id>`. */
export async function verbs(
  { engine }: Rig,
  graph: Graph<Cloud>,
  options: Partial<PlanOptions> = {},
): Promise<readonly string[]> {
  const { items } = plan(engine, graph, await observe(engine, graph), { mode: "apply", ...options });
  return items.filter(({ verb }) => verb !== "keep").map(({ verb, id }) => `${verb} ${id}`);
}

export const problems = (result: RunResult): readonly string[] =>
  result.failures.map(({ step, error }) => `${step}: ${error instanceof Error ? error.message : String(error)}`);

/** Visible steps in the order in which they started. */
export const started = (events: readonly EngineEvent[]): readonly string[] =>
  events.flatMap((event) => (event.type === "step-started" ? [event.step] : []));
