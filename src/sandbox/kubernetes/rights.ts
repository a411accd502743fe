import { ApiError } from "./api-error.ts";
import type { Objects } from "./objects.ts";
import type { ResourceType } from "./resource-types.ts";
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from "./types.ts";
import type { User } from "./users.ts";

/** What somebody wants to do. */
export interface Attempt {
  readonly verb: "get" | "list" | "watch" | "create" | "update" | "patch" | "delete" | "deletecollection";
  readonly type: ResourceType;
  readonly subresource: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

/** @throws ApiError Forbidden. */
export function authorize(user: User, objects: Objects, attempt: Attempt): void {
  if (user.groups.includes("system:masters")) return;
  if (user.policies.some((policy) => isGranted(policy, attempt))) return;
  if (isBound(user, objects, attempt)) return;
  const { verb, type, namespace, name, subresource } = attempt;
  const resource = subresource === undefined ? type.resource : `${type.resource}/${subresource}`;
  const what = `${type.resource}${type.group === "" ? "" : `.${type.group}`}${name === undefined ? "" : ` "${name}"`}`;
  const where = namespace === undefined ? "at the cluster scope" : `in the namespace "${namespace}"`;
  throw new ApiError(
    403,
    "Forbidden",
    `${what} is forbidden: User "${user.name}" cannot ${verb} resource "${resource}" in API group "${type.group}" ${where}`,
  );
}

function isGranted({ name, namespaces }: User["policies"][number], attempt: Attempt): boolean {
  const { verb, type, namespace } = attempt;
  if (namespaces !== undefined && (namespace === undefined || !namespaces.includes(namespace))) return false;
  const reads = verb === "get" || verb === "list" || verb === "watch";
  const isRbac = type.group === "rbac.authorization.k8s.io";
  switch (name) {
    case "AmazonEKSClusterAdminPolicy":
      return true;
    case "AmazonEKSAdminViewPolicy":
      return reads;
    case "AmazonEKSAdminPolicy":
      return type.namespaced || (reads && type.resource === "namespaces");
    case "AmazonEKSEditPolicy":
      return (type.namespaced && !isRbac) || (reads && type.resource === "namespaces");
    case "AmazonEKSViewPolicy":
      return reads && !isRbac && type.resource !== "secrets" && (type.namespaced || type.resource === "namespaces");
    default:
      return false;
  }
}

interface Binding {
  readonly subjects?: readonly { readonly kind: string; readonly name: string }[];
  readonly roleRef: { readonly kind: string; readonly name: string };
}
interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

function isBound(user: User, objects: Objects, attempt: Attempt): boolean {
  const { namespace } = attempt;
  const everywhere = objects.list(clusterRoleBindings);
  const inside = namespace === undefined ? [] : objects.list(roleBindings, namespace);
  return [...everywhere, ...inside].some((object) => {
    const { subjects = [], roleRef } = object as unknown as Binding;
    const concerned = subjects.some(
      ({ kind, name }) => (kind === "User" && name === user.name) || (kind === "Group" && user.groups.includes(name)),
    );
    if (!concerned) return false;
    if (roleRef.kind === "ClusterRole" && roleRef.name === "cluster-admin") return true;
    const role =
      roleRef.kind === "ClusterRole"
        ? objects.get(clusterRoles, roleRef.name)
        : objects.get(roles, roleRef.name, object.metadata.namespace);
    return ((role?.["rules"] ?? []) as readonly Rule[]).some((rule) => allows(rule, attempt));
  });
}

function allows(rule: Rule, { verb, type, subresource, name }: Attempt): boolean {
  const has = (list: readonly string[] | undefined, value: string) =>
    list?.some((each) => each === "*" || each === value) ?? false;
  const resource = subresource === undefined ? type.resource : `${type.resource}/${subresource}`;
  const named = rule.resourceNames === undefined || (name !== undefined && rule.resourceNames.includes(name));
  return named && has(rule.verbs, verb) && has(rule.apiGroups, type.group) && has(rule.resources, resource);
}
