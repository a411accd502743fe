import type { AwsContext, Owner } from "../aws/context.ts";
import { withDefaults } from "../config/defaults.ts";
import { isLocalCluster } from "../config/outposts.ts";
import type { ClusterConfig } from "../config/types.ts";
import type { Graph } from "../engine/graph.ts";
import { type EngineContext, type Observation, aftermath, observe } from "../engine/index.ts";
import { gatherFacts } from "../facts/gather.ts";
import { needsOf } from "../facts/needs.ts";
import type { Facts } from "../facts/types.ts";
import { cluster } from "../resources/eks/cluster.ts";
import { type TopologyOptions, buildTopology } from "../topology/index.ts";
import { requireGiven } from "./given-check.ts";
import { type KubeconfigChoice, kubeconfigSpec } from "./kubeconfig.ts";
import { type Session, engineOf } from "./session.ts";
import { withKeyFiles } from "./key-files.ts";
import { livesOf } from "./things.ts";

/** A file held against AWS: what is wanted, and what there is. Only reading calls were sent. */
export interface Prepared {
  readonly session: Session;
  readonly owner: Owner;
  readonly config: ClusterConfig;
  readonly facts: Facts;
  readonly graph: Graph<AwsContext>;
  readonly engine: EngineContext<AwsContext>;
  readonly observation: Observation<AwsContext>;
}

export interface PrepareOptions extends Pick<TopologyOptions, "withoutDevicePlugins"> {
  /** Also looks into Kubernetes where nothing is wanted there: something of ours may be left. */
  readonly intoKubernetes?: boolean;
}

/**
 * @param kubeconfig absent: the kubeconfig is neither looked at nor written; "if-new": only for a cluster that does not
 *   exist yet, since on every other machine and in CI the entry is no part of what the cluster is.
 */
export async function prepare(
  session: Session,
  file: ClusterConfig,
  kubeconfig?: { readonly choice: KubeconfigChoice; readonly when: "always" | "if-new" },
  { intoKubernetes = false, ...options }: PrepareOptions = {},
): Promise<Prepared> {
  const config = withKeyFiles(file);
  const owner = { region: session.region, cluster: config.metadata.name };
  const [facts] = await Promise.all([
    gatherFacts(needsOf(withDefaults(config)), session.clients),
    requireGiven(session, config),
  ]);
  const wanted = kubeconfig && (kubeconfig.when === "always" || facts.cluster === undefined);
  const graph = buildTopology(config, facts, {
    ...options,
    ...(wanted && {
      kubeconfig: kubeconfigSpec(
        kubeconfig.choice,
        { owner, isLocalCluster: isLocalCluster(config) },
        facts.caller.arn,
      ),
    }),
  });
  const engine = await engineOf(session, owner.cluster, {
    local: Boolean(wanted),
    kubernetes: intoKubernetes || hasObjects(graph),
  });
  let observation = await observe(engine, graph);
  if (isBeingMade(observation)) {
    // A create may have been cut short a moment ago: the control plane would refer to what no list shows yet.
    await aftermath(engine);
    observation = await observe(engine, graph);
  }
  return { session, owner, config, facts, graph, engine, observation };
}

/** Whether something in Kubernetes is wanted: who wants nothing there need not reach it. */
function hasObjects(graph: Graph<AwsContext>): boolean {
  return [...graph.nodes.values()].some((node) => node.source === "managed" && node.kind.name.startsWith("kube."));
}

/** Whether the control plane is there and has never been up. */
function isBeingMade({ things }: Observation<AwsContext>): boolean {
  const found = things.map(({ kind, live }) => ({ kind: kind.name, live }));
  return livesOf(cluster, found).some(({ owner, attrs }) => owner === "us" && attrs.endpoint === "");
}
