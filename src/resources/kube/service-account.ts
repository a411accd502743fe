import type { AwsContext } from "../../aws/context.ts";
import type { Aspect, Live, NamedKind } from "../../engine/kind.ts";
import type { KubernetesObject, KubernetesRef } from "../../kube/objects.ts";
import { moments } from "../timings.ts";
import { idOf, lifeOf } from "./applied-objects.ts";
import { appliedKeys } from "./applied-keys.ts";
import { appliedByHand } from "./by-hand.ts";
import { managedBy, us } from "./managed-by.ts";
import { ensureNamespace } from "./namespace.ts";
import { apiActions, reachedApi, usableApi } from "./reached-api.ts";

type Texts = Readonly<Record<string, string>>;

export interface ServiceAccountSpec {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly labels: Texts;
  readonly annotations: Texts;
  /** A given role; one that we make comes as a dependency. */
  readonly roleArn?: string;
}
export interface ServiceAccountDeps {
  readonly cluster: { readonly name: string };
  /** None or one. Without any, and none given, the account carries no role (pod identity gives it one). */
  readonly role: readonly { readonly arn: string }[];
}
export interface ServiceAccountAttrs {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly labels: Texts;
  readonly annotations: Texts;
  /** Keys that we have set. */
  readonly ourLabels: readonly string[];
  readonly ourAnnotations: readonly string[];
}

const type = { apiVersion: "v1", kind: "ServiceAccount" };
const roleAnnotation = "eks.amazonaws.com/role-arn";

/**
 * A service account in Kubernetes. One that is there already is given what is wanted, and never deleted; its namespace is made
 * where it is missing, and never deleted either. Its name is `<namespace>/<name>`.
 */
export const serviceAccount: NamedKind<
  ServiceAccountSpec,
  ServiceAccountDeps,
  ServiceAccountAttrs,
  AwsContext,
  "metadata"
> = {
  name: "kube.service-account",
  title: "Kubernetes service account",
  deletedBefore: ["eks.access-entry", "eks.cluster", "iam.role"],
  diesWith: "eks.cluster",
  timing: () => moments,

  actions: { ...apiActions, metadata: [] },

  byHand: ({ spec, deps }) => {
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: spec.namespace } };
    return [namespace, wanted(spec, deps, true)].map(appliedByHand);
  },

  async list(ctx, id) {
    const api = await reachedApi(ctx);
    const all = (await api?.list(type, { labelSelector: `${managedBy}=${us}` })) ?? [];
    return all.map(toLive).filter((live) => live.owner === "us" && (id === undefined || id === live.id));
  },
  read,
  find: read,

  async create({ name, spec, deps }, ctx) {
    const api = await usableApi(ctx);
    await ensureNamespace(api, spec.namespace);
    await api.apply(wanted(spec, deps, true), { force: true });
    return { ref: name };
  },

  async delete({ ref }, ctx) {
    await (await usableApi(ctx)).delete(refOf(ref));
  },

  aspects: {
    labels: texts("labels", (spec) => spec.labels),
    annotations: texts("annotations", annotationsOf),
  },

  updates: {
    async metadata({ spec, deps }, live, ctx) {
      const api = await usableApi(ctx);
      await api.apply(wanted(spec, deps, live.owner === "us"), { force: true });
      return undefined;
    },
  },
};

/** The texts that are wanted, and those that we have set; those of others are kept. */
function texts(
  part: "labels" | "annotations",
  want: (spec: ServiceAccountSpec, deps: ServiceAccountDeps) => Texts,
): Aspect<ServiceAccountSpec, ServiceAccountDeps, ServiceAccountAttrs, "metadata"> {
  const ours = (attrs: ServiceAccountAttrs) => (part === "labels" ? attrs.ourLabels : attrs.ourAnnotations);
  const isWanted = (key: string, wanted: unknown) =>
    typeof wanted === "object" && wanted !== null && Object.hasOwn(wanted, key);
  return {
    want,
    have: (attrs, wanted) =>
      Object.fromEntries(
        Object.entries(attrs[part]).filter(([key]) => isWanted(key, wanted) || ours(attrs).includes(key)),
      ),
    change: () => "metadata",
    kept: (attrs, wanted) =>
      Object.keys(attrs[part]).filter((key) => !isWanted(key, wanted) && !ours(attrs).includes(key)),
  };
}

function annotationsOf({ annotations, roleArn }: ServiceAccountSpec, { role: [made] }: ServiceAccountDeps): Texts {
  const arn = made?.arn ?? roleArn;
  return arn === undefined ? annotations : { ...annotations, [roleAnnotation]: arn };
}

/** @param isOurs whether it goes when it is wanted no more: then it carries our mark. */
function wanted(spec: ServiceAccountSpec, deps: ServiceAccountDeps, isOurs: boolean): KubernetesObject {
  return {
    ...type,
    metadata: {
      name: spec.serviceAccount,
      namespace: spec.namespace,
      labels: { ...spec.labels, ...(isOurs ? { [managedBy]: us } : {}) },
      annotations: annotationsOf(spec, deps),
    },
  };
}

async function read(ref: string, ctx: AwsContext): Promise<Live<ServiceAccountAttrs> | null> {
  const api = await reachedApi(ctx);
  const found = (await api?.get(refOf(ref))) ?? null;
  return found && toLive(found);
}

function refOf(ref: string): KubernetesRef {
  const [namespace = "", name = ""] = ref.split("/");
  return { ...type, namespace, name };
}

/** One that is a part of another thing of ours is nobody's service account in the file. */
function toLive(object: KubernetesObject): Live<ServiceAccountAttrs> {
  const { metadata } = object;
  const { name, namespace = "", labels = {}, annotations = {} } = metadata;
  const ours = labels[managedBy] === us && idOf(object) === undefined;
  const { [managedBy]: mark, ...others } = labels;
  return {
    id: ours ? `service-account/${namespace}/${name}` : "",
    ref: `${namespace}/${name}`,
    owner: ours ? "us" : "shared",
    ...lifeOf(metadata),
    attrs: {
      namespace,
      serviceAccount: name,
      labels: mark === undefined || ours ? others : labels,
      annotations,
      ourLabels: appliedKeys(metadata, "labels").filter((key) => key !== managedBy),
      ourAnnotations: appliedKeys(metadata, "annotations"),
    },
  };
}
