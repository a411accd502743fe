import { type IncomingMessage, type ServerResponse, createServer, request as httpRequest } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { TLSSocket, createSecureContext } from "node:tls";
import { onTestFinished } from "vitest";
import { certificate, certificatePath } from "./certificates.ts";

/** The authority that stands behind the proxy's certificates. */
export const authority = certificatePath("authority.pem");
/** For servers that take themselves for AWS. */
export const serverIdentity = {
  cert: certificate("server.pem"),
  key: certificate("server-key.pem"),
};
const secureContext = createSecureContext(serverIdentity);

export interface TestProxy {
  readonly url: string;
  /** Hosts that a tunnel was asked for. */
  readonly tunnels: Set<string>;
}

interface ProxyOptions {
  /** Where requests go to that nobody answers: a sandbox. */
  readonly upstream: string;
  /** Answers a request itself; false leaves it to the upstream. */
  readonly answer?: (host: string, body: string, incoming: IncomingMessage, response: ServerResponse) => boolean;
  /** `user:password` that it wants to see. */
  readonly user?: string;
}

/** A proxy as companies have them: it opens tunnels, and reads what goes through with certificates of its own authority. */
export async function openProxy({ upstream, answer = () => false, user }: ProxyOptions): Promise<TestProxy> {
  const tunnels = new Set<string>();
  const sockets = new Set<Socket>();
  const inside = createServer((incoming, response) => {
    void read(incoming).then((body) => {
      const host = incoming.headers.host ?? "";
      if (!answer(host, body.toString(), incoming, response)) forward(upstream, incoming, body, response);
    });
  });
  const proxy = createServer((_, response) => response.writeHead(400).end());
  proxy.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  proxy.on("connect", (incoming: IncomingMessage, socket: Socket) => {
    const [host = "", port] = (incoming.url ?? "").split(":");
    tunnels.add(host);
    const wanted = user === undefined ? undefined : `Basic ${Buffer.from(user).toString("base64")}`;
    if (incoming.headers["proxy-authorization"] !== wanted) {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
      return;
    }
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    // Port 80: what comes is no TLS.
    if (port === "80") {
      inside.emit("connection", socket);
      return;
    }
    const secured = new TLSSocket(socket, { isServer: true, secureContext });
    secured.on("error", () => undefined);
    inside.emit("connection", secured);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    proxy.close();
    for (const socket of sockets) socket.destroy();
  });
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, tunnels };
}

async function read(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function forward(upstream: string, incoming: IncomingMessage, body: Buffer, response: ServerResponse): void {
  const { method, headers, url } = incoming;
  const request = httpRequest(new URL(url ?? "/", upstream), { method: method ?? "GET", headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  request.end(body);
}
