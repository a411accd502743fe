import type { KubernetesStore } from "./state.ts";

/** A type of object that the API serves. */
export interface ResourceType {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** Plural: as it stands in paths. */
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly subresources: readonly string[];
}

type Row = readonly [resource: string, kind: string, scope: "ns" | "all", shortNames?: string, subresources?: string];

const served: Readonly<Record<string, readonly Row[]>> = {
  v1: [
    ["namespaces", "Namespace", "all", "ns", "status finalize"],
    ["nodes", "Node", "all", "no", "status"],
    ["pods", "Pod", "ns", "po", "status eviction"],
    ["configmaps", "ConfigMap", "ns", "cm"],
    ["secrets", "Secret", "ns"],
    ["serviceaccounts", "ServiceAccount", "ns", "sa"],
    ["services", "Service", "ns", "svc", "status"],
    ["endpoints", "Endpoints", "ns", "ep"],
    ["events", "Event", "ns", "ev"],
    ["persistentvolumes", "PersistentVolume", "all", "pv", "status"],
    ["persistentvolumeclaims", "PersistentVolumeClaim", "ns", "pvc", "status"],
    ["replicationcontrollers", "ReplicationController", "ns", "rc", "status"],
    ["resourcequotas", "ResourceQuota", "ns", "quota", "status"],
    ["limitranges", "LimitRange", "ns", "limits"],
  ],
  "apps/v1": [
    ["deployments", "Deployment", "ns", "deploy", "status scale"],
    ["daemonsets", "DaemonSet", "ns", "ds", "status"],
    ["replicasets", "ReplicaSet", "ns", "rs", "status scale"],
    ["statefulsets", "StatefulSet", "ns", "sts", "status scale"],
  ],
  "batch/v1": [
    ["jobs", "Job", "ns", "", "status"],
    ["cronjobs", "CronJob", "ns", "cj", "status"],
  ],
  "policy/v1": [["poddisruptionbudgets", "PodDisruptionBudget", "ns", "pdb", "status"]],
  "rbac.authorization.k8s.io/v1": [
    ["roles", "Role", "ns"],
    ["rolebindings", "RoleBinding", "ns"],
    ["clusterroles", "ClusterRole", "all"],
    ["clusterrolebindings", "ClusterRoleBinding", "all"],
  ],
  "apiextensions.k8s.io/v1": [["customresourcedefinitions", "CustomResourceDefinition", "all", "crd crds", "status"]],
  "admissionregistration.k8s.io/v1": [
    ["mutatingwebhookconfigurations", "MutatingWebhookConfiguration", "all"],
    ["validatingwebhookconfigurations", "ValidatingWebhookConfiguration", "all"],
  ],
  "scheduling.k8s.io/v1": [["priorityclasses", "PriorityClass", "all", "pc"]],
  "storage.k8s.io/v1": [
    ["storageclasses", "StorageClass", "all", "sc"],
    ["csidrivers", "CSIDriver", "all"],
  ],
  "networking.k8s.io/v1": [
    ["ingresses", "Ingress", "ns", "ing", "status"],
    ["ingressclasses", "IngressClass", "all"],
    ["networkpolicies", "NetworkPolicy", "ns", "netpol"],
  ],
  "coordination.k8s.io/v1": [["leases", "Lease", "ns"]],
};

const words = (text = ""): readonly string[] => text.split(" ").filter((word) => word !== "");

const builtIn: readonly ResourceType[] = Object.entries(served).flatMap(([apiVersion, rows]) => {
  const [version = "", group = ""] = apiVersion.split("/").toReversed();
  return rows.map(([resource, kind, scope, shortNames, subresources]) => ({
    group,
    version,
    resource,
    kind,
    namespaced: scope === "ns",
    singular: kind.toLowerCase(),
    shortNames: words(shortNames),
    subresources: words(subresources),
  }));
});

/** All that a cluster serves: what every cluster does, and what its CustomResourceDefinitions add. */
export function resourceTypes(store: KubernetesStore): readonly ResourceType[] {
  const definitions = Object.values(store.objects).filter(({ kind }) => kind === "CustomResourceDefinition");
  return [...builtIn, ...definitions.flatMap(({ spec }) => custom(spec as CustomResourceDefinitionSpec))];
}

interface CustomResourceDefinitionSpec {
  readonly group: string;
  readonly scope: "Namespaced" | "Cluster";
  readonly names: {
    readonly plural: string;
    readonly kind: string;
    readonly singular?: string;
    readonly shortNames?: readonly string[];
  };
  readonly versions: readonly {
    readonly name: string;
    readonly served: boolean;
    readonly subresources?: Readonly<Record<string, unknown>>;
  }[];
}

function custom({ group, scope, names, versions }: CustomResourceDefinitionSpec): readonly ResourceType[] {
  return versions
    .filter(({ served }) => served)
    .map(({ name: version, subresources = {} }) => ({
      group,
      version,
      resource: names.plural,
      kind: names.kind,
      namespaced: scope === "Namespaced",
      singular: names.singular ?? names.kind.toLowerCase(),
      shortNames: names.shortNames ?? [],
      subresources: Object.keys(subresources),
    }));
}

export function apiVersionOf({ group, version }: Pick<ResourceType, "group" | "version">): string {
  return group === "" ? version : `${group}/${version}`;
}

/** `deployments.apps`, as messages name a type. */
export function qualified({ resource, group }: Pick<ResourceType, "group" | "resource">): string {
  return group === "" ? resource : `${resource}.${group}`;
}
