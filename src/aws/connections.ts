import { readFileSync } from "node:fs";
import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { Agent as HttpsAgent, type RequestOptions, request as httpsRequest } from "node:https";
import { BlockList, isIP, isIPv6 } from "node:net";
import type { Duplex } from "node:stream";
import { type SecureContext, createSecureContext } from "node:tls";
import { InputError } from "../errors.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** For the request handler of an SDK client; what is absent is the SDK's own. */
export interface Agents {
  readonly httpAgent?: HttpAgent;
  readonly httpsAgent?: HttpsAgent;
}

/**
 * The agents that reach AWS the way the environment says: through the proxies of HTTPS_PROXY, HTTP_PROXY and ALL_PROXY, except
 * for the hosts of NO_PROXY and this machine, and trusting the authorities of AWS_CA_BUNDLE.
 *
 * @throws InputError for a proxy that is none, and for a bundle that cannot be read.
 */
export function agentsOf(env: Environment): Agents {
  const authorities = authoritiesOf(env);
  const trust = trusting(authorities);
  const isDirect = directHosts(env);
  const http = proxyOf(env, "HTTP_PROXY");
  const https = proxyOf(env, "HTTPS_PROXY");
  const tunnels = (proxy: URL) => tunnelsThrough(proxy, isDirect, trust);
  return {
    ...(http && { httpAgent: new TunnelledHttpAgent(tunnels(http)) }),
    ...(https
      ? { httpsAgent: new TrustingAgent(trust, tunnels(https)) }
      : authorities.length > 0 && { httpsAgent: new TrustingAgent(trust) }),
  };
}

/**
 * For a server that has an authority of its own, reached through the proxies of the environment as well. Where AWS_CA_BUNDLE says
 * so, somebody on the way shows other certificates: those are trusted, too.
 */
export function agentTrusting(authority: string, env: Environment): HttpsAgent {
  const authorities = authoritiesOf(env);
  const trust = trusting([authority, ...authorities]);
  const proxy = proxyOf(env, "HTTPS_PROXY");
  if (!proxy) return new TrustingAgent(trust);
  return new TrustingAgent(trust, tunnelsThrough(proxy, directHosts(env), trusting(authorities)));
}

/** As the SDK's own agents have it. */
const pool = { keepAlive: true, maxSockets: 50 };

/** What a connection is told of whom to trust; nothing: Node's own list. */
type Trust = () => { readonly secureContext?: SecureContext };

/** These authorities in place of Node's own list. To read hundreds of them takes long, so it is done for the first connection alone. */
function trusting(authorities: readonly string[]): Trust {
  let secureContext: SecureContext | undefined;
  return () =>
    authorities.length === 0
      ? {}
      : { secureContext: (secureContext ??= createSecureContext({ ca: [...authorities] })) };
}

/** Opens a tunnel to the host of a request; undefined: it is connected to without one. */
type OpenTunnel = (target: RequestOptions) => Promise<Duplex> | undefined;
type Connected = (error: Error | null, stream: Duplex) => void;

/** TLS goes through the tunnel: the proxy sees the host's name and nothing else. */
class TrustingAgent extends HttpsAgent {
  readonly #trust: Trust;
  readonly #tunnelTo: OpenTunnel;

  constructor(trust: Trust, tunnelTo: OpenTunnel = () => undefined) {
    super(pool);
    this.#trust = trust;
    this.#tunnelTo = tunnelTo;
  }

  override createConnection(options: RequestOptions, connected: Connected): Duplex | null | undefined {
    const connect = (socket?: Duplex) =>
      super.createConnection({ ...options, ...this.#trust(), ...(socket && { socket }) });
    return through(this.#tunnelTo(options), connect, connected);
  }
}

class TunnelledHttpAgent extends HttpAgent {
  readonly #tunnelTo: OpenTunnel;

  constructor(tunnelTo: OpenTunnel) {
    super(pool);
    this.#tunnelTo = tunnelTo;
  }

  override createConnection(options: RequestOptions, connected: Connected): Duplex | null | undefined {
    const connect = (socket?: Duplex) => socket ?? super.createConnection(options);
    return through(this.#tunnelTo(options), connect, connected);
  }
}

function through(
  tunnel: Promise<Duplex> | undefined,
  connect: (socket?: Duplex) => Duplex | null | undefined,
  connected: Connected,
): Duplex | null | undefined {
  if (tunnel === undefined) return connect();
  void tunnel.then(
    (socket) => connected(null, connect(socket) ?? socket),
    // Node takes an error alone.
    (error: unknown) => (connected as (error: unknown) => void)(error),
  );
  return undefined;
}

/** What opens tunnels through a proxy (HTTP CONNECT) to all hosts that are not direct. */
function tunnelsThrough(proxy: URL, isDirect: IsDirect, trust: Trust): OpenTunnel {
  const { protocol, hostname, username, password } = proxy;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization =
    username === "" ? {} : { "proxy-authorization": `Basic ${Buffer.from(credentials).toString("base64")}` };
  const request = protocol === "https:" ? httpsRequest : httpRequest;
  return (target) => {
    const name = target.host ?? "localhost";
    const port = Number(target.port);
    if (isDirect(name, port)) return undefined;
    const path = `${isIPv6(name) ? `[${name}]` : name}:${port}`;
    return new Promise((resolve, reject) => {
      const asking = request({
        host: hostname.replace(/^\[(.*)\]$/u, "$1"),
        ...(proxy.port !== "" && { port: proxy.port }),
        method: "CONNECT",
        path,
        headers: { host: path, ...authorization },
        agent: false,
        timeout: proxyTimeout,
        ...trust(),
      });
      const host = proxy.host;
      asking.once("error", reject);
      asking.once("timeout", () =>
        asking.destroy(new ProxyError("ProxyUnavailable", `the proxy ${host} does not answer`)),
      );
      asking.once("connect", ({ statusCode = 0, statusMessage }, socket) => {
        asking.removeAllListeners("timeout");
        if (statusCode === 200) return resolve(socket);
        socket.destroy();
        const text = `the proxy ${host} does not connect to ${path}: ${statusCode} ${statusMessage}`;
        reject(new ProxyError(statusCode < 500 ? "ProxyRefusal" : "ProxyUnavailable", text));
      });
      // What knows no CONNECT answers like a web server.
      asking.once("response", (answer) => {
        answer.destroy();
        reject(new ProxyError("ProxyRefusal", `${host} is no proxy for ${path}: it answers ${answer.statusCode}`));
      });
      asking.end();
    });
  };
}

/** Real milliseconds. */
const proxyTimeout = 10_000;

/** What stands between us and AWS lets a request through not at all, or not now. */
class ProxyError extends Error {
  override readonly name: "ProxyRefusal" | "ProxyUnavailable";

  constructor(name: ProxyError["name"], message: string) {
    super(message);
    this.name = name;
  }
}

/** Of two spellings the small one counts, as in other tools. */
function valueOf(env: Environment, name: string): string {
  return (env[name.toLowerCase()] || env[name] || "").trim();
}

function proxyOf(env: Environment, name: "HTTP_PROXY" | "HTTPS_PROXY"): URL | undefined {
  const text = valueOf(env, name) || valueOf(env, "ALL_PROXY");
  if (text === "") return undefined;
  const url = text.includes("://") ? text : `http://${text}`;
  // The value itself is not repeated: it may hold a password.
  if (!URL.canParse(url) || !/^https?:$/u.test(new URL(url).protocol)) {
    throw new InputError(`the proxy that ${name} or ALL_PROXY names is no HTTP proxy`, {
      hint: "write it as http://host:port, or http://user:password@host:port",
    });
  }
  return new URL(url);
}

/** Whether a host is connected to without the proxy. */
type IsDirect = (host: string, port: number) => boolean;

/**
 * By NO_PROXY: a list of host names (with all below them), addresses and blocks of addresses, each perhaps with a port; `*` is
 * every host. This machine, and the metadata services beside it, are always direct.
 */
function directHosts(env: Environment): IsDirect {
  const names: { readonly name: string; readonly port: number | undefined }[] = [];
  const addresses = new BlockList();
  addresses.addSubnet("127.0.0.0", 8);
  addresses.addSubnet("169.254.0.0", 16);
  addresses.addAddress("::1", "ipv6");
  for (const entry of valueOf(env, "NO_PROXY")
    .toLowerCase()
    .split(/[,\s]+/u)) {
    const [address = "", bits] = entry.split("/");
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    if (isIP(address) !== 0 && bits !== undefined) addBlock(addresses, address, Number(bits), family);
    else if (isIP(address) !== 0) addresses.addAddress(address, family);
    else if (entry !== "") {
      const [, name = "", port] = /^(.*?)(?::(\d+))?$/u.exec(entry) ?? [];
      names.push({ name: name.replace(/^\*?\./u, ""), port: port === undefined ? undefined : Number(port) });
    }
  }
  names.push({ name: "localhost", port: undefined });
  return (host, port) => {
    const family = isIP(host);
    if (family !== 0 && addresses.check(host, family === 6 ? "ipv6" : "ipv4")) return true;
    const name = host.toLowerCase();
    return names.some(
      (one) =>
        (one.port === undefined || one.port === port) &&
        (one.name === "*" || name === one.name || name.endsWith(`.${one.name}`)),
    );
  };
}

/** A block that is none excludes nothing, as in other tools. */
function addBlock(list: BlockList, address: string, bits: number, family: "ipv4" | "ipv6"): void {
  if (Number.isInteger(bits) && bits >= 0 && bits <= (family === "ipv6" ? 128 : 32)) {
    list.addSubnet(address, bits, family);
  }
}

/** AWS_CA_BUNDLE takes the place of the usual authorities, as for the AWS CLI; those of NODE_EXTRA_CA_CERTS stay trusted. None: the usual ones. */
function authoritiesOf(env: Environment): readonly string[] {
  const bundle = env["AWS_CA_BUNDLE"];
  const extra = env["NODE_EXTRA_CA_CERTS"];
  if (!bundle) return [];
  const own = readBundle("AWS_CA_BUNDLE", bundle);
  return extra && extra !== bundle ? [own, readBundle("NODE_EXTRA_CA_CERTS", extra)] : [own];
}

function readBundle(name: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new InputError(`${name} names a file that cannot be read: ${path}`, { cause });
  }
}
