import { subnetOf } from "../services/ec2/internal.ts";
import { freeAddress } from "../services/ec2/subnet-addresses.ts";
import { fargateProfileFor } from "../services/eks/fargate-pods.ts";
import type { FargateProfileRecord } from "../services/eks/state.ts";
import { type Node, isFargate, nodeName } from "./nodes.ts";
import type { Objects } from "./objects.ts";
import type { ClusterPlace } from "./place.ts";
import type { Pod } from "./pods.ts";
import { timestamp } from "./state.ts";
import { nodes, pods } from "./types.ts";

/** Milliseconds from when a pod is made until its node is ready. */
const startsAfter = 45_000;

const computeType = "eks.amazonaws.com/compute-type";
const profileLabel = "eks.amazonaws.com/fargate-profile";
/** Who finds a place for a pod that a Fargate profile selects. */
export const fargateScheduler = "fargate-scheduler";

/** Pods that a Fargate profile selects get a node each, which goes with its pod. */
export function settleFargate(place: ClusterPlace, objects: Objects): void {
  for (const pod of objects.list(pods) as readonly Pod[]) {
    if (pod.spec.nodeName !== undefined || pod.metadata.deletionTimestamp !== undefined) continue;
    const { namespace = "default", labels = {}, annotations = {} } = pod.metadata;
    const profile =
      annotations[computeType] === "ec2" ? undefined : fargateProfileFor(place.cluster, namespace, labels);
    if (profile) launch(place, objects, admitted(objects, pod, profile), profile);
  }
  const hosts = new Set((objects.list(pods) as readonly Pod[]).map(({ spec }) => spec.nodeName));
  for (const node of objects.list(nodes)) {
    if (isFargate(node) && !hosts.has(node.metadata.name)) objects.remove(nodes, node);
  }
}

/** As EKS's webhook marks it. */
function admitted(objects: Objects, pod: Pod, { name }: FargateProfileRecord): Pod {
  return objects.put(pods, {
    ...pod,
    metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, [profileLabel]: name } },
    spec: { ...pod.spec, schedulerName: fargateScheduler },
  }) as Pod;
}

function launch(
  place: ClusterPlace,
  objects: Objects,
  pod: Pod,
  { subnets: [subnetId = ""] }: FargateProfileRecord,
): void {
  const { world, region } = place;
  const readyAt = Date.parse(pod.metadata.creationTimestamp) + startsAfter;
  const subnet = subnetOf(world, region, subnetId);
  if (subnet === undefined || objects.now < readyAt) return;
  const others = (objects.list(nodes) as readonly Node[])
    .filter(isFargate)
    .flatMap(({ status }) => addressesOf(status));
  const address = freeAddress(subnet, { world, region }, others);
  const node = objects.put(nodes, nodeAt(place, address, subnet.AvailabilityZone, readyAt));
  const status = { ...pod.status, startTime: timestamp(objects.now) };
  objects.put(pods, { ...pod, spec: { ...pod.spec, nodeName: node.metadata.name }, status });
}

function addressesOf({ addresses = [] }: Node["status"]): readonly string[] {
  return addresses.map(({ address }) => address);
}

function nodeAt({ region, cluster }: ClusterPlace, address: string, zone: string, readyAt: number): Node {
  const name = `fargate-${nodeName(region, address)}`;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      uid: "",
      resourceVersion: "",
      creationTimestamp: timestamp(readyAt),
      labels: {
        [computeType]: "fargate",
        "kubernetes.io/hostname": name.split(".")[0] ?? name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "topology.kubernetes.io/region": region,
        "topology.kubernetes.io/zone": zone,
      },
    },
    spec: {
      providerID: `aws:///${zone}/${name}`,
      taints: [{ key: computeType, value: "fargate", effect: "NoSchedule" }],
    },
    status: {
      addresses: [
        { type: "InternalIP", address },
        { type: "InternalDNS", address: name },
        { type: "Hostname", address: name },
      ],
      conditions: [{ type: "Ready", status: "True", reason: "KubeletReady", lastTransitionTime: timestamp(readyAt) }],
      nodeInfo: {
        kubeletVersion: `v${cluster.version}.0-eks-sandbox`,
        operatingSystem: "linux",
        architecture: "amd64",
      },
    },
  };
}
