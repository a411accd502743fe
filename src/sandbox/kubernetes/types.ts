/** Types that the sandbox itself works with. */
export const namespaces = { group: "", resource: "namespaces" } as const;
export const nodes = { group: "", resource: "nodes" } as const;
export const pods = { group: "", resource: "pods" } as const;
export const configMaps = { group: "", resource: "configmaps" } as const;
export const serviceAccounts = { group: "", resource: "serviceaccounts" } as const;
export const services = { group: "", resource: "services" } as const;
export const deployments = { group: "apps", resource: "deployments" } as const;
export const daemonSets = { group: "apps", resource: "daemonsets" } as const;
export const replicaSets = { group: "apps", resource: "replicasets" } as const;
export const statefulSets = { group: "apps", resource: "statefulsets" } as const;
export const disruptionBudgets = { group: "policy", resource: "poddisruptionbudgets" } as const;
export const clusterRoleBindings = { group: "rbac.authorization.k8s.io", resource: "clusterrolebindings" } as const;
export const clusterRoles = { group: "rbac.authorization.k8s.io", resource: "clusterroles" } as const;
export const roleBindings = { group: "rbac.authorization.k8s.io", resource: "rolebindings" } as const;
export const roles = { group: "rbac.authorization.k8s.io", resource: "roles" } as const;
