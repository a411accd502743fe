import type { Handle } from "../engine/graph.ts";
import type { ClusterAttrs } from "../resources/eks/cluster.ts";
import { identityMappings, type IdentityMappingsAttrs } from "../resources/kube/identity-mappings.ts";
import type { Scope } from "./scope.ts";

/** `iamIdentityMappings`; an empty list takes away those that were there. */
export function addIdentityMappings(
  scope: Scope,
  cluster: Handle<ClusterAttrs>,
): readonly Handle<IdentityMappingsAttrs>[] {
  const listed = scope.config.iamIdentityMappings;
  if (listed === undefined) return [];
  const mappings = Object.fromEntries(
    listed.map(({ arn, account = "", username, groups }) => [
      // aws-auth knows no paths.
      arn?.replace(/:(role|user)\/.*\//, ":$1/") ?? account,
      { ...(username === undefined ? {} : { username }), ...(groups === undefined ? {} : { groups }) },
    ]),
  );
  return [
    scope.graph.add(identityMappings, {
      id: "identity-mappings",
      name: "aws-auth",
      spec: { mappings },
      deps: { cluster },
    }),
  ];
}
