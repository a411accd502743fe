import { catalogue } from "../services/ec2/instance-type-catalogue.ts";
import type { InstanceRecord } from "../services/ec2/state.ts";
import { autoModeInstances } from "../services/eks/auto-mode.ts";
import { joinProblem } from "../services/eks/node-joining.ts";
import { isWindows, registeredWith, selfManagedNodes } from "../services/eks/self-managed-nodes.ts";
import type { NodegroupRecord } from "../services/eks/state.ts";
import type { Objects } from "./objects.ts";
import type { ClusterPlace } from "./place.ts";
import { type KubeObject, timestamp } from "./state.ts";
import { nodes, pods } from "./types.ts";

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
  readonly timeAdded?: string;
}
export interface Node extends KubeObject {
  spec: { providerID: string; unschedulable?: boolean; taints?: Taint[] };
  status: {
    addresses?: { type: string; address: string }[];
    conditions: { type: string; status: string; [detail: string]: string }[];
    [member: string]: unknown;
  };
}

/** What a node is, by its nodegroup; without a name by itself. */
type NodeSource = Pick<NodegroupRecord, "amiType" | "version" | "labels"> & {
  readonly taints: readonly {
    readonly key?: string | undefined;
    readonly value?: string | undefined;
    readonly effect?: string | undefined;
  }[];
} & Partial<Pick<NodegroupRecord, "name" | "capacityType">>;

/** After the launch of an instance, in milliseconds. */
const joinsAfter = 30_000;
const readyAfter = 45_000;

/** Instances of nodegroups become nodes, and nodes go with their instances. */
export function settleNodes(place: ClusterPlace, objects: Objects): void {
  const { world, region, cluster } = place;
  const { instances } = world.region(region).ec2;
  const there = new Set<string>();
  for (const nodegroup of Object.values(cluster.nodegroups)) {
    const problem = joinProblem({ world, region }, cluster, nodegroup);
    for (const id of nodegroup.instanceIds) {
      const instance = instances[id];
      if (instance?.state !== "running" || objects.now < instance.launchedAt + joinsAfter) continue;
      const name = nodeName(region, instance.PrivateIpAddress);
      const before = objects.get(nodes, name) as Node | undefined;
      if (problem !== undefined && before === undefined) continue;
      there.add(name);
      objects.put(nodes, nodeOf(place, nodegroup, instance, before));
    }
  }
  const putAlone = (instance: InstanceRecord, sourceOf: typeof selfManaged) => {
    const name = nodeName(region, instance.PrivateIpAddress);
    const before = objects.get(nodes, name) as Node | undefined;
    there.add(name);
    objects.put(nodes, nodeOf(place, sourceOf(place, instance, before), instance, before));
  };
  for (const instance of selfManagedNodes({ world, region }, cluster)) putAlone(instance, selfManaged);
  for (const instance of autoModeInstances({ world, region }, cluster)) {
    if (objects.now >= instance.launchedAt + joinsAfter) putAlone(instance, ofAutoMode);
  }
  for (const node of objects.list(nodes)) {
    if (there.has(node.metadata.name) || isFargate(node)) continue;
    removeNode(objects, node);
  }
}

/** What a node says of itself where EKS says nothing of it: its labels and taints once, when it registers. */
function selfManaged({ cluster }: ClusterPlace, instance: InstanceRecord, before: Node | undefined): NodeSource {
  const { labels, taints } = before === undefined ? registeredWith(instance) : { labels: {}, taints: [] };
  const arm = catalogue.get(instance.InstanceType)?.architecture === "arm64";
  return {
    amiType: isWindows(instance)
      ? "WINDOWS_CORE_2022_x86_64"
      : arm
        ? "AL2023_ARM_64_STANDARD"
        : "AL2023_x86_64_STANDARD",
    version: cluster.version,
    labels,
    taints,
  };
}

function ofAutoMode({ cluster }: ClusterPlace, { tags }: InstanceRecord): NodeSource {
  const pool = tags["eks:kubernetes-node-pool-name"] ?? "";
  const labels = { "eks.amazonaws.com/compute-type": "auto", "karpenter.sh/nodepool": pool };
  return { amiType: "BOTTLEROCKET_x86_64", version: cluster.version, labels, taints: [] };
}

function removeNode(objects: Objects, node: KubeObject): void {
  objects.remove(nodes, node);
  for (const pod of objects.list(pods)) {
    if ((pod["spec"] as { nodeName?: string }).nodeName === node.metadata.name) objects.remove(pods, pod);
  }
}

export function isFargate({ metadata }: KubeObject): boolean {
  return metadata.labels?.["eks.amazonaws.com/compute-type"] === "fargate";
}

export function isReady(node: Node): boolean {
  return node.status.conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

export function nodeName(region: string, address: string): string {
  const domain = region === "us-east-1" ? "ec2.internal" : `${region}.compute.internal`;
  return `ip-${address.replaceAll(".", "-")}.${domain}`;
}

const taintEffects: Readonly<Record<string, string>> = {
  NO_SCHEDULE: "NoSchedule",
  PREFER_NO_SCHEDULE: "PreferNoSchedule",
  NO_EXECUTE: "NoExecute",
};

function nodeOf(
  { world, region, cluster }: ClusterPlace,
  nodegroup: NodeSource,
  instance: InstanceRecord,
  before: Node | undefined,
): Node {
  const name = nodeName(region, instance.PrivateIpAddress);
  const now = world.now();
  const ready = now >= instance.launchedAt + readyAfter;
  const arm = nodegroup.amiType.includes("ARM");
  const labels = {
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": nodegroup.amiType.startsWith("WINDOWS") ? "windows" : "linux",
    "kubernetes.io/arch": arm ? "arm64" : "amd64",
    "node.kubernetes.io/instance-type": instance.InstanceType,
    "topology.kubernetes.io/region": region,
    "topology.kubernetes.io/zone": instance.zone,
    ...(nodegroup.name !== undefined && {
      "eks.amazonaws.com/nodegroup": nodegroup.name,
      "eks.amazonaws.com/nodegroup-image": instance.ImageId,
      "eks.amazonaws.com/capacityType": nodegroup.capacityType,
    }),
    ...nodegroup.labels,
  };
  const own = nodegroup.taints.map(({ key = "", value, effect = "" }) => ({
    key,
    ...(value && { value }),
    effect: taintEffects[effect] ?? effect,
  }));
  const others = (before?.spec.taints ?? []).filter(({ key }) => own.every((taint) => taint.key !== key));
  const conditions = [
    ...(ready ? [] : ["node.kubernetes.io/not-ready"]),
    ...(before?.spec.unschedulable ? ["node.kubernetes.io/unschedulable"] : []),
  ].map((key) => ({ key, effect: "NoSchedule" }));
  const taints = [...others.filter(({ key }) => !key.startsWith("node.kubernetes.io/")), ...own, ...conditions];
  const { taints: _, ...spec } = before?.spec ?? { providerID: `aws:///${instance.zone}/${instance.InstanceId}` };
  return {
    apiVersion: "v1",
    kind: "Node",
    ...before,
    metadata: {
      uid: "",
      resourceVersion: "",
      name,
      creationTimestamp: timestamp(instance.launchedAt + joinsAfter),
      ...before?.metadata,
      labels: { ...before?.metadata.labels, ...labels },
      ...(before === undefined && { uid: uidOf(instance) }),
    },
    spec: { ...spec, ...(taints.length > 0 && { taints }) },
    status: {
      ...before?.status,
      addresses: [
        { type: "InternalIP", address: instance.PrivateIpAddress },
        { type: "InternalDNS", address: name },
        { type: "Hostname", address: name },
      ],
      ...capacityOf(instance.InstanceType),
      conditions: [
        {
          type: "Ready",
          status: ready ? "True" : "False",
          reason: ready ? "KubeletReady" : "KubeletNotReady",
          message: ready ? "kubelet is posting ready status" : "container runtime network not ready",
          lastTransitionTime: timestamp(instance.launchedAt + (ready ? readyAfter : joinsAfter)),
        },
      ],
      nodeInfo: nodeInfo(nodegroup.version || cluster.version, arm ? "arm64" : "amd64"),
    },
  };
}

/** The same instance is the same node, also when it registers again. */
function uidOf({ InstanceId }: InstanceRecord): string {
  return `${InstanceId.slice(2, 10)}-0000-4000-8000-${InstanceId.slice(-12).padStart(12, "0")}`;
}

function capacityOf(instanceType: string) {
  const { vcpus = 2, memoryMiB = 8192 } = catalogue.get(instanceType) ?? {};
  const all = { cpu: String(vcpus), memory: `${memoryMiB * 1024}Ki`, pods: "29", "ephemeral-storage": "20959212Ki" };
  return { capacity: all, allocatable: all };
}

function nodeInfo(version: string, architecture: string) {
  return {
    architecture,
    operatingSystem: "linux",
    kubeletVersion: `v${version}.0-eks-sandbox`,
    kubeProxyVersion: `v${version}.0-eks-sandbox`,
    containerRuntimeVersion: "containerd://2.1.4",
    kernelVersion: "6.12.40",
    osImage: "Amazon Linux 2023",
    bootID: "",
    machineID: "",
    systemUUID: "",
  };
}
