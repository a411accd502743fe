import type { AwsContext } from "../../aws/context.ts";
import type { Live, NamedKind } from "../../engine/kind.ts";
import type { KubernetesObject } from "../../kube/objects.ts";
import { isMapping } from "../../yaml.ts";
import { moments } from "../timings.ts";
import {
  type AppliedObject,
  appliedObject,
  applyObjects,
  contentOf,
  deleteObjects,
  lifeOf,
  listApplied,
  marked,
  objectName,
  seenOf,
} from "./applied-objects.ts";
import { appliedByHand } from "./by-hand.ts";
import { apiActions, reachedApi, usableApi } from "./reached-api.ts";

export interface DevicePluginSpec {
  /** All of it, the DaemonSet last. */
  readonly objects: readonly KubernetesObject[];
}
export interface DevicePluginDeps {
  readonly cluster: { readonly name: string };
}
export interface DevicePluginAttrs {
  /** Of a plugin that somebody else runs only its DaemonSet, with which nothing is compared. */
  readonly objects: readonly AppliedObject[];
  readonly isOurs: boolean;
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
const rbac = "rbac.authorization.k8s.io/v1";
/** What a plugin's objects may be, in the order in which they are made. */
const types = [
  { apiVersion: rbac, kind: "ClusterRole" },
  { apiVersion: "v1", kind: "ServiceAccount" },
  { apiVersion: rbac, kind: "ClusterRoleBinding" },
  daemonSets,
];
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

  byHand: ({ id, spec }) => spec.objects.map((object) => appliedByHand(marked(id, object))),

  async list(ctx, id) {
    const things = await listApplied(await reachedApi(ctx), types, idPrefix);
    const lives = [...things].map(([own, objects]) => toLive(own.slice(idPrefix.length), objects, "us"));
    return lives.filter((live) => id === undefined || live.id === id);
  },
  read,
  find: read,

  async create({ id, name, spec }, ctx) {
    await applyObjects(await usableApi(ctx), id, spec.objects);
    return { ref: name };
  },

  async delete({ attrs }, ctx) {
    await deleteObjects(await usableApi(ctx), attrs.objects);
  },

  aspects: {
    objects: {
      want: ({ objects }) => Object.fromEntries(objects.map((object) => [objectName(object), contentOf(object)])),
      have: ({ objects, isOurs }, want) => (isOurs ? allSeen(objects, want) : want),
      change: () => "objects",
    },
  },

  updates: {
    async objects({ id, spec }, { attrs }, ctx) {
      await applyObjects(await usableApi(ctx), id, spec.objects, attrs.objects);
      return undefined;
    },
  },
};

function allSeen(objects: readonly AppliedObject[], want: unknown): unknown {
  const wanted = isMapping(want) ? want : {};
  return Object.fromEntries(objects.map((object) => [object.name, seenOf(object, wanted[object.name])]));
}

async function read(name: string, ctx: AwsContext): Promise<Live<DevicePluginAttrs> | null> {
  const api = await reachedApi(ctx);
  const id = `${idPrefix}${name}`;
  const own = (await listApplied(api, types, id)).get(id);
  if (own) return toLive(name, own, "us");
  const theirs = (await api?.list(daemonSets))?.find((set) => runs(set, name));
  return theirs ? toLive(name, [theirs], "shared") : null;
}

function toLive(name: string, objects: readonly KubernetesObject[], owner: "us" | "shared"): Live<DevicePluginAttrs> {
  const daemonSet = objects.find(({ kind }) => kind === daemonSets.kind);
  return {
    id: owner === "us" ? `${idPrefix}${name}` : "",
    ref: name,
    owner,
    ...lifeOf(daemonSet?.metadata ?? { name }),
    attrs: { objects: objects.map(appliedObject), isOurs: owner === "us" },
  };
}

interface WithContainers {
  readonly template?: { readonly spec?: { readonly containers?: readonly { readonly image?: string }[] } };
}

function runs({ spec }: KubernetesObject, name: string): boolean {
  const image = images[name as Devices] ?? name;
  const { containers = [] } = (spec as WithContainers | undefined)?.template?.spec ?? {};
  return containers.some((container) => `/${container.image}`.replace(/[:@][^/]*$/, "").endsWith(image));
}
