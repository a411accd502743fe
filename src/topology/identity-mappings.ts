import { arnWithoutPath } from "../aws/names.ts";
import type { Handle } from "../engine/graph.ts";
import type { ClusterAttrs } from "../resources/eks/cluster.ts";
import { identityMappings, type IdentityMappingsAttrs } from "../resources/kube/identity-mappings.ts";
import { nodeMapping, type NodeMappingAttrs, type NodeMappingSpec } from "../resources/kube/node-mapping.ts";
import type { Scope } from "./scope.ts";

/** `iamIdentityMappings`; an empty list takes away those that were there. */
export function addIdentityMappings(
  scope: Scope,
  cluster: Handle<ClusterAttrs>,
): readonly Handle<IdentityMappingsAttrs>[] {
  const listed = scope.config.iamIdentityMappings;
  if (listed === undefined) return [];
  const mappings = Object.fromEntries(
    listed.map(
      ({ arn, account = "", username, groups }) =>
        [
          arn === undefined ? account : arnWithoutPath(arn),
          { ...(username === undefined ? {} : { username }), ...(groups === undefined ? {} : { groups }) },
        ] as const,
    ),
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

/**
 * The mapping of the role of nodes that EKS does not manage, where aws-auth is the only way in: one for all that have the role.
 * Nothing where the file maps it itself, or EKS for a managed nodegroup.
 */
export function addNodeMapping(
  scope: Scope,
  cluster: Handle<ClusterAttrs>,
  arn: string,
  system: NodeMappingSpec["system"],
): Handle<NodeMappingAttrs> | undefined {
  const { iamIdentityMappings = [], managedNodeGroups = [] } = scope.config;
  const roleArn = arnWithoutPath(arn);
  const mapped = [
    ...iamIdentityMappings.map((mapping) => mapping.arn),
    ...managedNodeGroups.map(({ iam }) => iam?.instanceRoleARN),
  ];
  if (mapped.some((one) => one !== undefined && arnWithoutPath(one) === roleArn)) return undefined;
  const id = `node-mapping/${roleArn}`;
  if (scope.graph.nodes.has(id)) return { id };
  return scope.graph.add(nodeMapping, { id, name: roleArn, spec: { roleArn, system }, deps: { cluster } });
}
