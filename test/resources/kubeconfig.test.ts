import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createContext, type AwsContext } from "../../src/aws/context.ts";
import { createClients } from "../../src/aws/clients.ts";
import { virtualClock } from "../../src/clock.ts";
import {
  clusterEntryName,
  contextName,
  kubeconfig,
  kubeconfigId,
  type KubeconfigDeps,
  type KubeconfigSpec,
} from "../../src/resources/local/kubeconfig.ts";

const owner = { region: "us-west-2", cluster: "blue" };
const spec: KubeconfigSpec = {
  context: contextName("me", owner),
  setCurrent: true,
  exec: { command: "ekstool", args: ["token", "--cluster-name", "blue"], env: { AWS_PROFILE: "work" } },
};
const deps: KubeconfigDeps = {
  cluster: { name: "blue", endpoint: "https://blue.example", certificateAuthority: "Q0E=", apiId: "blue" },
};
const want = { id: kubeconfigId, name: spec.context, token: "t", spec, deps };

/** kubectl's own reading of a list of files, where there is a kubectl. */
function kubectlView(files: readonly string[]): unknown {
  try {
    const env = { ...process.env, KUBECONFIG: files.join(":") };
    return JSON.parse(execFileSync("kubectl", ["config", "view", "--raw", "-o", "json"], { env, encoding: "utf8" }));
  } catch {
    return undefined;
  }
}

let home = "";
let first = "";
let second = "";
let ctx: AwsContext;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "ekstool-kubeconfig-"));
  [first, second] = [join(home, "first"), join(home, "second")];
  ctx = context([first]);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** The kind asks nothing of AWS. */
function context(files: readonly string[]): AwsContext {
  const clock = virtualClock();
  const clients = createClients({ region: owner.region, clock, version: "test" });
  return createContext({ owner, account: "111122223333", partition: "aws", clients, clock, kubeconfig: files });
}

const read = (path: string) => readFileSync(path, "utf8");
const list = () => kubeconfig.list(ctx);

describe("the kubeconfig entry", () => {
  it("has eksctl's names", () => {
    expect(clusterEntryName(owner)).toBe("blue.us-west-2.eksctl.io");
    expect(contextName("me", owner)).toBe("me@blue.us-west-2.eksctl.io");
  });

  it("is absent, then made, then found with what it was made of", async () => {
    expect(await list()).toEqual([]);
    expect(await kubeconfig.create(want, ctx)).toEqual({ ref: first });
    const [live] = await list();
    expect(live).toMatchObject({ id: kubeconfigId, ref: first, owner: "us", phase: "ready" });
    expect(live?.attrs).toEqual({
      path: first,
      contexts: [spec.context],
      context: spec.context,
      endpoint: "https://blue.example",
      certificateAuthority: "Q0E=",
      current: true,
      exec: spec.exec,
    });
    expect(await kubeconfig.read(first, ctx)).toEqual(live);
  });

  it("is what kubectl needs to run the exec plugin", async () => {
    await kubeconfig.create(want, ctx);
    const seen = kubectlView([first]);
    if (!seen) return expect(read(first)).toContain("client.authentication.k8s.io/v1\n");
    expect(seen).toHaveProperty("users", [
      {
        name: spec.context,
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1",
            command: "ekstool",
            args: ["token", "--cluster-name", "blue"],
            env: [{ name: "AWS_PROFILE", value: "work" }],
            interactiveMode: "IfAvailable",
            provideClusterInfo: false,
          },
        },
      },
    ]);
  });

  it("has no differences right after it was made, and leaves the user's choice of a context alone", async () => {
    await kubeconfig.create(want, ctx);
    writeFileSync(first, read(first).replace(/^current-context: .*$/m, "current-context: home"));
    const [live] = await list();
    const differences = Object.entries(kubeconfig.aspects).filter(
      ([, aspect]) => live && aspect.want(spec, deps) !== aspect.have(live.attrs, aspect.want(spec, deps)),
    );
    expect(differences).toEqual([]);
    expect(live?.attrs.current).toBe(false);
  });

  it("is not made current when that is not asked for", async () => {
    await kubeconfig.create({ ...want, spec: { ...spec, setCurrent: false } }, ctx);
    expect((await list())[0]?.attrs.current).toBe(false);
    expect(read(first)).not.toContain("current-context");
  });

  it("goes to the path that is asked for", async () => {
    const path = join(home, "own");
    expect(await kubeconfig.create({ ...want, spec: { ...spec, path } }, ctx)).toEqual({ ref: path });
    expect(await list()).toEqual([]);
    expect((await kubeconfig.read(path, ctx))?.attrs.endpoint).toBe("https://blue.example");
  });

  it("is made again harmlessly", async () => {
    await kubeconfig.create(want, ctx);
    const before = read(first);
    await kubeconfig.create(want, ctx);
    expect(read(first)).toBe(before);
  });
});

describe("a list of kubeconfig files", () => {
  const home1 = `current-context: home
contexts:
- name: home
  context: {cluster: home, user: home}
`;

  beforeEach(() => {
    ctx = context([first, second]);
  });

  it("gets a new entry in its first file, and the current context where it is decided", async () => {
    writeFileSync(second, home1);
    await kubeconfig.create(want, ctx);
    expect(read(first)).toContain(clusterEntryName(owner));
    expect(read(second)).toContain(`current-context: ${spec.context}`);
    expect((await list())[0]?.attrs.current).toBe(true);
    const seen = kubectlView([first, second]);
    if (seen) expect(seen).toHaveProperty("current-context", spec.context);
  });

  it("keeps each part in the file that holds it already", async () => {
    writeFileSync(
      second,
      `clusters:\n- name: ${clusterEntryName(owner)}\n  cluster: {server: "https://old.example"}\n`,
    );
    expect(await kubeconfig.create(want, ctx)).toEqual({ ref: second });
    expect(read(second)).toContain("https://blue.example");
    expect(await list()).toHaveLength(1);
  });

  it("is left without our entries and with everyone else's", async () => {
    writeFileSync(second, home1);
    await kubeconfig.create(want, ctx);
    const [live] = await list();
    if (live) await kubeconfig.delete(live, ctx);
    expect(await list()).toEqual([]);
    expect(read(first) + read(second)).not.toContain("blue");
    expect(read(second)).toContain("- name: home\n  context: {cluster: home, user: home}\n");
    expect(read(second)).toContain('current-context: ""');
  });

  it("keeps a user that another context uses too, and other users' contexts go with the cluster", async () => {
    await kubeconfig.create(want, ctx);
    writeFileSync(
      second,
      `contexts:
- name: shared
  context: {cluster: home, user: ${spec.context}}
- name: colleague
  context: {cluster: ${clusterEntryName(owner)}, user: colleague}
users:
- name: colleague
  user: {token: x}
`,
    );
    const [live] = await list();
    expect(live?.attrs.contexts).toEqual(["colleague", spec.context]);
    if (live) await kubeconfig.delete(live, ctx);
    expect(read(first)).toContain(`name: ${spec.context}`);
    expect(read(second)).not.toContain("colleague");
    expect(read(second)).toContain("shared");
  });

  it("does not touch files that hold nothing of ours", async () => {
    const untidy = "clusters:   [ ]\ncontexts:   [ ]\n";
    writeFileSync(second, untidy);
    await kubeconfig.create(want, ctx);
    const [live] = await list();
    if (live) await kubeconfig.delete(live, ctx);
    expect(read(second)).toBe(untidy);
  });
});
