import type { KubernetesObject } from "../kube/objects.ts";

/** Amazon EMR on EKS: its service-linked role, and the name that it has in Kubernetes. */
export const emrContainers = { role: "AWSServiceRoleForAmazonEMRContainers", user: "emr-containers" } as const;

const group = "rbac.authorization.k8s.io";
const inspect = ["get", "list", "watch", "describe"];
const change = ["create", "edit", "delete", "annotate", "patch", "label"];

/** What EMR asks for in a namespace that it runs jobs in (EMR on EKS development guide, "Enable cluster access for Amazon EMR on EKS"). */
const rules = [
  { apiGroups: [""], resources: ["namespaces"], verbs: ["get"] },
  {
    apiGroups: [""],
    resources: ["serviceaccounts", "services", "configmaps", "events", "pods", "pods/log"],
    verbs: [...inspect, ...change, "deletecollection"],
  },
  { apiGroups: [""], resources: ["secrets"], verbs: ["create", "patch", "delete", "watch"] },
  { apiGroups: ["apps"], resources: ["statefulsets", "deployments"], verbs: [...inspect, ...change] },
  { apiGroups: ["batch"], resources: ["jobs"], verbs: [...inspect, ...change] },
  { apiGroups: ["extensions", "networking.k8s.io"], resources: ["ingresses"], verbs: [...inspect, ...change] },
  { apiGroups: [group], resources: ["roles", "rolebindings"], verbs: [...inspect, ...change, "deletecollection"] },
  { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: [...inspect, ...change, "deletecollection"] },
];

/** The role and its binding. */
export function emrObjects(namespace: string): readonly KubernetesObject[] {
  const apiVersion = `${group}/v1`;
  const metadata = { name: emrContainers.user, namespace };
  return [
    { apiVersion, kind: "Role", metadata, rules },
    {
      apiVersion,
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: group, kind: "Role", name: emrContainers.user },
      subjects: [{ apiGroup: group, kind: "User", name: emrContainers.user }],
    },
  ];
}
