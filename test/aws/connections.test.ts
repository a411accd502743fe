import { createServer, request } from "node:https";
import type { AddressInfo, LookupFunction } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { agentsOf } from "../../src/aws/connections.ts";
import { authority, openProxy, serverIdentity } from "../support/proxy.ts";

/** A server that answers with its name, and can be reached under any name of its certificate. */
async function openServer(): Promise<number> {
  const server = createServer(serverIdentity, (_, response) => response.end("the server itself"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const toLoopback: LookupFunction = (_name, _options, found) => found(null, [{ address: "127.0.0.1", family: 4 }]);

/** Who answers a request to a host. */
function ask(host: string, port: number, env: Readonly<Record<string, string>>): Promise<string> {
  const { httpsAgent } = agentsOf(env);
  return new Promise((resolve, reject) => {
    const options = { host, port, lookup: toLoopback, servername: "eks.us-west-2.amazonaws.com" };
    const asking = request({ ...options, ...(httpsAgent && { agent: httpsAgent }) }, (answer) => {
      let text = "";
      answer.on("data", (chunk: Buffer) => (text += chunk.toString()));
      answer.on("end", () => {
        httpsAgent?.destroy();
        resolve(text);
      });
    });
    asking.on("error", reject);
    asking.end();
  });
}

const eks = "eks.us-west-2.amazonaws.com";
const server = "the server itself";
const proxy = "the proxy";

it.each([
  ["", eks, proxy],
  ["*", eks, server],
  [eks, eks, server],
  ["amazonaws.com", eks, server],
  [".amazonaws.com", eks, server],
  ["*.amazonaws.com", eks, server],
  ["other.com, AMAZONAWS.com ,third.com", eks, server],
  ["zonaws.com", eks, proxy],
  ["sts.us-west-2.amazonaws.com", eks, proxy],
  ["amazonaws.com:1", eks, proxy],
  ["amazonaws.com:PORT", eks, server],
  // Every address of this machine's own, and none of those that are direct anyway.
  ["0.0.0.0/8", "0.0.0.0", server],
  ["0.0.0.0", "0.0.0.0", server],
  ["10.0.0.0/8", "11.1.2.3", proxy],
  ["10.0.0.0/99, fd00::/nonsense", "10.1.2.3", proxy],
  ["", "localhost", server],
  ["", "127.0.0.1", server],
])("NO_PROXY=%j: %s is answered by %s", async (list, host, who) => {
  const port = await openServer();
  const { url } = await openProxy({
    upstream: "http://nowhere.invalid",
    answer(_host, _body, _incoming, response) {
      response.end(proxy);
      return true;
    },
  });
  const noProxy = list.replace("PORT", String(port));
  const env = { HTTPS_PROXY: url, no_proxy: noProxy, NO_PROXY: "*", AWS_CA_BUNDLE: authority };
  expect(await ask(host, port, list === "" ? { ...env, NO_PROXY: "" } : env)).toBe(who);
});
