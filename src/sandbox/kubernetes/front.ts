import { AwsError } from "../aws-error.ts";
import { type AccessKey, sandboxUser } from "../credentials.ts";
import { type FaultEffect, type FaultSubject, faultName } from "../faults.ts";
import { eksTokenKey } from "../services/sts/eks-token.ts";
import type { Store } from "../store.ts";
import type { HttpRequest } from "../wire/http.ts";
import type { World } from "../world.ts";
import { ApiError, statusObject } from "./api-error.ts";
import { type ApiRequest, answerRequest, isWatch, operationOf, watched } from "./api.ts";
import { type ClusterPlace, clusterWithId, objectsOf } from "./place.ts";
import type { Json, KubeObject } from "./state.ts";
import { asksForTable, tableOf } from "./tables.ts";
import { type User, userOf } from "./users.ts";

/** The part of an account that its Kubernetes APIs work with. */
export interface Host {
  readonly world: World;
  readonly store: Store;
  /** Lets all happen in AWS whose time has come. */
  settle(): void;
  /** Tells of a request that was understood, before it is handled. */
  observe(request: {
    readonly operation: string;
    readonly region: string;
    readonly input: Record<string, unknown>;
  }): void;
  effectOn(request: FaultSubject): FaultEffect | undefined;
  /** Those who can sign, beside the sandbox's own user. */
  callers(): readonly (AccessKey & { readonly arn: string })[];
}

export interface ApiReply {
  readonly status: number;
  /** JSON. */
  readonly body: object;
  readonly retryAfter?: number | undefined;
  /** What the connection suffers. */
  readonly effect?: FaultEffect;
  /** For a watch: what has happened since it was called last. */
  readonly events?: () => readonly object[];
}

export interface KubernetesFront {
  /** Undefined where nobody is there, or nobody who could be reached from outside of the cluster's network. Never throws. */
  answer(request: HttpRequest): ApiReply | undefined;
}

/** The Kubernetes APIs of all clusters of an account; the first part of a path is the id of the cluster. */
export function kubernetesFront(host: Host): KubernetesFront {
  const { world, store } = host;

  function answer(request: HttpRequest): ApiReply | undefined {
    host.settle();
    const [, id = "", ...rest] = request.path.split("/");
    const place = clusterWithId(world, id);
    if (!place?.cluster.vpc.endpointPublicAccess) return undefined;
    const asked = {
      method: request.method,
      path: `/${rest.join("/")}`,
      query: request.query,
      headers: request.headers,
    };
    let principal = "";
    let outcome = "ok";
    let undo: (() => void) | undefined;
    let reply: ApiReply;
    const changes = request.method !== "GET";
    const body = bodyOf(request);
    const operation = operationOf(asked);
    const input = { cluster: place.cluster.name, path: asked.path, ...(body !== undefined && { body }) };
    host.observe({ operation, region: place.region, input });
    const effect = host.effectOn({
      service: "kubernetes",
      operation,
      input,
      credentials: request.headers["authorization"] ?? "",
      at: world.now(),
    });
    try {
      principal = principalOf(place, request);
      const injected = effect && errorOf(effect);
      if (injected) throw injected;
      if (effect === "reset" || effect === "stall" || (typeof effect === "object" && "refused" in effect)) {
        reply = { status: 0, body: {} };
        outcome = faultName(effect);
      } else {
        if (changes) undo = store.begin();
        reply = perform(place, principal, { ...asked, body });
      }
    } catch (error) {
      undo?.();
      const refused = asApiError(error);
      outcome = refused.reason;
      reply = { status: refused.status, body: statusObject(refused), retryAfter: refused.retryAfter };
    }
    store.record({
      at: world.now(),
      service: "kubernetes",
      operation,
      region: place.region,
      input,
      changes,
      outcome,
      principal,
      ...(effect && { fault: faultName(effect) }),
    });
    return { ...reply, ...(effect && { effect }) };
  }

  function perform(place: ClusterPlace, arn: string, request: ApiRequest): ApiReply {
    const objects = objectsOf(place);
    const user = userOf(place, objects, arn);
    if (!user) throw unauthorized();
    const contentType = request.headers["content-type"] ?? "";
    if (request.body === undefined && contentType.includes("protobuf")) {
      throw new ApiError(415, "UnsupportedMediaType", `${contentType} is not simulated by the sandbox`);
    }
    if (request.method === "GET" && isWatch(request.query)) return watch(place.cluster.id, user, request);
    const body = answerRequest(place, objects, user, request);
    return { status: request.method === "POST" ? 201 : 200, body };
  }

  function watch(id: string, user: User, request: ApiRequest): ApiReply {
    const from = Number(request.query.get("resourceVersion") ?? 0);
    const known = new Map<string, KubeObject>();
    const look = () => {
      const place = clusterWithId(world, id);
      return place && { ...watched(place, objectsOf(place), user, request), now: world.now() };
    };
    const first = look();
    for (const object of first?.chosen ?? []) {
      if (from > 0 && Number(object.metadata.resourceVersion) <= from) known.set(object.metadata.uid, object);
    }
    const isTable = asksForTable(request.headers["accept"]);
    const events = (): readonly object[] => {
      const seen = look();
      if (!seen) return [];
      const shown = (object: KubeObject) =>
        isTable ? tableOf(seen.type, [object], object.metadata.resourceVersion, seen.now) : object;
      const told = seen.chosen.flatMap((object) => {
        const before = known.get(object.metadata.uid);
        if (before?.metadata.resourceVersion === object.metadata.resourceVersion) return [];
        known.set(object.metadata.uid, object);
        return [{ type: before ? "MODIFIED" : "ADDED", object: shown(object) }];
      });
      const there = new Set(seen.chosen.map(({ metadata }) => metadata.uid));
      const gone = [...known.values()].filter(({ metadata }) => !there.has(metadata.uid));
      for (const { metadata } of gone) known.delete(metadata.uid);
      return [...told, ...gone.map((object) => ({ type: "DELETED", object: shown(object) }))];
    };
    return { status: 200, body: {}, events };
  }

  /** ARN of whoever has signed the token. */
  function principalOf({ cluster }: ClusterPlace, { headers }: HttpRequest): string {
    const [, token] = /^Bearer (.+)$/.exec(headers["authorization"] ?? "") ?? [];
    if (token === undefined) throw unauthorized();
    const key = eksTokenKey(token, cluster.outpost?.id ?? cluster.name, host.callers());
    const known = host.callers().find(({ accessKeyId }) => accessKeyId === key);
    return known?.arn ?? `arn:${world.state.partition}:iam::${world.state.account}:user/${sandboxUser.name}`;
  }

  return { answer };
}

/** Undefined also for what is no JSON: it is refused when it is understood who sends it. */
function bodyOf({ body }: HttpRequest): Json | undefined {
  try {
    return body.length === 0 ? undefined : (JSON.parse(body.toString()) as Json);
  } catch {
    return undefined;
  }
}

function unauthorized(): ApiError {
  return new ApiError(401, "Unauthorized", "Unauthorized");
}

/** What a fault rule has the API answer. */
function errorOf(effect: FaultEffect): ApiError | undefined {
  if (typeof effect === "object")
    return "error" in effect ? new ApiError(effect.error.status, effect.error.code, effect.error.message) : undefined;
  switch (effect) {
    case "throttle":
      return new ApiError(429, "TooManyRequests", "The apiserver is overloaded", { retryAfter: 1 });
    case "expired":
      return unauthorized();
    case "deny":
      return new ApiError(403, "Forbidden", "forbidden: an injected fault");
    case "timeout":
      return new ApiError(504, "Timeout", "request did not complete within the allotted timeout");
    default:
      return undefined;
  }
}

/** Whoever is not let in by STS is nobody here; anything else that is thrown is a defect of the sandbox. */
function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof AwsError) return unauthorized();
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new ApiError(500, "InternalError", `the sandbox failed: ${detail}`);
}
