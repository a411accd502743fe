import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { control, joinSandbox } from "../../src/sandbox/client.ts";
import type { JournalEntry } from "../../src/sandbox/index.ts";
import { serveSandbox } from "../../src/sandbox/serve.ts";
import type { WorldState } from "../../src/sandbox/world.ts";
import { parseYaml } from "../../src/yaml.ts";
import { example, parse } from "../support/account.ts";
import { contents, holdings, isMadeByAws, owned } from "../support/holdings.ts";
import { withValue } from "../support/with-value.ts";
import { exampleEdits } from "./example-edits.ts";
import { type Ran, openShell } from "./harness.ts";

/** The tool, and a sandbox that runs already in the directory that it is given. */
export async function openTool() {
  const shell = openShell();
  const account = join(shell.directory, "account");
  const { url, close } = await serveSandbox({ state: account });
  onTestFinished(async () => {
    await close();
    shell.remove();
  });
  const journal = async () => (await control(url, "GET", "journal")) as readonly JournalEntry[];
  return {
    kubeconfig: join(shell.directory, ".kube", "config"),
    /** Writes a file beside the tool. */
    write: (name: string, document: unknown) => {
      const path = join(shell.directory, name);
      writeFileSync(path, JSON.stringify(document));
      return path;
    },
    run: (...argv: readonly string[]) => shell.run(...argv, `--sandbox=${account}`, "--yes", "-o", "json"),
    /** How many requests so far would have changed something. */
    changes: async () => (await journal()).filter((entry) => entry.changes).length,
    /** The operations that changed something, in the order sent. */
    sent: async () =>
      (await journal()).filter((entry) => entry.changes && entry.outcome === "ok").map(({ operation }) => operation),
    world: async () => ({ state: (await control(url, "GET", "world")) as WorldState }),
    /** Lets so much time pass that AWS no longer shows what is gone. */
    rest: async () => {
      const member = await joinSandbox(url);
      await member.clock.sleep(2 * 60 * 60 * 1000);
      await member.leave();
    },
  };
}

/** The document on stdout of a command that has done what it should. */
function documentOf({ code, stdout, stderr }: Ran): Readonly<Record<string, unknown>> {
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
}

const kubectl = (process.env["PATH"] ?? "")
  .split(delimiter)
  .map((directory) => join(directory, "kubectl"))
  .find((file) => existsSync(file));

interface Kubeconfig {
  readonly contexts: readonly { readonly name: string }[];
}

/** A kubeconfig as kubectl reads it; as we read it ourselves where there is no kubectl. */
function readKubeconfig(file: string): Kubeconfig {
  if (kubectl === undefined) return parseYaml(readFileSync(file, "utf8")).value as Kubeconfig;
  const command = ["config", "view", "--raw", "--output=json", "--kubeconfig", file];
  return JSON.parse(execFileSync(kubectl, command, { stdio: ["ignore", "pipe", "ignore"] }).toString()) as Kubeconfig;
}

const something = expect.stringMatching(/./) as string;
const all = (names: readonly string[]) => names.map((name) => expect.objectContaining({ name }) as unknown);

/** From the command line: each example is created, found as it should be, edited, and deleted without a trace. */
export function testLives(names: readonly string[]): void {
  describe.each(names)("%s", (name) => {
    const file = new URL(`../../examples/${name}`, import.meta.url).pathname;
    const { metadata, vpc, addons = [], iam, nodeGroups = [], managedNodeGroups = [] } = parse(example(name));
    const isGiven = vpc?.id !== undefined || vpc?.subnets !== undefined;

    it(
      "is created by one command, is then as it should be, is edited, and is deleted by its name without a trace",
      { timeout: 180_000 },
      async () => {
        const { kubeconfig, run, write, changes, sent, world, rest } = await openTool();
        const [path, to, sends] = exampleEdits[name] ?? ["", undefined, "an edit in example-edits.ts"];
        const edited = write("edited.json", withValue(parseYaml(example(name)).value, path, to));
        // What both take as given is there from now on.
        for (const one of [edited, file]) expect(await run("plan", "-f", one)).toMatchObject({ code: 2 });
        expect(await changes()).toBe(0);
        const atFirst = await world();
        const there = new Set(holdings({ world: atFirst }).map(({ at }) => at));

        const created = documentOf(await run("create", "cluster", "-f", file));
        expect(created).toMatchObject({
          cluster: { name: metadata.name, region: metadata.region, status: "ready", owned: true },
          endpoint: expect.stringMatching(/^https:/) as string,
          vpc: { id: expect.stringMatching(/^vpc-/) as string, ...(isGiven ? {} : { cidr: something }) },
          nodegroups: [...nodeGroups, ...managedNodeGroups].map((group) => ({ name: group.name, status: "ready" })),
          addons: expect.arrayContaining(all(addons.map((addon) => addon.name))) as unknown,
          kubeconfigContext: expect.stringContaining(`@${metadata.name}.${metadata.region}.`) as string,
          timings: { seconds: expect.any(Number) as number },
        });
        expect(created["subnets"]).not.toEqual([]);
        if (iam?.serviceRoleARN === undefined) expect(created["roles"]).not.toEqual([]);
        const made = holdings({ world: await world() }).filter(({ at }) => !there.has(at));
        for (const { at, tags } of made.filter((holding) => !isMadeByAws(holding))) {
          expect({ at, ...tags }).toMatchObject({
            "ekstool.dev/cluster": metadata.name,
            "ekstool.dev/region": metadata.region,
            "ekstool.dev/id": something,
          });
        }

        const view = readKubeconfig(kubeconfig);
        expect(view.contexts.map((context) => context.name)).toEqual([created["kubeconfigContext"]]);
        expect(view).toMatchObject({
          "current-context": created["kubeconfigContext"],
          clusters: [{ cluster: { server: created["endpoint"] } }],
          users: [{ user: { exec: { apiVersion: "client.authentication.k8s.io/v1" } } }],
        });

        const before = await changes();
        documentOf(await run("create", "cluster", "-f", file));
        documentOf(await run("apply", "-f", file));
        expect(documentOf(await run("plan", "-f", file))).toMatchObject({ changes: false });
        expect(await changes()).toBe(before);

        const sentBefore = (await sent()).length;
        documentOf(await run("apply", "-f", edited));
        expect((await sent()).slice(sentBefore)).toContain(sends);
        expect(documentOf(await run("plan", "-f", edited))).toMatchObject({ changes: false });

        const gone = documentOf(await run("delete", "cluster", "--name", metadata.name, "--region", metadata.region));
        expect(gone).toMatchObject({ cluster: metadata.name, leftovers: [] });
        await rest();
        expect((await run("get", "cluster", "--region", metadata.region)).stdout).toBe("[]\n");
        const atLast = await world();
        expect(owned({ world: atLast })).toEqual([]);
        expect(contents({ world: atLast })).toEqual(contents({ world: atFirst }));
      },
    );
  });
}
