import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type Sandbox, sandboxCredentials } from "../../src/sandbox/index.ts";
import { startTestSandbox } from "../support/sandbox.ts";
import { authority, openProxy } from "../support/proxy.ts";
import type { Ran } from "./harness.ts";

const tool = new URL("../../bin/ekstool.js", import.meta.url).pathname;
const region = "us-west-2";

let sandbox: Sandbox;
let home: string;

beforeEach(async () => {
  sandbox = await startTestSandbox();
  home = mkdtempSync(join(tmpdir(), "ekstool-proxy-"));
  mkdirSync(join(home, ".aws", "sso", "cache"), { recursive: true });
  return async () => {
    await sandbox.close();
    rmSync(home, { recursive: true, force: true });
  };
});

const keys = {
  AWS_ACCESS_KEY_ID: sandboxCredentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: sandboxCredentials.secretAccessKey,
};

/** Runs the built tool, as if there were AWS behind the environment's proxy. */
async function run(env: Readonly<Record<string, string>>, ...argv: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, [tool, ...argv], {
    env: { HOME: home, AWS_REGION: region, AWS_EC2_METADATA_DISABLED: "true", PATH: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill());
  const ended = new Promise<number>((resolve) => child.on("close", (code) => resolve(code ?? -1)));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}

const file = `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: ${region} }
managedNodeGroups:
  - { name: workers, desiredCapacity: 2 }
`;

describe("behind a proxy with an authority of its own", () => {
  const everything = ["ec2", "eks", "events", "logs", "sqs", "sts"].map(
    (service) => `${service}.${region}.amazonaws.com`,
  );

  it.each(["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])("%s is how AWS is reached, whole", async (name) => {
    const proxy = await openProxy({ upstream: sandbox.endpoint });
    const config = join(home, "cluster.yaml");
    writeFileSync(config, file);
    const env = { ...keys, [name]: proxy.url, NODE_EXTRA_CA_CERTS: authority };
    const { code, stderr } = await run(env, "plan", "-f", config);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: "" });
    expect([...proxy.tunnels].toSorted()).toEqual(
      [...everything, "cloudformation.us-west-2.amazonaws.com", "iam.amazonaws.com"].toSorted(),
    );
  });

  it("AWS_CA_BUNDLE names the authority, too", async () => {
    const proxy = await openProxy({ upstream: sandbox.endpoint });
    const env = { ...keys, HTTPS_PROXY: proxy.url, AWS_CA_BUNDLE: authority };
    expect(await run(env, "get", "cluster")).toMatchObject({ code: 0, stderr: "" });
  });

  it("an authority that nobody has named is told of", async () => {
    const proxy = await openProxy({ upstream: sandbox.endpoint });
    const { code, stderr } = await run({ ...keys, HTTPS_PROXY: proxy.url }, "get", "cluster");
    expect(code).toBe(1);
    expect(stderr).toMatch(/UNABLE_TO_|SELF_SIGNED/);
    expect(stderr).toContain("NODE_EXTRA_CA_CERTS or AWS_CA_BUNDLE");
  });

  it("endpoints without TLS go through HTTP_PROXY; this machine's go through none", async () => {
    const proxy = await openProxy({ upstream: sandbox.endpoint });
    const env = { ...keys, HTTP_PROXY: proxy.url };
    expect(await run({ ...env, AWS_ENDPOINT_URL: "http://aws.test" }, "get", "cluster")).toMatchObject({ code: 0 });
    expect([...proxy.tunnels]).toEqual(["aws.test"]);
    proxy.tunnels.clear();
    expect(await run({ ...env, AWS_ENDPOINT_URL: sandbox.endpoint }, "get", "cluster")).toMatchObject({ code: 0 });
    expect(await run(env, "get", "cluster", `--sandbox=${sandbox.endpoint}`)).toMatchObject({ code: 1 });
    expect([...proxy.tunnels]).toEqual([]);
  });

  it("who the proxy lets through is in its URL, and nowhere else", async () => {
    const proxy = await openProxy({ upstream: sandbox.endpoint, user: "jo:pa ss" });
    const withUser = (user: string) => proxy.url.replace("//", `//${user}@`);
    const env = { ...keys, AWS_CA_BUNDLE: authority };
    expect(await run({ ...env, HTTPS_PROXY: withUser("jo:pa%20ss") }, "get", "cluster")).toMatchObject({ code: 0 });
    const refused = await run({ ...env, HTTPS_PROXY: withUser("jo:wrongsecret") }, "get", "cluster", "-v");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`does not connect to eks.${region}.amazonaws.com:443: 407`);
    expect(refused.stderr).toContain("Check HTTPS_PROXY");
    expect(refused.stderr).not.toContain("wrongsecret");
  });

  it.each([
    [
      { HTTPS_PROXY: "socks5://jo:wrongsecret@127.0.0.1:1" },
      "the proxy that HTTPS_PROXY or ALL_PROXY names is no HTTP proxy",
    ],
    [{ AWS_CA_BUNDLE: "/nowhere.pem" }, "AWS_CA_BUNDLE names a file that cannot be read: /nowhere.pem"],
  ])("%j is an error of the input", async (env, message) => {
    const { code, stderr } = await run({ ...keys, ...env }, "get", "cluster");
    expect(code).toBe(3);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("wrongsecret");
  });
});

describe("the way to the credentials goes through the proxy, too", () => {
  const session = { key: sandboxCredentials.accessKeyId, secret: sandboxCredentials.secretAccessKey };

  it("for a role that a profile assumes", async () => {
    const proxy = await openProxy({
      upstream: sandbox.endpoint,
      answer(_host, body, _incoming, response) {
        if (!body.includes("Action=AssumeRole")) return false;
        response.writeHead(200, { "content-type": "text/xml" }).end(assumedRole(session));
        return true;
      },
    });
    writeFileSync(
      join(home, ".aws", "config"),
      `[profile admin]\nrole_arn = arn:aws:iam::111122223333:role/admin\nsource_profile = base\nregion = ${region}\n`,
    );
    writeFileSync(
      join(home, ".aws", "credentials"),
      "[base]\naws_access_key_id = sandbox\naws_secret_access_key = sandbox\n",
    );
    const env = { HTTPS_PROXY: proxy.url, AWS_CA_BUNDLE: authority };
    expect(await run(env, "get", "cluster", "--profile", "admin")).toMatchObject({ code: 0, stderr: "" });
    expect([...proxy.tunnels].toSorted()).toEqual([`eks.${region}.amazonaws.com`, `sts.${region}.amazonaws.com`]);
  });

  it("for single sign-on; a session that is over says what to type", async () => {
    const proxy = await openProxy({
      upstream: sandbox.endpoint,
      answer(host, _body, incoming, response) {
        if (!host.startsWith("portal.sso.")) return false;
        expect(incoming.headers["x-amz-sso_bearer_token"]).toBe("bearer");
        const roleCredentials = {
          accessKeyId: session.key,
          secretAccessKey: session.secret,
          sessionToken: "token",
          expiration: Date.now() + 3_600_000,
        };
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ roleCredentials }));
        return true;
      },
    });
    const start = "https://example.awsapps.test/start";
    writeFileSync(
      join(home, ".aws", "config"),
      `[profile dev]\nsso_session = work\nsso_account_id = 111122223333\nsso_role_name = admin\nregion = ${region}\n` +
        `[sso-session work]\nsso_start_url = ${start}\nsso_region = ${region}\n`,
    );
    const cache = join(home, ".aws", "sso", "cache", `${createHash("sha1").update("work").digest("hex")}.json`);
    const signIn = (expiresAt: string) =>
      writeFileSync(cache, JSON.stringify({ accessToken: "bearer", expiresAt, region, startUrl: start }));
    const env = { HTTPS_PROXY: proxy.url, AWS_CA_BUNDLE: authority };
    signIn("2120-01-01T00:00:00Z");
    expect(await run(env, "get", "cluster", "--profile", "dev")).toMatchObject({ code: 0, stderr: "" });
    expect([...proxy.tunnels].toSorted()).toEqual([
      `eks.${region}.amazonaws.com`,
      `portal.sso.${region}.amazonaws.com`,
    ]);
    signIn("2020-01-01T00:00:00Z");
    const over = await run(env, "get", "cluster", "--profile", "dev");
    expect(over.code).toBe(1);
    expect(over.stderr).toContain("hint: Sign in again with `aws sso login`");
    expect(over.stderr).not.toContain("bearer");
  });
});

function assumedRole({ key, secret }: { readonly key: string; readonly secret: string }): string {
  return `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
<AssumedRoleUser><AssumedRoleId>AROA:s</AssumedRoleId><Arn>arn:aws:sts::111122223333:assumed-role/admin/s</Arn></AssumedRoleUser>
<Credentials><AccessKeyId>${key}</AccessKeyId><SecretAccessKey>${secret}</SecretAccessKey><SessionToken>t</SessionToken>
<Expiration>2120-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
}
