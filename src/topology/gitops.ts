import type { Handle } from "../engine/graph.ts";
import type { ClusterAttrs } from "../resources/eks/cluster.ts";
import { fluxBootstrap } from "../resources/kube/flux-bootstrap.ts";
import type { Scope } from "./scope.ts";

const usualNamespace = "flux-system";

/** `gitops.flux`: last of all, since what Flux brings may need any of it. */
export function addGitops(
  scope: Scope,
  cluster: Handle<ClusterAttrs>,
  {
    nodegroups,
    before,
  }: { readonly nodegroups: readonly Handle<unknown>[]; readonly before: readonly Handle<unknown>[] },
): readonly Handle<unknown>[] {
  const wanted = scope.config.gitops?.flux;
  if (wanted === undefined) return [];
  const namespace = wanted.flags["namespace"] ?? usualNamespace;
  const added = scope.graph.add(fluxBootstrap, {
    id: "flux",
    name: namespace,
    spec: { namespace, provider: wanted.gitProvider, flags: wanted.flags },
    deps: { cluster },
    after: before.map((on) => ({ on, until: "ready" }) as const),
    healthyAfter: nodegroups.length === 0 ? "never" : nodegroups,
  });
  return [added];
}
