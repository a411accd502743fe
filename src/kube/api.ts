import { KubernetesError } from "./errors.ts";
import type { KubernetesObject, KubernetesRef, KubernetesType, Selection } from "./objects.ts";
import { type KubernetesConnection, type KubernetesRequest, send } from "./request.ts";

/** The Kubernetes API of a cluster, as far as ekstool needs it. */
export interface KubernetesApi {
  /** Asks for the version, once and with little patience. Throws where nobody answers, or we are not let in. */
  greet(): Promise<void>;
  /** A kubeconfig for another program, as plain data, with a token that is good for some minutes. */
  kubeconfig(): Promise<object>;
  /** Null where there is no such object, or no such type. */
  get(ref: KubernetesRef): Promise<KubernetesObject | null>;
  /** Empty where there is no such type. */
  list(type: KubernetesType, selection?: Selection): Promise<readonly KubernetesObject[]>;
  /**
   * Server-side apply: what is said becomes ours, and what we said before and say no more is taken away. With `force` also what
   * others have set otherwise; without it that is a KubernetesError Conflict.
   */
  apply(object: KubernetesObject, options?: { readonly force?: boolean }): Promise<KubernetesObject>;
  /** Merges (RFC 7386) into an object that exists: null takes a member away. */
  merge(ref: KubernetesRef, patch: object): Promise<KubernetesObject>;
  /** What is gone already is fine. */
  delete(ref: KubernetesRef, options?: { readonly gracePeriodSeconds?: number }): Promise<void>;
  /** Asks for the end of a pod; what keeps it is a disruption budget, in Kubernetes' words. */
  evict(pod: KubernetesRef, options?: { readonly gracePeriodSeconds?: number }): Promise<{ readonly keptBy?: string }>;
}

/** Whose fields they are that we apply. */
export const fieldManager = "ekstool";
/** Real milliseconds: who can be reached at all answers within. */
const greetingPatience = 5000;
const pageSize = 500;

interface TypeInfo {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Sends nothing yet. */
export function kubernetesApi(connection: KubernetesConnection): KubernetesApi {
  const known = new Map<string, Promise<readonly TypeInfo[]>>();
  const ask = (request: KubernetesRequest) => send(connection, request);

  /** Types are looked up once, and again for one that is missing: it may have been defined since. */
  async function typeOf({ apiVersion, kind }: KubernetesType): Promise<TypeInfo | undefined> {
    for (const isNew of [false, true]) {
      const before = isNew ? undefined : known.get(apiVersion);
      const types = before ?? lookUp(apiVersion);
      known.set(apiVersion, types);
      const found = (await types).find((type) => type.kind === kind && !type.name.includes("/"));
      if (found || !before) return found;
    }
    return undefined;
  }

  function lookUp(apiVersion: string): Promise<readonly TypeInfo[]> {
    const types = absent(ask({ method: "GET", path: rootOf(apiVersion) })).then(
      (list) => (list as { readonly resources: readonly TypeInfo[] } | null)?.resources ?? [],
    );
    types.catch(() => known.delete(apiVersion));
    return types;
  }

  async function pathOf(type: KubernetesType, namespace: string | undefined, name = ""): Promise<string | undefined> {
    const info = await typeOf(type);
    if (!info) return undefined;
    const inside = info.namespaced && namespace !== undefined ? `namespaces/${namespace}/` : "";
    return `${rootOf(type.apiVersion)}/${inside}${info.name}${name === "" ? "" : `/${encodeURIComponent(name)}`}`;
  }

  async function existing(ref: KubernetesRef): Promise<string> {
    const path = await pathOf(ref, ref.namespace, ref.name);
    if (path !== undefined) return path;
    throw new KubernetesError(404, "NotFound", `the cluster knows no ${ref.kind} of ${ref.apiVersion}`);
  }

  return {
    async greet() {
      await ask({ method: "GET", path: "/version", patience: greetingPatience, tries: 1 });
    },

    async kubeconfig() {
      const { endpoint: server, authority, token } = connection;
      const name = "cluster";
      const cluster = { server, "certificate-authority-data": Buffer.from(authority).toString("base64") };
      return {
        apiVersion: "v1",
        kind: "Config",
        "current-context": name,
        clusters: [{ name, cluster }],
        users: [{ name, user: { token: await token(true) } }],
        contexts: [{ name, context: { cluster: name, user: name } }],
      };
    },

    async get(ref) {
      const path = await pathOf(ref, ref.namespace, ref.name);
      if (path === undefined) return null;
      return (await absent(ask({ method: "GET", path }))) as KubernetesObject | null;
    },

    async list(type, { namespace, labelSelector, fieldSelector } = {}) {
      const path = await pathOf(type, namespace);
      if (path === undefined) return [];
      const items: KubernetesObject[] = [];
      for (let next: string | undefined = ""; next !== undefined;) {
        const query = new URLSearchParams({
          limit: String(pageSize),
          ...(labelSelector !== undefined && { labelSelector }),
          ...(fieldSelector !== undefined && { fieldSelector }),
          ...(next !== "" && { continue: next }),
        });
        const page = (await ask({ method: "GET", path: `${path}?${query.toString()}` })) as Page;
        // The elements of a list do not say what they are.
        items.push(...page.items.map((item) => ({ ...item, apiVersion: type.apiVersion, kind: type.kind })));
        next = page.metadata.continue || undefined;
      }
      return items;
    },

    async apply(object, { force = false } = {}) {
      const { name, namespace } = object.metadata;
      const path = await existing({ ...object, name, ...(namespace !== undefined && { namespace }) });
      const query = `fieldManager=${fieldManager}&force=${force}`;
      const contentType = "application/apply-patch+yaml";
      return (await ask({ method: "PATCH", path: `${path}?${query}`, body: object, contentType })) as KubernetesObject;
    },

    async merge(ref, patch) {
      const path = `${await existing(ref)}?fieldManager=${fieldManager}`;
      const contentType = "application/merge-patch+json";
      return (await ask({ method: "PATCH", path, body: patch, contentType })) as KubernetesObject;
    },

    async delete(ref, { gracePeriodSeconds } = {}) {
      const path = await pathOf(ref, ref.namespace, ref.name);
      if (path === undefined) return;
      const options = { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy: "Background" };
      const body = gracePeriodSeconds === undefined ? options : { ...options, gracePeriodSeconds };
      await absent(ask({ method: "DELETE", path, body }));
    },

    async evict(pod, { gracePeriodSeconds } = {}) {
      const { name, namespace } = pod;
      const deleteOptions = gracePeriodSeconds === undefined ? {} : { deleteOptions: { gracePeriodSeconds } };
      const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace }, ...deleteOptions };
      try {
        // A budget that is used up is said like an overload: not asked again at once.
        await absent(ask({ method: "POST", path: `${await existing(pod)}/eviction`, body, tries: 1 }));
        return {};
      } catch (error) {
        if (error instanceof KubernetesError && error.status === 429) return { keptBy: error.message };
        throw error;
      }
    },
  };
}

interface Page {
  readonly metadata: { readonly continue?: string };
  readonly items: readonly KubernetesObject[];
}

function rootOf(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

async function absent<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof KubernetesError && error.status === 404) return null;
    throw error;
  }
}
