import type { AwsContext } from "../../aws/context.ts";
import { KubernetesError } from "../../kube/errors.ts";
import type { KubernetesObject } from "../../kube/objects.ts";
import { type Mappings, changedTexts, mappingsIn, rowCounts } from "./aws-auth-document.ts";
import { reachedApi, usableApi } from "./reached-api.ts";

/** The ConfigMap aws-auth, which EKS and others write as well, as one kind of ours sees it. */
export interface AwsAuth {
  /** All there are. */
  readonly mappings: Mappings;
  /** How many rows each key has; the last one counts. */
  readonly rows: Readonly<Record<string, number>>;
  /** The keys of those that this kind has made; null where it remembers nothing, not even that there is none. */
  readonly ours: readonly string[] | null;
  readonly uid?: string;
}

/** What is changed in it; `ours` is remembered from then on, null forgets; absent: as it was. */
export interface AwsAuthChange {
  readonly set: Mappings;
  readonly remove: readonly string[];
  readonly ours?: readonly string[] | null;
}

/** The annotations that remember the keys of our mappings, by whom they are for. */
const memories = { people: "ekstool.dev/mappings", nodes: "ekstool.dev/nodes" } as const;
export type MappedFor = keyof typeof memories;

const configMap = { apiVersion: "v1", kind: "ConfigMap", namespace: "kube-system", name: "aws-auth" };
/** How often a change is tried that others came before. */
const tries = 5;

/** Null while there is none, or no cluster that is up. */
export async function readAwsAuth(ctx: AwsContext, mappedFor: MappedFor): Promise<AwsAuth | null> {
  const found = await (await reachedApi(ctx))?.get(configMap);
  return found ? seen(found, mappedFor) : null;
}

/** Changes what `change` says of it as it is now. Others may write at the same time. */
export async function changeAwsAuth(
  ctx: AwsContext,
  mappedFor: MappedFor,
  change: (found: AwsAuth) => AwsAuthChange,
): Promise<void> {
  const api = await usableApi(ctx);
  for (let count = 1; ; count++) {
    const { namespace, name, ...type } = configMap;
    const found = (await api.get(configMap)) ?? (await api.apply({ ...type, metadata: { namespace, name } }));
    const { ours, ...changes } = change(seen(found, mappedFor));
    const { resourceVersion } = found.metadata;
    const annotations = ours === undefined ? {} : { [memories[mappedFor]]: ours && ours.join(" ") };
    const data = changedTexts(found["data"], changes);
    try {
      await api.merge(configMap, { metadata: { resourceVersion, annotations }, data });
      return;
    } catch (error) {
      const isOvertaken = error instanceof KubernetesError && error.status === 409;
      if (!isOvertaken || count === tries) throw error;
    }
  }
}

function seen({ metadata, data }: KubernetesObject, mappedFor: MappedFor): AwsAuth {
  const memory = metadata.annotations?.[memories[mappedFor]];
  return {
    mappings: mappingsIn(data),
    rows: rowCounts(data),
    ours: memory?.split(" ").filter((key) => key !== "") ?? null,
    ...(metadata.uid === undefined ? {} : { uid: metadata.uid }),
  };
}
