import { type Agent, request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";
import type { Clock } from "../clock.ts";
import { KubernetesError } from "./errors.ts";

export interface KubernetesConnection {
  /** `https://…`, perhaps with a path. */
  readonly endpoint: string;
  /** The cluster's own authority, as PEM. */
  readonly authority: string;
  /** Trusts that authority, and knows the proxies. */
  readonly agent: Agent;
  /** A bearer token that is good now. `renew`: the one before was refused. */
  readonly token: (renew: boolean) => Promise<string>;
  readonly clock: Clock;
}

export interface KubernetesRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** With the query. */
  readonly path: string;
  readonly body?: unknown;
  /** Default: JSON. */
  readonly contentType?: string;
  /** Real milliseconds for all of it. Default: a minute. */
  readonly patience?: number;
  /** How often it is sent, at most, when there is no answer or the API is overloaded. Default: several times. */
  readonly tries?: number;
}

const usualPatience = 60_000;
const usualTries = 5;

/**
 * Sends a request until it is answered: all that is sent here may be sent twice. Time stands still meanwhile, apart from the
 * pauses.
 *
 * @throws KubernetesError for what the API refuses; what Node says where nobody answers.
 */
export async function send(connection: KubernetesConnection, request: KubernetesRequest): Promise<unknown> {
  const { clock } = connection;
  const { tries = usualTries } = request;
  for (let count = 1, renewed = false; ; count++) {
    try {
      return await clock.hold(() => sendOnce(connection, request, renewed));
    } catch (error) {
      const status = error instanceof KubernetesError ? error.status : undefined;
      if (status === 401 && !renewed) renewed = true;
      else if (count < tries && (status === undefined || status === 429 || status >= 500)) {
        await clock.sleep(Math.min(8000, 250 * 2 ** count));
      } else throw error;
    }
  }
}

async function sendOnce(
  { endpoint, agent, token }: KubernetesConnection,
  { method, path, body, contentType = "application/json", patience = usualPatience }: KubernetesRequest,
  renew: boolean,
): Promise<unknown> {
  const content = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    accept: "application/json",
    authorization: `Bearer ${await token(renew)}`,
    "user-agent": "ekstool",
    ...(content !== undefined && { "content-type": contentType, "content-length": Buffer.byteLength(content) }),
  };
  const signal = AbortSignal.timeout(patience);
  return new Promise((resolve, reject) => {
    const sending = httpsRequest(endpoint.replace(/\/$/, "") + path, { method, headers, agent, signal }, (response) => {
      const status = response.statusCode ?? 0;
      text(response)
        .then((answer) => {
          if (status < 300) return resolve(parsed(answer));
          const { reason, message } = statusIn(answer);
          throw new KubernetesError(status, reason ?? `HTTP ${status}`, message ?? `the API answers ${status}`);
        })
        .catch(reject);
    });
    sending.once("error", (error) => reject(signal.aborted ? noAnswer(patience, error) : error));
    sending.end(content);
  });
}

function noAnswer(patience: number, cause: Error): Error {
  return Object.assign(new Error(`no answer within ${patience / 1000} s`, { cause }), { code: "ETIMEDOUT" });
}

function parsed(answer: string): unknown {
  return answer === "" ? undefined : JSON.parse(answer);
}

interface Status {
  readonly reason?: string;
  readonly message?: string;
}

/** What stands between us and the API may answer with anything. */
function statusIn(answer: string): Status {
  try {
    return (JSON.parse(answer) as Status | null) ?? {};
  } catch {
    return {};
  }
}
