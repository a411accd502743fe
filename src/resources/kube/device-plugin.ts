import { createHash } from "node:crypto";
import type { AwsContext } from "../../aws/context.ts";
import type { Live, NamedKind } from "../../engine/kind.ts";
import type { KubernetesApi } from "../../kube/api.ts";
import type { KubernetesObject, KubernetesRef } from "../../kube/objects.ts";
import { moments } from "../timings.ts";
import { appliedByHand } from "./by-hand.ts";
import { apiActions, reachedApi, usableApi } from "./reached-api.ts";

export interface DevicePluginSpec {
  /** All of it, the DaemonSet last. Labels and annotations of ours come on top. */
  readonly objects: readonly KubernetesObject[];
}
export interface DevicePluginDeps {
  readonly cluster: { readonly name: string };
}
export interface DevicePluginAttrs {
  /** What was applied, as a hash; null where somebody else runs the plugin. */
  readonly applied: string | null;
  readonly objects: readonly KubernetesRef[];
}

/** The last part of the plugins' images, by which one that somebody else runs is known, wherever it stands. */
const images = {
  nvidia: "/k8s-device-plugin",
  neuron: "/neuron-device-plugin",
  efa: "/aws-efa-k8s-device-plugin",
} as const;
/** Whose devices a plugin makes known to Kubernetes. */
export type Devices = keyof typeof images;

const daemonSets = { apiVersion: "apps/v1", kind: "DaemonSet" };
/** The mark of ours: which plugin an object is of. */
const pluginLabel = "ekstool.dev/device-plugin";
/** Remembers what was applied. */
const memory = "ekstool.dev/applied";
const idPrefix = "device-plugin/";

/**
 * A device plugin of Kubernetes, as one thing: a DaemonSet, and what it needs. Its name is that of the devices. One that somebody
 * else runs, as the NVIDIA GPU operator does, serves as well: it is left alone.
 */
export const devicePlugin: NamedKind<DevicePluginSpec, DevicePluginDeps, DevicePluginAttrs, AwsContext, "objects"> = {
  name: "kube.device-plugin",
  title: "device plugin",
  deletedBefore: ["eks.cluster"],
  diesWith: "eks.cluster",
  timing: () => moments,

  actions: { ...apiActions, objects: [] },

  byHand: ({ name, spec }) => markedObjects(name, spec).map(appliedByHand),

  async list(ctx, id) {
    const found = (await (await reachedApi(ctx))?.list(daemonSets, { labelSelector: pluginLabel })) ?? [];
    const names = found.flatMap(({ metadata }) => metadata.labels?.[pluginLabel] ?? []);
    const lives = await Promise.all([...new Set(names)].map((name) => read(name, ctx)));
    return lives.flatMap((live) => live ?? []).filter((live) => id === undefined || live.id === id);
  },
  read,
  find: read,

  async create({ name, spec }, ctx) {
    await applyAll(await usableApi(ctx), markedObjects(name, spec));
    return { ref: name };
  },

  async delete({ attrs }, ctx) {
    const api = await usableApi(ctx);
    for (const object of attrs.objects.toReversed()) await api.delete(object);
  },

  aspects: {
    objects: {
      want: ({ objects }) => digest(objects),
      have: ({ applied }, want) => applied ?? want,
      change: () => "objects",
    },
  },

  updates: {
    async objects({ name, spec }, { attrs }, ctx) {
      const api = await usableApi(ctx);
      const objects = markedObjects(name, spec);
      await applyAll(api, objects);
      const isWanted = (one: KubernetesRef) => objects.some((object) => isOf(object, one));
      for (const object of attrs.objects) if (!isWanted(object)) await api.delete(object);
      return undefined;
    },
  },
};

function markedObjects(name: string, { objects }: DevicePluginSpec): readonly KubernetesObject[] {
  const applied = digest(objects);
  return objects.map((object) => ({
    ...object,
    metadata: {
      ...object.metadata,
      labels: { ...object.metadata.labels, [pluginLabel]: name },
      annotations: { ...object.metadata.annotations, [memory]: applied },
    },
  }));
}

/** An object of that name which is not ours is an error in Kubernetes' words: fields of others are not taken over. */
async function applyAll(api: KubernetesApi, objects: readonly KubernetesObject[]): Promise<void> {
  for (const object of objects) {
    const there = await api.get(refOf(object));
    await api.apply(object, { force: there?.metadata.labels?.[pluginLabel] !== undefined });
  }
}

async function read(name: string, ctx: AwsContext): Promise<Live<DevicePluginAttrs> | null> {
  const api = await reachedApi(ctx);
  if (api === null) return null;
  const all = await api.list(daemonSets);
  const own = all.find(({ metadata }) => metadata.labels?.[pluginLabel] === name);
  const found = own ?? all.find((set) => runs(set, name));
  if (found === undefined) return null;
  const { metadata } = found;
  const common = {
    ref: name,
    phase: metadata.deletionTimestamp === undefined ? "ready" : "deleting",
    ...(metadata.uid === undefined ? {} : { uid: metadata.uid }),
  } as const;
  if (own === undefined)
    return { ...common, id: "", owner: "shared", attrs: { applied: null, objects: [refOf(found)] } };
  const applied = metadata.annotations?.[memory] ?? "";
  const objects = await ownObjects(api, name);
  return { ...common, id: `${idPrefix}${name}`, owner: "us", attrs: { applied, objects } };
}

/** In the order in which they are made. */
async function ownObjects(api: KubernetesApi, name: string): Promise<readonly KubernetesRef[]> {
  const rbac = "rbac.authorization.k8s.io/v1";
  const types = [
    { apiVersion: rbac, kind: "ClusterRole" },
    { apiVersion: "v1", kind: "ServiceAccount" },
    { apiVersion: rbac, kind: "ClusterRoleBinding" },
    daemonSets,
  ];
  const found: KubernetesObject[] = [];
  for (const type of types) found.push(...(await api.list(type, { labelSelector: `${pluginLabel}=${name}` })));
  return found.map(refOf);
}

function refOf({ apiVersion, kind, metadata: { name, namespace } }: KubernetesObject): KubernetesRef {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

function isOf(object: KubernetesObject, { kind, name, namespace }: KubernetesRef): boolean {
  return object.kind === kind && object.metadata.name === name && object.metadata.namespace === namespace;
}

interface WithContainers {
  readonly template?: { readonly spec?: { readonly containers?: readonly { readonly image?: string }[] } };
}

function runs({ spec }: KubernetesObject, name: string): boolean {
  const image = images[name as Devices] ?? name;
  const { containers = [] } = (spec as WithContainers | undefined)?.template?.spec ?? {};
  return containers.some((container) => `/${container.image}`.replace(/[:@][^/]*$/, "").endsWith(image));
}

function digest(objects: readonly KubernetesObject[]): string {
  return createHash("sha256").update(JSON.stringify(objects)).digest("hex").slice(0, 12);
}
