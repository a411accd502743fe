import type { Edge, Handle } from "../engine/graph.ts";
import type { ClusterAttrs } from "../resources/eks/cluster.ts";
import { identityProviderConfig } from "../resources/eks/identity-provider-config.ts";
import type { Scope } from "./scope.ts";

/**
 * The identity provider of the file; EKS takes one a cluster.
 *
 * @param later what EKS makes beside nothing else while the cluster is updated: it is asked for first, since a provider takes long.
 */
export function addIdentityProvider(
  scope: Scope,
  cluster: Handle<ClusterAttrs>,
  later: readonly Handle<unknown>[],
): void {
  for (const { name, issuerURL, clientID, ...rest } of scope.config.identityProviders ?? []) {
    const { type: _oidc, tags = {}, ...claims } = rest;
    scope.graph.add(identityProviderConfig, {
      id: "identity-provider",
      name,
      spec: {
        name,
        issuerUrl: issuerURL,
        clientId: clientID,
        ...claims,
        tags: { ...scope.tags("identity-provider"), ...tags },
      },
      deps: { cluster },
      after: later.map((on): Edge => ({ on, until: "created" })),
    });
  }
}
