import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { InputError } from "../../src/errors.ts";
import {
  addToKubeconfig,
  parseKubeconfig,
  removeFromKubeconfig,
} from "../../src/resources/local/kubeconfig-document.ts";

const ours = "blue.us-west-2.eksctl.io";
const context = `me@${ours}`;
const additions = {
  clusters: { [ours]: { "certificate-authority-data": "Q0E=", server: "https://blue.example" } },
  contexts: { [context]: { cluster: ours, user: context } },
  users: { [context]: { exec: { apiVersion: "client.authentication.k8s.io/v1", command: "ekstool" } } },
  currentContext: context,
};
const removals = { clusters: [ours], contexts: [context], users: [context], currentContexts: [context] };

const foreign = `# my clusters
apiVersion: v1
kind: Config
preferences: {}
current-context: home # the one at home
clusters:
- cluster:
    server: https://home.example # behind the router
  name: home
contexts:
- context:
    cluster: home
    user: home
  name: home
users:
- name: home
  user:
    token: secret # do not share
`;

/** What people have in their files, as text; every one is to be merged into. */
const uglyFiles: Readonly<Record<string, string>> = {
  "an empty file": "",
  "a file with nothing but a comment": "# nothing here yet\n",
  "a null document": "null\n",
  "a document mark alone": "---\n",
  "null lists, as kubectl writes them":
    'apiVersion: v1\nclusters: null\ncontexts: null\ncurrent-context: ""\nkind: Config\npreferences: {}\nusers: null\n',
  "lists without a value": "apiVersion: v1\nkind: Config\nclusters:\ncontexts:\nusers:\n",
  "empty flow lists": "apiVersion: v1\nkind: Config\nclusters: []\ncontexts: []\nusers: []\n",
  "someone else's entries with comments": foreign,
  "indented lists": foreign.replaceAll(/^(?=- | {2})/gm, "  "),
  "CRLF line ends": foreign.replaceAll("\n", "\r\n"),
  "a byte order mark": `\uFEFF${foreign}`,
  JSON: JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "home", cluster: { server: "https://home.example" } }],
    contexts: [],
    users: [],
  }),
  "anchors and merge keys": `apiVersion: v1
kind: Config
defaults: &defaults
  server: https://home.example
clusters:
- name: home
  cluster:
    <<: *defaults
    insecure-skip-tls-verify: true
contexts: &none []
users: *none
`,
  "an older entry of ours, twice": `clusters:
# the blue one
- {name: ${ours}, cluster: {server: "https://old.example"}}
- {name: home, cluster: {server: "https://home.example"}}
- {name: ${ours}, cluster: {server: "https://older.example"}}
`,
  "keys of other tools": `${foreign}extensions:\n- name: minikube.sigs.k8s.io\n  extension:\n    version: v1\n`,
};

const home = mkdtempSync(join(tmpdir(), "ekstool-kubeconfig-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const kubectl = findKubectl();

function findKubectl(): ((text: string) => unknown) | undefined {
  try {
    execFileSync("kubectl", ["version", "--client"], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  return (text) => {
    const path = join(home, "config");
    writeFileSync(path, text);
    const args = ["config", "view", "--raw", "-o", "json", "--kubeconfig", path];
    return JSON.parse(execFileSync("kubectl", args, { encoding: "utf8" }));
  };
}

describe("a kubeconfig", () => {
  it.each(Object.entries(uglyFiles))("takes our entry: %s", (_, text) => {
    const before = parseKubeconfig(text, "config");
    const merged = addToKubeconfig(text, "config", additions);
    const after = parseKubeconfig(merged, "config");
    expect(after.currentContext).toBe(context);
    for (const section of ["clusters", "contexts", "users"] as const) {
      expect(Object.fromEntries(after[section])).toEqual({
        ...Object.fromEntries(before[section]),
        ...additions[section],
      });
    }
  });

  it.each(Object.entries(uglyFiles))("is the same text when the entry is put in again: %s", (_, text) => {
    const once = addToKubeconfig(text, "config", additions);
    expect(addToKubeconfig(once, "config", additions)).toBe(once);
  });

  it.each(Object.entries(uglyFiles))("gives our entry back and nothing else: %s", (_, text) => {
    const removed = removeFromKubeconfig(addToKubeconfig(text, "config", additions), "config", removals);
    const before = parseKubeconfig(text, "config");
    const after = parseKubeconfig(removed, "config");
    expect(after.currentContext).toBe("");
    for (const section of ["clusters", "contexts", "users"] as const) {
      const others = [...before[section]].filter(([name]) => name !== ours && name !== context);
      expect(Object.fromEntries(after[section])).toEqual(Object.fromEntries(others));
    }
  });

  it.skipIf(!kubectl).each(Object.entries(uglyFiles))("is read by kubectl after a merge: %s", (_, text) => {
    expect(kubectl?.(addToKubeconfig(text, "config", additions))).toMatchObject({
      "current-context": context,
      clusters: expect.arrayContaining([{ name: ours, cluster: additions.clusters[ours] }]) as unknown,
      contexts: expect.arrayContaining([{ name: context, context: { cluster: ours, user: context } }]) as unknown,
    });
  });

  it("keeps comments, order and the style of lists", () => {
    const merged = addToKubeconfig(foreign, "config", additions);
    const kept = merged.split("\n").filter((line) => foreign.split("\n").includes(line));
    const changed = foreign.split("\n").filter((line) => !kept.includes(line));
    expect(changed).toEqual(["current-context: home # the one at home"]);
    expect(merged).toContain("# the one at home");
  });

  it("keeps CRLF line ends everywhere", () => {
    const merged = addToKubeconfig(foreign.replaceAll("\n", "\r\n"), "config", additions);
    expect(merged.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  });

  it("starts with what kubectl expects", () => {
    expect(addToKubeconfig("", "config", { currentContext: "" })).toBe(
      'apiVersion: v1\ncurrent-context: ""\nkind: Config\n',
    );
  });

  it("does not fold a long certificate", () => {
    const certificate = "QUJD".repeat(400);
    const text = addToKubeconfig("", "config", { clusters: { [ours]: { "certificate-authority-data": certificate } } });
    expect(text).toContain(`certificate-authority-data: ${certificate}\n`);
  });

  it("copies what others refer to when the entry that holds it goes", () => {
    const text = `clusters:
- &blue
  name: ${ours}
  cluster: &body {server: https://blue.example}
- name: alias
  cluster: *body
`;
    const removed = removeFromKubeconfig(text, "config", removals);
    expect(Object.fromEntries(parseKubeconfig(removed, "config").clusters)).toEqual({
      alias: { server: "https://blue.example" },
    });
  });

  it.each([
    ["broken YAML", "clusters: [\n", /config is not a kubeconfig that can be read: .*line 2/],
    ["a list", "- a\n- b\n", /it is not a mapping/],
    ["plain words", "hello world\n", /it is not a mapping/],
    ["two documents", "a: 1\n---\nb: 2\n", /multiple documents/],
    ["lists that are none", "clusters: {a: 1}\n", /its clusters are not a list/],
    ["binary", "\0\u0001\u0002", /is not a kubeconfig/],
  ])("is refused with the file's name: %s", (_, text, message) => {
    expect(() => parseKubeconfig(text, "config")).toThrow(InputError);
    expect(() => addToKubeconfig(text, "config", additions)).toThrow(message);
  });
});
