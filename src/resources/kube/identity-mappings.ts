import type { AwsContext } from "../../aws/context.ts";
import { elementChanges, foreignElements, ownElements, wantedElements } from "../../aws/element-ownership.ts";
import { allow, ofCluster } from "../../aws/permissions.ts";
import type { Live, NamedKind } from "../../engine/kind.ts";
import { KubernetesError } from "../../kube/errors.ts";
import type { KubernetesObject } from "../../kube/objects.ts";
import { moments } from "../timings.ts";
import { type Mappings, textsOf, mappingsIn } from "./aws-auth-document.ts";
import { reachedApi, usableApi } from "./reached-api.ts";

export interface IdentityMappingsSpec {
  /** By the ARN of a role (without its path, which aws-auth cannot carry) or user, or by account. */
  readonly mappings: Mappings;
}
export interface IdentityMappingsDeps {
  readonly cluster: { readonly name: string };
}
export interface IdentityMappingsAttrs {
  /** All there are. */
  readonly mappings: Mappings;
  /** The keys of those that we have made. */
  readonly ours: readonly string[];
}

const configMap = { apiVersion: "v1", kind: "ConfigMap", namespace: "kube-system", name: "aws-auth" };
const id = "identity-mappings";
/** Remembers the keys of our mappings. */
const memory = "ekstool.dev/mappings";
/** How often a change is tried that others came before. */
const tries = 5;

/** Our part of the ConfigMap aws-auth, which EKS and others write as well: there are no mappings of ours without the memory. */
export const identityMappings: NamedKind<
  IdentityMappingsSpec,
  IdentityMappingsDeps,
  IdentityMappingsAttrs,
  AwsContext,
  "mappings"
> = {
  name: "kube.identity-mappings",
  title: "mappings in aws-auth",
  deletedBefore: ["eks.cluster"],
  diesWith: "eks.cluster",
  timing: () => moments,

  actions: {
    list: allow("eks:DescribeCluster", ofCluster("cluster")),
    read: allow("eks:DescribeCluster", ofCluster("cluster")),
    create: [],
    delete: [],
    mappings: [],
  },

  async list(ctx, wanted) {
    const live = await read(configMap.name, ctx);
    return live === null || (wanted !== undefined && wanted !== id) ? [] : [live];
  },
  read,
  find: read,

  async create({ spec }, ctx) {
    await change(ctx, spec.mappings);
    return { ref: configMap.name };
  },

  async delete(_live, ctx) {
    await change(ctx, undefined);
  },

  aspects: {
    mappings: {
      want: (spec) => spec.mappings,
      have: ({ mappings, ours }, want) => ownElements(mappings, wantedElements(want), (key) => ours.includes(key)),
      change: () => "mappings",
      kept: ({ mappings, ours }, want) => foreignElements(mappings, wantedElements(want), (key) => ours.includes(key)),
    },
  },

  updates: {
    async mappings({ spec }, _live, ctx) {
      await change(ctx, spec.mappings);
      return undefined;
    },
  },
};

/** Brings our mappings to the wanted ones; undefined: takes them and the memory away. Others may write at the same time. */
async function change(ctx: AwsContext, wanted: Mappings | undefined): Promise<void> {
  const api = await usableApi(ctx);
  for (let count = 1; ; count++) {
    const { namespace, name, ...type } = configMap;
    const found = (await api.get(configMap)) ?? (await api.apply({ ...type, metadata: { namespace, name } }));
    const { mappings, ours } = attributes(found);
    const changes = elementChanges(mappings, wanted ?? {}, (key) => ours.includes(key));
    const kept = Object.entries(mappings).filter(([key]) => !changes.remove.includes(key));
    const { resourceVersion } = found.metadata;
    const annotations = { [memory]: wanted === undefined ? null : Object.keys(wanted).join(" ") };
    const data = textsOf({ ...Object.fromEntries(kept), ...changes.set });
    try {
      await api.merge(configMap, { metadata: { resourceVersion, annotations }, data });
      return;
    } catch (error) {
      const isOvertaken = error instanceof KubernetesError && error.status === 409;
      if (!isOvertaken || count === tries) throw error;
    }
  }
}

async function read(_ref: string, ctx: AwsContext): Promise<Live<IdentityMappingsAttrs> | null> {
  const found = await (await reachedApi(ctx))?.get(configMap);
  if (found?.metadata.annotations?.[memory] === undefined) return null;
  const { uid } = found.metadata;
  const live = { id, ref: configMap.name, owner: "us", phase: "ready", attrs: attributes(found) } as const;
  return { ...live, ...(uid === undefined ? {} : { uid }) };
}

function attributes({ metadata, data }: KubernetesObject): IdentityMappingsAttrs {
  const ours = metadata.annotations?.[memory]?.split(" ").filter((key) => key !== "") ?? [];
  return { mappings: mappingsIn(data), ours };
}
