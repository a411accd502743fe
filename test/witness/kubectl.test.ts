import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eksTokenKey } from "../../src/sandbox/services/sts/eks-token.ts";
import { type Account, openAccount } from "./account.ts";
import { programs } from "./programs.ts";

const cluster = "quickstart";
const region = "us-west-2";
const context = `sandbox@${cluster}.${region}.eksctl.io`;

interface Kubeconfig {
  readonly clusters: readonly { readonly name: string; readonly cluster: Readonly<Record<string, string>> }[];
  readonly contexts: readonly { readonly name: string }[];
  readonly "current-context": string;
}

describe.skipIf(!programs.aws || !programs.kubectl)("kubectl", () => {
  let account: Account;
  let byUs: string;
  let byAws: string;
  const view = async (path: string) => {
    const { stdout } = await account.kubectl("config", "view", "--raw", "-o", "json", "--kubeconfig", path);
    return JSON.parse(stdout) as Kubeconfig;
  };

  beforeAll(async () => {
    account = await openAccount(region);
    await account.ekstoolJson("create", "cluster", "-f", `examples/${cluster}.yaml`, "--yes");
    byUs = join(account.home, "kubeconfig");
    byAws = join(account.home, "kubeconfig-of-aws");
    await account.awsText(["eks", "update-kubeconfig", "--name", cluster, "--kubeconfig", byAws]);
  });
  afterAll(() => account.close());

  it("is given the same cluster by ekstool and by the AWS CLI", async () => {
    const [ours, theirs] = [await view(byUs), await view(byAws)];
    expect(ours.clusters).toHaveLength(1);
    expect(ours.clusters[0]?.cluster).toEqual(theirs.clusters[0]?.cluster);
    expect(ours["current-context"]).toBe(context);
    expect((await account.kubectl("config", "current-context")).stdout.trim()).toBe(context);
    expect((await account.kubectl("config", "get-contexts", "-o", "name")).stdout.trim()).toBe(context);
  });

  it("reads a file that both have written to", async () => {
    await account.ekstoolJson("utils", "write-kubeconfig", "--cluster", cluster, "--kubeconfig", byAws);
    const both = await view(byAws);
    const arn = `arn:aws:eks:${region}:111122223333:cluster/${cluster}`;
    expect(both.contexts.map(({ name }) => name).toSorted()).toEqual([arn, context]);
    expect(both["current-context"]).toBe(context);
    expect(both.clusters[0]?.cluster).toEqual(both.clusters[1]?.cluster);
  });

  it.skipIf(!hasOpenssl())("logs in with the tokens that either of them gets", async () => {
    const api = await openApi(account.home);
    try {
      for (const path of [byUs, byAws]) {
        const target = ["--server", api.url, "--insecure-skip-tls-verify", "--kubeconfig", path];
        const { status, stderr } = await account.kubectl("get", "--raw", "/version", ...target);
        expect([status, stderr]).toEqual([0, ""]);
        expect(eksTokenKey(api.tokens.at(-1) ?? "", cluster)).toBe("sandbox");
      }
      expect(api.tokens).toHaveLength(2);
    } finally {
      api.close();
    }
  });

  it("finds nothing of ours when the cluster is deleted", async () => {
    await account.ekstoolJson("delete", "cluster", "--name", cluster, "--yes");
    expect((await account.kubectl("config", "get-contexts", "-o", "name")).stdout).toBe("");
    expect((await view(byUs)).clusters ?? []).toEqual([]);
  });
});

function hasOpenssl(): boolean {
  return spawnSync("openssl", ["version"]).status === 0;
}

/** Stands where a cluster's Kubernetes API would be, and keeps the tokens that come. */
async function openApi(home: string) {
  const [key, cert] = [join(home, "api.key"), join(home, "api.crt")];
  const subject = ["-subj", "/CN=api", "-days", "1"];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, ...subject], {
    stdio: "ignore",
  });
  const tokens: string[] = [];
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    tokens.push((request.headers.authorization ?? "").replace(/^Bearer /, ""));
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `https://127.0.0.1:${port}`, tokens, close: () => server.close() };
}
