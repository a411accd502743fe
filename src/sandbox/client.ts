import type { ClientRequest, IncomingMessage } from "node:http";
import { request as httpRequest } from "node:http";
import { text } from "node:stream/consumers";
import type { Clock } from "../clock.ts";
import { virtualClock } from "../clock.ts";
import { FailedError } from "../errors.ts";
import { controlPath, type Health } from "./control.ts";
import { onLines } from "./lines.ts";
import { type CheckedResidents, parseResidents, type Residents } from "./residents.ts";

/** Membership in a served sandbox's time. */
export interface JoinedSandbox {
  /** Goes in lockstep with the other members: it moves when all of them wait and no request is in flight. */
  readonly clock: Clock;
  /** For the `endpoint` of any SDK client. */
  readonly endpoint: string;
  /** Puts things into the account that others have made; resolves to those that were not there. */
  residents(residents: Residents): Promise<CheckedResidents>;
  /** Time no longer waits for this process; the end of the process does the same. */
  leave(): Promise<void>;
}

/**
 * Joins the time of the sandbox at a URL. Until `leave`, a process that sleeps on the clock is kept alive by that; the
 * membership alone does not keep it. When the sandbox ends, sleepers wake at once and their next request tells them so.
 *
 * @throws FailedError when there is no sandbox at the URL.
 */
export async function joinSandbox(url: string): Promise<JoinedSandbox> {
  const { request, response } = await openTime(url);
  const { socket } = response;
  let ended = false;
  /** Each takes one line that the server sends, in order; undefined when it sends no more. */
  const receivers: ((time: number | undefined) => void)[] = [];

  /** A pending exchange keeps the process alive, the open connection does not. */
  async function nextTime(send: () => void): Promise<number | undefined> {
    if (ended) return undefined;
    socket.ref();
    const received = new Promise<number | undefined>((resolve) => receivers.push(resolve));
    send();
    const time = await received;
    socket.unref();
    return time;
  }

  const first = nextTime(() =>
    onLines(
      response,
      (line) => receivers.shift()?.(Number(line)),
      () => {
        ended = true;
        for (const receive of receivers.splice(0)) receive(undefined);
      },
    ),
  );
  return {
    clock: virtualClock(await first, async (until) => (await nextTime(() => request.write(`${until}\n`))) ?? until),
    endpoint: url,
    residents: async (residents) => parseResidents(await control(url, "POST", "residents", residents)),
    leave: async () => {
      await nextTime(() => request.end());
    },
  };
}

/** How the sandbox at a URL is; undefined when there is none. */
export async function sandboxHealth(url: string): Promise<Health | undefined> {
  try {
    return (await control(url, "GET", "health")) as Health;
  } catch (error) {
    if (error instanceof FailedError) return undefined;
    throw error;
  }
}

/**
 * Asks one of the sandbox's own endpoints.
 *
 * @throws FailedError when there is no sandbox at the URL, or it refuses.
 */
export async function control(url: string, method: "GET" | "POST", name: string, body?: unknown): Promise<unknown> {
  const { request, response } = open(url, method, name);
  request.end(body === undefined ? undefined : JSON.stringify(body));
  const answer = await response;
  const content = await text(answer);
  if (answer.statusCode !== 200) throw new FailedError(`the sandbox at ${url} refuses ${name}: ${content}`);
  return JSON.parse(content);
}

async function openTime(url: string): Promise<{ request: ClientRequest; response: IncomingMessage }> {
  const { request, response } = open(url, "POST", "clock");
  request.flushHeaders();
  const answer = await response;
  if (answer.statusCode !== 200) throw new FailedError(`the sandbox at ${url} cannot be joined`);
  return { request, response: answer };
}

/** Wall-clock milliseconds within which a sandbox that is there answers. */
const patience = 5000;

function open(
  url: string,
  method: string,
  name: string,
): { request: ClientRequest; response: Promise<IncomingMessage> } {
  const request = httpRequest(new URL(controlPath + name, url), { method, agent: false, timeout: patience });
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    const fail = (cause?: unknown) => reject(new FailedError(`there is no sandbox at ${url}`, { cause }));
    request.on("timeout", () => request.destroy());
    request.on("error", fail);
    request.on("close", fail);
    request.on("response", (answer) => {
      request.setTimeout(0);
      resolve(answer);
    });
  });
  return { request, response };
}
