import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Clock } from "../clock.ts";
import { RefusedError } from "../errors.ts";
import type { Account, Reply } from "./account.ts";
import type { Control } from "./control.ts";
import { controlPath } from "./control.ts";
import { afterWallTime } from "./wall-timer.ts";
import type { HttpRequest } from "./wire/http.ts";

/** An account on loopback. */
export interface SandboxServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Connections that are open now. */
  connections(): number;
  /** Called when a connection was opened or closed. */
  onConnections(observer: () => void): void;
  close(): Promise<void>;
}

/**
 * Serves an account over HTTP, and what controls it below `/_sandbox/`. While a request is in flight the account's clock
 * is held.
 *
 * @param port Default: a free one.
 * @throws RefusedError when the port is taken.
 */
export async function listen(account: Account, clock: Clock, control: Control, port = 0): Promise<SandboxServer> {
  const sockets = new Set<Socket>();
  const observers: (() => void)[] = [];
  let closed = false;
  const server = createServer((incoming, response) => {
    const path = incoming.url ?? "/";
    if (path.startsWith(controlPath)) control(incoming, response);
    else void clock.hold(() => answer(incoming, response));
  });
  // Clients keep their connections as long as they like: a connection that ends under a request in flight is a fault.
  Object.assign(server, { keepAliveTimeout: 0, headersTimeout: 0, requestTimeout: 0 });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => {
      sockets.delete(socket);
      for (const observer of observers) observer();
    });
    for (const observer of observers) observer();
  });
  await startListening(server, port);
  const address = server.address() as AddressInfo;

  /** Ends when the answer is out, or the connection gone. */
  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const over = new Promise<void>((resolve) => response.on("close", resolve));
    const request = await readRequest(incoming);
    if (request) await send(await account.answer(request), incoming.socket, response, over);
    await over;
  }

  async function send(
    { answer, effect }: Reply,
    socket: Socket,
    response: ServerResponse,
    over: Promise<void>,
  ): Promise<void> {
    if (effect === "stall") return;
    if (effect === "reset" || effect === "lost") {
      socket.resetAndDestroy();
      return;
    }
    if (typeof effect === "object" && "refused" in effect) {
      void refuse(socket, effect.refused.seconds);
      return;
    }
    if (typeof effect === "object" && "latency" in effect) await delayed(effect.latency.seconds * 1000, over);
    if (answer) response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  /** Stops listening for so long. `close` also ends idle connections, so that clients must connect anew. */
  async function refuse(socket: Socket, seconds: number): Promise<void> {
    server.close();
    socket.resetAndDestroy();
    await clock.sleep(seconds * 1000);
    if (!closed) await clock.hold(() => startListening(server, address.port));
  }

  return {
    url: `http://127.0.0.1:${address.port}`,
    connections: () => sockets.size,
    onConnections: (observer) => {
      observers.push(observer);
    },
    close: () =>
      new Promise((resolve) => {
        closed = true;
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Resolves when so many wall-clock milliseconds have passed, or nobody waits for the answer any more. */
function delayed(milliseconds: number, over: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = afterWallTime(milliseconds, resolve);
    void over.then(() => {
      cancel();
      resolve();
    });
  });
}

function startListening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException) =>
      reject(cause.code === "EADDRINUSE" ? new RefusedError(`port ${port} is in use`, { cause }) : cause);
    server.once("error", fail);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", fail);
      resolve();
    });
  });
}

/** The whole request; undefined when the client went away before it was sent. */
export async function readRequest(incoming: IncomingMessage): Promise<HttpRequest | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ECONNRESET") return undefined;
    throw error;
  }
  const [path = "/", query] = (incoming.url ?? "/").split("?");
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(",") : value;
  }
  return {
    method: incoming.method ?? "GET",
    path,
    query: new URLSearchParams(query),
    headers,
    body: Buffer.concat(chunks),
  };
}
