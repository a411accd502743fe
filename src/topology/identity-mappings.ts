import { arnWithoutPath } from "../aws/names.ts";
import type { IdentityMapping as Listed } from "../config/types.ts";
import type { Handle } from "../engine/graph.ts";
import type { Facts } from "../facts/types.ts";
import type { ClusterAttrs } from "../resources/eks/cluster.ts";
import type { IdentityMapping } from "../resources/kube/aws-auth-document.ts";
import { objectName } from "../resources/kube/applied-objects.ts";
import { identityMappings } from "../resources/kube/identity-mappings.ts";
import { nodeMapping, type NodeMappingAttrs, type NodeMappingSpec } from "../resources/kube/node-mapping.ts";
import { kubernetesObject } from "../resources/kube/object.ts";
import { roleArn } from "./arns.ts";
import { emrContainers, emrObjects } from "./emr-containers.ts";
import type { Scope } from "./scope.ts";

/** `iamIdentityMappings`; an empty list takes away those that were there. */
export function addIdentityMappings(scope: Scope, cluster: Handle<ClusterAttrs>): readonly Handle<unknown>[] {
  const listed = scope.config.iamIdentityMappings;
  if (listed === undefined) return [];
  const mappings = Object.fromEntries(listed.map((one) => mappingOf(one, scope.facts)));
  return [
    ...listed.flatMap((one) => addServiceObjects(scope.graph, one, cluster)),
    scope.graph.add(identityMappings, {
      id: "identity-mappings",
      name: "aws-auth",
      spec: { mappings },
      deps: { cluster },
    }),
  ];
}

/** A row of aws-auth. */
export function mappingOf(
  { arn, account = "", username, groups, serviceName }: Listed,
  { caller }: Pick<Facts, "caller">,
): readonly [key: string, mapping: IdentityMapping] {
  if (serviceName !== undefined)
    return [roleArn({ caller }, "/", emrContainers.role), { username: emrContainers.user }];
  const mapping = { ...(username === undefined ? {} : { username }), ...(groups === undefined ? {} : { groups }) };
  return [arn === undefined ? account : arnWithoutPath(arn), mapping];
}

/** What lets a service work in a namespace. */
export function addServiceObjects(
  graph: Scope["graph"],
  { serviceName, namespace }: Listed,
  cluster: Handle<Pick<ClusterAttrs, "name">>,
): readonly Handle<unknown>[] {
  if (serviceName === undefined || namespace === undefined) return [];
  return emrObjects(namespace).map((object) =>
    graph.add(kubernetesObject, {
      id: `object/${serviceName}/${namespace}/${object.kind}`,
      name: objectName(object),
      spec: { object },
      deps: { cluster },
    }),
  );
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
  const mappedArn = arnWithoutPath(arn);
  const mapped = [
    ...iamIdentityMappings.map((mapping) => mapping.arn),
    ...managedNodeGroups.map(({ iam }) => iam?.instanceRoleARN),
  ];
  if (mapped.some((one) => one !== undefined && arnWithoutPath(one) === mappedArn)) return undefined;
  const id = `node-mapping/${mappedArn}`;
  if (scope.graph.nodes.has(id)) return { id };
  return scope.graph.add(nodeMapping, { id, name: mappedArn, spec: { roleArn: mappedArn, system }, deps: { cluster } });
}
