import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Clock } from "../../clock.ts";
import { readRequest } from "../server.ts";
import { afterWallTime } from "../wall-timer.ts";
import { certificate, key } from "./certificates.ts";
import type { KubernetesFront } from "./front.ts";

/** The Kubernetes APIs of an account on loopback. */
export interface KubernetesServer {
  /** `https://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
  /** Connections that are open now. */
  connections(): number;
  /** Called when a connection was opened or closed. */
  onConnections(observer: () => void): void;
  close(): Promise<void>;
}

/** Wall-clock milliseconds between two looks at what a watch is to tell. */
const watchInterval = 200;
/** Wall-clock seconds that a watch lasts unless it says how long. */
const watchTimeout = 300;

/**
 * Serves the Kubernetes APIs over TLS. While a request is in flight the account's clock is held; a watch holds nothing.
 *
 * @param wanted a port, where it is free.
 */
export async function listenForKubernetes(
  front: KubernetesFront,
  clock: Clock,
  wanted: number | undefined,
): Promise<KubernetesServer> {
  const sockets = new Set<Socket>();
  const observers: (() => void)[] = [];
  const tell = () => {
    for (const observer of observers) observer();
  };
  const server = createServer({ cert: certificate, key }, (incoming, response) => void respond(incoming, response));
  Object.assign(server, { keepAliveTimeout: 0, headersTimeout: 0, requestTimeout: 0 });
  server.on("secureConnection", (socket: Socket) => {
    sockets.add(socket);
    tell();
    socket.on("close", () => {
      sockets.delete(socket);
      tell();
    });
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => {
        server.off("error", reject);
        resolve();
      });
    });
  await listen(wanted ?? 0).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE") throw error;
    return listen(0);
  });
  const { port } = server.address() as AddressInfo;

  async function respond(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const events = await clock.hold(async () => {
      const over = new Promise<void>((resolve) => response.on("close", resolve));
      const request = await readRequest(incoming);
      const reply = request && front.answer(request);
      const effect = reply?.effect;
      if (!reply || effect === "reset" || effect === "lost" || (typeof effect === "object" && "refused" in effect)) {
        incoming.socket.destroy();
        return undefined;
      }
      if (effect === "stall") {
        await over;
        return undefined;
      }
      const { status, body, retryAfter } = reply;
      response.writeHead(status, {
        "content-type": "application/json",
        ...(retryAfter !== undefined && { "retry-after": String(retryAfter) }),
      });
      if (reply.events) return reply.events;
      response.end(JSON.stringify(body));
      await over;
      return undefined;
    });
    if (events) follow(incoming, response, events);
  }

  return {
    url: `https://127.0.0.1:${port}`,
    port,
    connections: () => sockets.size,
    onConnections: (observer) => {
      observers.push(observer);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Tells what a watch sees until its time is over or nobody listens any more. */
function follow(incoming: IncomingMessage, response: ServerResponse, events: () => readonly object[]): void {
  const query = new URLSearchParams(incoming.url?.split("?")[1]);
  const seconds = Number(query.get("timeoutSeconds") ?? watchTimeout);
  let open = true;
  response.on("close", () => (open = false));
  response.flushHeaders();
  let left = (seconds * 1000) / watchInterval;
  const look = (): void => {
    if (!open) return;
    for (const event of events()) response.write(`${JSON.stringify(event)}\n`);
    if (left-- <= 0) response.end();
    else afterWallTime(watchInterval, look);
  };
  look();
}
