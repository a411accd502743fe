import { defaultAmiFamily } from "../config/default-values.ts";
import { nodegroupLabel } from "../config/node-labels.ts";
import { type Taint, taintList } from "../config/taints.ts";
import type { NodeGroup } from "../config/types.ts";
import type { Handle } from "../engine/graph.ts";
import type { InstanceType } from "../facts/types.ts";
import type { KubernetesObject } from "../kube/objects.ts";
import type { ClusterAttrs } from "../resources/eks/cluster.ts";
import { type DevicePluginAttrs, type Devices, devicePlugin } from "../resources/kube/device-plugin.ts";
import { decidingType } from "./nodes/ami-type.ts";
import { instanceTypes, typesNamed } from "./nodes/instance-types.ts";
import type { Scope } from "./scope.ts";

/** A nodegroup of either kind. */
type Group = Pick<NodeGroup, "name" | "amiFamily" | "efaEnabled" | "taints">;

interface Plugin {
  /** Of all its objects. */
  readonly name: string;
  image(scope: Scope): string;
  /** The taint that nodes with such devices often have. */
  readonly taint: string;
  /** Directories of the node that it works with, by the names of volumes. */
  readonly paths: Readonly<Record<string, string>>;
  readonly hostNetwork?: true;
  readonly environment?: readonly object[];
  /** What its service account may do; absent: it has none of its own. */
  readonly rules?: readonly object[];
  isFor(group: Group, hardware: InstanceType | undefined): boolean;
}

const kubelet = { "device-plugin": "/var/lib/kubelet/device-plugins" };
const namespace = "kube-system";

/** Accounts of EKS' own image registries, where a region has another than most (EKS user guide, "Amazon container image registries"). */
const registries: Readonly<Record<string, string>> = {
  "af-south-1": "877085696533",
  "ap-east-1": "800184023465",
  "ap-southeast-3": "296578399912",
  "cn-north-1": "918309763551",
  "cn-northwest-1": "961992271922",
  "eu-south-1": "590381155156",
  "me-central-1": "759879836304",
  "me-south-1": "558608220178",
  "us-gov-east-1": "151742754352",
  "us-gov-west-1": "013241004608",
};

/**
 * What EKS' images leave out (EKS user guide, "Install Kubernetes device plugin for GPUs": Bottlerocket brings NVIDIA's along). The
 * versions are those that eksctl installs.
 */
const plugins: Readonly<Record<Devices, Plugin>> = {
  nvidia: {
    name: "nvidia-device-plugin",
    image: () => "nvcr.io/nvidia/k8s-device-plugin:v0.19.0",
    taint: "nvidia.com/gpu",
    paths: kubelet,
    isFor: ({ amiFamily = defaultAmiFamily }, hardware) =>
      amiFamily.startsWith("AmazonLinux") && hardware?.accelerator === "nvidia",
  },
  neuron: {
    name: "neuron-device-plugin",
    image: () => "public.ecr.aws/neuron/neuron-device-plugin:2.1.2.0",
    taint: "aws.amazon.com/neuron",
    paths: { ...kubelet, run: "/run" },
    environment: [
      { name: "KUBECONFIG", value: "/etc/kubernetes/kubelet.conf" },
      { name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
    ],
    rules: [
      { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] },
      { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
      { apiGroups: [""], resources: ["pods"], verbs: ["update", "patch", "get", "list", "watch"] },
      { apiGroups: [""], resources: ["nodes/status"], verbs: ["patch", "update"] },
    ],
    isFor: ({ amiFamily = defaultAmiFamily }, hardware) =>
      /^(AmazonLinux|Bottlerocket)/.test(amiFamily) && hardware?.accelerator === "neuron",
  },
  efa: {
    name: "aws-efa-k8s-device-plugin",
    image: ({ region, facts }) => {
      const domain = facts.caller.partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
      const registry = `${registries[region] ?? "602401143452"}.dkr.ecr.${region}.${domain}`;
      return `${registry}/eks/aws-efa-k8s-device-plugin:v0.3.3`;
    },
    taint: "aws.amazon.com/efa",
    paths: kubelet,
    hostNetwork: true,
    isFor: ({ efaEnabled }) => efaEnabled === true,
  },
};

/** The device plugins that the file's nodegroups need, each on their nodes alone; `without` those that somebody else sees to. */
export function addDevicePlugins(
  scope: Scope,
  cluster: Handle<ClusterAttrs>,
  without: readonly Devices[],
): readonly Handle<DevicePluginAttrs>[] {
  const groups = [
    ...(scope.config.nodeGroups ?? []).map((group) => ({ group, types: instanceTypes(scope, typesNamed(group)) })),
    ...(scope.config.managedNodeGroups ?? []).map((group) => ({ group, types: instanceTypes(scope, group) })),
  ];
  return (Object.entries(plugins) as [Devices, Plugin][]).flatMap(([devices, plugin]) => {
    const served = groups.filter(({ group, types }) => plugin.isFor(group, decidingType(types)));
    if (served.length === 0 || without.includes(devices)) return [];
    const objects = objectsOf(
      scope,
      plugin,
      served.map(({ group }) => group),
    );
    const id = `device-plugin/${devices}`;
    return [scope.graph.add(devicePlugin, { id, name: devices, spec: { objects }, deps: { cluster } })];
  });
}

function objectsOf(scope: Scope, plugin: Plugin, groups: readonly Group[]): readonly KubernetesObject[] {
  return [...(plugin.rules ? identityOf(plugin.name, plugin.rules) : []), daemonSet(scope, plugin, groups)];
}

function identityOf(name: string, rules: readonly object[]): readonly KubernetesObject[] {
  const rbac = "rbac.authorization.k8s.io";
  const apiVersion = `${rbac}/v1`;
  return [
    { apiVersion, kind: "ClusterRole", metadata: { name }, rules },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } },
    {
      apiVersion,
      kind: "ClusterRoleBinding",
      metadata: { name },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    },
  ];
}

function daemonSet(scope: Scope, plugin: Plugin, groups: readonly Group[]): KubernetesObject {
  const { name, paths, hostNetwork, environment, rules } = plugin;
  const labels = { "app.kubernetes.io/name": name };
  const volumes = Object.entries(paths);
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: "RollingUpdate" },
      template: {
        metadata: { labels },
        spec: {
          priorityClassName: "system-node-critical",
          ...(rules && { serviceAccountName: name }),
          ...(hostNetwork && { hostNetwork }),
          tolerations: tolerations(plugin, groups),
          affinity: { nodeAffinity: ofNodegroups(groups) },
          containers: [
            {
              name,
              image: plugin.image(scope),
              ...(environment && { env: environment }),
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
              volumeMounts: volumes.map(([volume, mountPath]) => ({ name: volume, mountPath })),
            },
          ],
          volumes: volumes.map(([volume, path]) => ({ name: volume, hostPath: { path } })),
        },
      },
    },
  };
}

function ofNodegroups(groups: readonly Group[]): object {
  const expression = { key: nodegroupLabel, operator: "In", values: groups.map(({ name }) => name) };
  return {
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [expression] }] },
  };
}

/** It runs whatever its nodes are tainted with. */
function tolerations({ taint }: Plugin, groups: readonly Group[]): readonly object[] {
  const usual = [
    { key: "CriticalAddonsOnly", operator: "Exists" },
    { key: taint, operator: "Exists", effect: "NoSchedule" },
  ];
  const own = new Map<string, Taint>();
  for (const one of groups.flatMap(({ taints }) => taintList(taints))) own.set(JSON.stringify(one), one);
  return [
    ...usual,
    // An empty value Kubernetes leaves out.
    ...[...own.values()].map(({ key, value, effect }) => ({ key, operator: "Equal", ...(value && { value }), effect })),
  ];
}
