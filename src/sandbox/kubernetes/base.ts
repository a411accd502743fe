import { asksForNodes, podLabels } from "../services/eks/fargate-pods.ts";
import type { NewObject, Objects } from "./objects.ts";
import type { ClusterPlace } from "./place.ts";
import { type KubeObject, type ObjectMeta, timestamp } from "./state.ts";
import {
  clusterRoleBindings,
  clusterRoles,
  configMaps,
  daemonSets,
  deployments,
  disruptionBudgets,
  namespaces,
  serviceAccounts,
  services,
} from "./types.ts";

/** What every cluster has from the start, and what its add-ons put into it. */
export function settleBase(place: ClusterPlace, objects: Objects): void {
  for (const name of ["default", "kube-node-lease", "kube-public", "kube-system"]) {
    if (!objects.get(namespaces, name)) putNamespace(place, objects, name);
  }
  for (const { metadata } of objects.list(namespaces)) {
    if (objects.get(serviceAccounts, "default", metadata.name)) continue;
    objects.put(serviceAccounts, {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "default", namespace: metadata.name },
    });
  }
  if (!objects.get(services, "kubernetes", "default")) {
    const spec = { type: "ClusterIP", clusterIP: "10.100.0.1", ports: [{ name: "https", port: 443, protocol: "TCP" }] };
    objects.put(services, {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "kubernetes", namespace: "default" },
      spec,
    });
  }
  if (!objects.get(clusterRoles, "cluster-admin")) putAdmin(objects);
  settleAuthMap(place, objects);
  settleAddons(place, objects);
}

function putNamespace({ cluster }: ClusterPlace, objects: Objects, name: string): void {
  objects.put(namespaces, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name,
      labels: { "kubernetes.io/metadata.name": name },
      creationTimestamp: timestamp(cluster.madeAt ?? objects.now),
    },
    spec: { finalizers: ["kubernetes"] },
    status: { phase: "Active" },
  });
}

function putAdmin(objects: Objects): void {
  const apiVersion = "rbac.authorization.k8s.io/v1";
  const metadata = { name: "cluster-admin" };
  objects.put(clusterRoles, {
    apiVersion,
    kind: "ClusterRole",
    metadata,
    rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }],
  });
  objects.put(clusterRoleBindings, {
    apiVersion,
    kind: "ClusterRoleBinding",
    metadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "system:masters" }],
  });
}

/** Without access entries, EKS writes the role of each managed nodegroup into the aws-auth ConfigMap. */
function settleAuthMap({ cluster }: ClusterPlace, objects: Objects): void {
  const roles = Object.values(cluster.nodegroups).map(({ nodeRole }) => nodeRole);
  if (cluster.authenticationMode !== "CONFIG_MAP" || roles.length === 0) return;
  const before = objects.get(configMaps, "aws-auth", "kube-system");
  const data = { ...(before?.["data"] as Record<string, string> | undefined) };
  const missing = [...new Set(roles)].filter((role) => !data["mapRoles"]?.includes(role));
  if (missing.length === 0) return;
  const entries = missing.map(
    (role) =>
      `- groups:\n  - system:bootstrappers\n  - system:nodes\n  rolearn: ${role}\n  username: system:node:{{EC2PrivateDNSName}}\n`,
  );
  data["mapRoles"] = `${data["mapRoles"] ?? ""}${entries.join("")}`;
  const metadata = before?.metadata ?? { name: "aws-auth", namespace: "kube-system" };
  objects.put(configMaps, { apiVersion: "v1", kind: "ConfigMap", ...before, metadata, data });
}

interface Workload {
  readonly name: string;
  readonly kind: "DaemonSet" | "Deployment";
  /** Of a deployment. */
  readonly replicas?: number;
}

/** What the pods of an add-on belong to. */
const workloads: Readonly<Record<string, readonly Workload[]>> = {
  "vpc-cni": [{ name: "aws-node", kind: "DaemonSet" }],
  "kube-proxy": [{ name: "kube-proxy", kind: "DaemonSet" }],
  coredns: [{ name: "coredns", kind: "Deployment", replicas: 2 }],
  "metrics-server": [{ name: "metrics-server", kind: "Deployment", replicas: 2 }],
  "eks-pod-identity-agent": [{ name: "eks-pod-identity-agent", kind: "DaemonSet" }],
  "aws-ebs-csi-driver": [
    { name: "ebs-csi-controller", kind: "Deployment", replicas: 2 },
    { name: "ebs-csi-node", kind: "DaemonSet" },
  ],
};

type Addon = Parameters<typeof asksForNodes>[0];

const ofAddon = "eks.amazonaws.com/component";

function settleAddons({ cluster }: ClusterPlace, objects: Objects): void {
  const running = new Set([...Object.keys(cluster.addons), ...cluster.selfManagedAddons]);
  for (const [addon, list] of Object.entries(workloads)) {
    for (const workload of list) {
      const type = workload.kind === "DaemonSet" ? daemonSets : deployments;
      const there = objects.get(type, workload.name, "kube-system");
      const record = cluster.addons[addon] ?? { name: addon, configurationValues: null };
      const moves = there !== undefined && isForNodes(there) && !asksForNodes(record);
      if (running.has(addon) && (!there || moves)) putWorkload(objects, record, workload);
      else if (!running.has(addon) && there?.metadata.labels?.[ofAddon] === addon) {
        objects.remove(type, there);
        const budget = objects.get(disruptionBudgets, workload.name, "kube-system");
        if (budget) objects.remove(disruptionBudgets, budget);
      }
    }
  }
}

/** Its pods are not for Fargate. */
const forNodes = { "eks.amazonaws.com/compute-type": "ec2" };

function isForNodes({ spec }: KubeObject): boolean {
  const { template } = spec as { readonly template: { readonly metadata: Partial<ObjectMeta> } };
  return Object.entries(forNodes).every(([key, value]) => template.metadata.annotations?.[key] === value);
}

function putWorkload(objects: Objects, record: Addon, { name, kind, replicas }: Workload): void {
  const addon = record.name;
  const labels = podLabels[addon] ?? { "k8s-app": name };
  const marks = { labels, ...(asksForNodes(record) && { annotations: forNodes }) };
  const metadata = { name, namespace: "kube-system", labels: { ...labels, [ofAddon]: addon } };
  const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace: "kube-system" } };
  if (!objects.get(serviceAccounts, name, "kube-system")) objects.put(serviceAccounts, account);
  const spec = {
    selector: { matchLabels: labels },
    template: {
      metadata: marks,
      spec: {
        serviceAccountName: name,
        containers: [{ name, image: `602401143452.dkr.ecr.us-west-2.amazonaws.com/eks/${name}` }],
        ...(kind === "DaemonSet" && { tolerations: [{ operator: "Exists" }] }),
      },
    },
  };
  const object: NewObject = { apiVersion: "apps/v1", kind, metadata, spec: { ...(replicas && { replicas }), ...spec } };
  objects.put(kind === "DaemonSet" ? daemonSets : deployments, object);
  if (replicas === undefined) return;
  objects.put(disruptionBudgets, {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, namespace: "kube-system" },
    spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
  });
}
