import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { EkstoolError } from "../errors.ts";
import { parsePrincipals } from "./access/principals.ts";
import type { Account } from "./account.ts";
import { parseFaultRules } from "./faults.ts";
import { onLines } from "./lines.ts";
import { parseResidents } from "./residents.ts";
import { parseScenario } from "./scenario.ts";
import type { Member, Timekeeper } from "./timekeeper.ts";

/** Where the sandbox's own endpoints are, beside those of AWS. They take no credentials: the server is on loopback. */
export const controlPath = "/_sandbox/";

/** Answers requests below `controlPath`. */
export type Control = (incoming: IncomingMessage, response: ServerResponse) => void;

/** What `GET /_sandbox/health` answers. */
export interface Health {
  readonly pid: number;
  readonly account: string;
  /** Virtual, milliseconds since the epoch. */
  readonly now: number;
  /** How many processes are joined to its time. */
  readonly members: number;
}

interface ControlOptions {
  readonly account: Account;
  /** Absent: time is somebody else's, and nobody can join it. */
  readonly timekeeper?: Timekeeper;
  /** Ends the server; called when the request for it is answered. */
  readonly shutdown?: () => void;
}

/**
 * `GET health`, `GET journal?from=<n>`, `GET world`, `POST faults` (a list of rules), `POST scenario`, `POST residents`
 * (answers those that were not there), `POST principals` (a list: the callers that are held to policies), `POST shutdown`;
 * `POST clock` joins the account's time: both bodies stay open, the client sends a line with the instant that it waits
 * for, and gets a line with the time when it is reached; first of all it gets the time as it is. It leaves when its
 * body, or the connection, ends.
 */
export function controlOf({ account, timekeeper, shutdown }: ControlOptions): Control {
  const health = (): Health => ({
    pid: process.pid,
    account: account.world.state.account,
    now: account.world.now(),
    members: timekeeper?.members ?? 0,
  });
  const routes: Record<string, (query: URLSearchParams, body: unknown) => unknown> = {
    "GET health": health,
    "GET journal": (query) => account.journal.slice(Number(query.get("from") ?? 1) - 1),
    "GET world": () => account.world.state,
    "POST faults": (_, body) => account.setFaults(parseFaultRules(body)),
    "POST scenario": (_, body) => account.setScenario(parseScenario(body)),
    "POST residents": (_, body) => account.addResidents(parseResidents(body)),
    "POST principals": (_, body) => account.setPrincipals(parsePrincipals(body)),
    "POST shutdown": () => undefined,
  };

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? "/", "http://sandbox");
    const route = `${incoming.method} ${url.pathname.slice(controlPath.length)}`;
    if (route === "POST shutdown" && shutdown) response.on("close", shutdown);
    if (route === "POST clock" && timekeeper)
      return join(timekeeper.join(), timekeeper.clock.now(), incoming, response);
    const action = routes[route];
    try {
      if (!action) return send(response, 404, { message: `there is no ${route}` });
      const body =
        incoming.method === "POST" && Number(incoming.headers["content-length"]) > 0 ? await json(incoming) : undefined;
      send(response, 200, action(url.searchParams, body) ?? {});
    } catch (error) {
      if (!(error instanceof EkstoolError || error instanceof SyntaxError)) throw error;
      send(response, 400, { message: error.message });
    }
  }

  return (incoming, response) => void answer(incoming, response);
}

function join(member: Member, now: number, incoming: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/plain" });
  response.write(`${now}\n`);
  onLines(
    incoming,
    (line) => member.wait(Number(line), (reached) => response.write(`${reached}\n`)),
    () => {
      member.leave();
      response.end();
    },
  );
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
