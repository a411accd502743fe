import type { Handle } from "../engine/graph.ts";
import type { ClusterAttrs } from "../resources/eks/cluster.ts";
import { identityMappings, type IdentityMappingsAttrs } from "../resources/kube/identity-mappings.ts";
import type { IdentityMapping } from "../resources/kube/aws-auth-document.ts";
import { karpenterNodeRoleArn } from "./karpenter.ts";
import { authenticationMode } from "./roles.ts";
import type { Scope } from "./scope.ts";

/** EKS writes the roles of nodegroups into aws-auth where that is the only way in; Karpenter's nodes are not of one. */
function nodeMappings(scope: Scope): readonly (readonly [arn: string, mapping: IdentityMapping])[] {
  const arn = karpenterNodeRoleArn(scope);
  if (arn === undefined || authenticationMode(scope) !== "CONFIG_MAP") return [];
  const groups = ["system:bootstrappers", "system:nodes"];
  return [[arn, { username: "system:node:{{EC2PrivateDNSName}}", groups }]];
}

/** `iamIdentityMappings`; an empty list takes away those that were there. */
export function addIdentityMappings(
  scope: Scope,
  cluster: Handle<ClusterAttrs>,
): readonly Handle<IdentityMappingsAttrs>[] {
  const listed = scope.config.iamIdentityMappings;
  const nodes = nodeMappings(scope);
  if (listed === undefined && nodes.length === 0) return [];
  const mappings = Object.fromEntries([
    ...nodes,
    ...(listed ?? []).map(
      ({ arn, account = "", username, groups }) =>
        [
          // aws-auth knows no paths.
          arn?.replace(/:(role|user)\/.*\//, ":$1/") ?? account,
          { ...(username === undefined ? {} : { username }), ...(groups === undefined ? {} : { groups }) },
        ] as const,
    ),
  ]);
  return [
    scope.graph.add(identityMappings, {
      id: "identity-mappings",
      name: "aws-auth",
      spec: { mappings },
      deps: { cluster },
    }),
  ];
}
