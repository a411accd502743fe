import type { ResourceType } from "./resource-types.ts";
import type { KubeObject } from "./state.ts";

/** kubectl asks for the rows that it prints. */
export function asksForTable(accept: string | undefined): boolean {
  return accept?.includes("as=Table") ?? false;
}

/** Without a cell it is the object's age. */
type Column<Shown> = readonly [name: string, cell?: (object: Shown) => string | number];
const age: Column<unknown> = ["Age"];

interface PodLike {
  readonly metadata: KubeObject["metadata"];
  readonly spec: { readonly nodeName?: string; readonly containers?: readonly unknown[] };
  readonly status: {
    readonly phase: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}
interface NodeLike {
  readonly spec: { readonly unschedulable?: boolean };
  readonly status: {
    readonly conditions: readonly { readonly type: string; readonly status: string }[];
    readonly nodeInfo: { readonly kubeletVersion: string };
  };
}
interface WorkloadLike {
  readonly spec: { readonly replicas?: number };
  readonly status?: Readonly<Record<string, number>>;
}

const isReady = (conditions: readonly { readonly type: string; readonly status: string }[] = []): boolean =>
  conditions.some((each) => each.type === "Ready" && each.status === "True");

const ofNode: readonly Column<NodeLike>[] = [
  [
    "Status",
    ({ spec, status }) =>
      `${isReady(status.conditions) ? "Ready" : "NotReady"}${spec.unschedulable ? ",SchedulingDisabled" : ""}`,
  ],
  ["Roles", () => "<none>"],
  age,
  ["Version", ({ status }) => status.nodeInfo.kubeletVersion],
];
const ofPod: readonly Column<PodLike>[] = [
  [
    "Ready",
    ({ spec: { containers = [] }, status }) =>
      `${isReady(status.conditions) ? containers.length : 0}/${containers.length}`,
  ],
  ["Status", ({ metadata, status }) => (metadata.deletionTimestamp ? "Terminating" : status.phase)],
  ["Node", ({ spec }) => spec.nodeName ?? "<none>"],
];
const ofNamespace: readonly Column<{ readonly status?: { readonly phase?: string } }>[] = [
  ["Status", ({ status }) => status?.phase ?? "Active"],
];
const ofDeployment: readonly Column<WorkloadLike>[] = [
  ["Ready", ({ spec, status }) => `${status?.["readyReplicas"] ?? 0}/${spec.replicas ?? 1}`],
];
const ofDaemonSet: readonly Column<WorkloadLike>[] = [
  ["Desired", ({ status }) => status?.["desiredNumberScheduled"] ?? 0],
  ["Ready", ({ status }) => status?.["numberReady"] ?? 0],
];
const ofConfigMap: readonly Column<{ readonly data?: object }>[] = [
  ["Data", ({ data = {} }) => Object.keys(data).length],
];

/** What is shown of a kind between name and age. */
const columns: Readonly<Record<string, readonly Column<never>[]>> = {
  Node: ofNode,
  Pod: ofPod,
  Namespace: ofNamespace,
  Deployment: ofDeployment,
  DaemonSet: ofDaemonSet,
  ConfigMap: ofConfigMap,
};

/** Objects as rows; each row carries its object, from which kubectl takes the age and what else it wants to know. */
export function tableOf({ kind }: ResourceType, objects: readonly KubeObject[], version: string, now: number) {
  const special = columns[kind] ?? [];
  const own = special.some(([, cell]) => cell === undefined) ? special : [...special, age];
  const plain = { format: "", priority: 0, description: "" };
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: { resourceVersion: version },
    columnDefinitions: [
      { ...plain, name: "Name", type: "string", format: "name" },
      ...own.map(([name]) => ({ ...plain, name, type: "string" })),
    ],
    rows: objects.map((object) => ({
      cells: [
        object.metadata.name,
        ...own.map(([, cell]) => cell?.(object as never) ?? ageIn(now - Date.parse(object.metadata.creationTimestamp))),
      ],
      object: { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: object.metadata },
    })),
  };
}

function ageIn(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`;
  return seconds < 48 * 3600 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}
