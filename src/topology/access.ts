import type { AccessEntry } from "../config/types.ts";
import type { Handle } from "../engine/graph.ts";
import { accessEntry, type AccessEntryAttrs, type AccessPolicy } from "../resources/eks/access-entry.ts";
import type { ClusterAttrs } from "../resources/eks/cluster.ts";
import type { RoleAttrs } from "../resources/iam/role.ts";
import type { Scope } from "./scope.ts";

/** The access entries of the file. */
export function addAccessEntries(scope: Scope, cluster: Handle<ClusterAttrs>): readonly Handle<AccessEntryAttrs>[] {
  return (scope.config.accessConfig?.accessEntries ?? []).map((entry) =>
    scope.graph.add(accessEntry, {
      id: `access-entry/${entry.principalARN}`,
      name: entry.principalARN,
      spec: {
        principalArn: entry.principalARN,
        type: entry.type ?? "STANDARD",
        ...(entry.kubernetesGroups === undefined ? {} : { kubernetesGroups: entry.kubernetesGroups }),
        ...(entry.kubernetesUsername === undefined ? {} : { kubernetesUsername: entry.kubernetesUsername }),
        policies: accessPoliciesOf(entry.accessPolicies),
        tags: scope.tags("access-entry"),
      },
      deps: { cluster, role: [] },
    }),
  );
}

export function accessPoliciesOf(policies: AccessEntry["accessPolicies"] = []): readonly AccessPolicy[] {
  return policies.map(({ policyARN, accessScope: { type, namespaces } }) => ({
    policyArn: policyARN,
    scope: { type, ...(namespaces === undefined ? {} : { namespaces }) },
  }));
}

/**
 * The entry of a given role, for which EKS makes none where nodes are self-managed: the file's own, or one for all nodegroups
 * that have the role.
 */
export function addGivenNodeAccessEntry(
  scope: Scope,
  cluster: Handle<ClusterAttrs>,
  principalArn: string,
  type: "EC2_LINUX" | "EC2_WINDOWS",
): Handle<AccessEntryAttrs> {
  const id = `access-entry/${principalArn}`;
  if (scope.graph.nodes.has(id)) return { id };
  return scope.graph.add(accessEntry, {
    id,
    name: principalArn,
    spec: { principalArn, type, policies: [], tags: scope.tags("access-entry") },
    deps: { cluster, role: [] },
  });
}

/**
 * The entry that lets the nodes of one role join. EKS would make it with the nodegroup; made by us it carries our tag, and
 * goes before the role goes: it holds the role's unique id, and a successor of the role would not be let in.
 */
export function addNodeAccessEntry(
  scope: Scope,
  cluster: Handle<ClusterAttrs>,
  nodegroup: string,
  role: Handle<RoleAttrs>,
  principalArn: string,
  type: "EC2_LINUX" | "EC2_WINDOWS",
): Handle<AccessEntryAttrs> {
  const label = `nodegroup/${nodegroup}`;
  return addAccessEntryOfRole(scope, cluster, { label, type, role, arn: principalArn });
}

interface RoleEntry {
  /** What follows `access-entry/` in the logical id. */
  readonly label: string;
  readonly type: string;
  /** One that we make; absent: a given one. */
  readonly role?: Handle<RoleAttrs> | undefined;
  /** The role's. */
  readonly arn: string;
  readonly policies?: readonly AccessPolicy[];
}

/** The entry of a role of ours, or of a given one. */
export function addAccessEntryOfRole(
  scope: Scope,
  cluster: Handle<ClusterAttrs>,
  { label, type, role, arn, policies = [] }: RoleEntry,
): Handle<AccessEntryAttrs> {
  return scope.graph.add(accessEntry, {
    id: `access-entry/${label}`,
    name: arn,
    spec: { ...(role ? {} : { principalArn: arn }), type, policies, tags: scope.tags(`access-entry/${label}`) },
    deps: { cluster, role: role ? [role] : [] },
  });
}
