import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openShell } from "./harness.ts";

const shell = openShell();
afterAll(() => shell.remove());

const leaves = [
  "create cluster",
  "create nodegroup",
  "create fargateprofile",
  "create addon",
  "create accessentry",
  "create podidentityassociation",
  "create iamserviceaccount",
  "plan",
  "apply",
  "validate",
  "get cluster",
  "get nodegroup",
  "get addon",
  "get accessentry",
  "get podidentityassociation",
  "get iamserviceaccount",
  "get identityprovider",
  "update addon",
  "update accessentry",
  "update podidentityassociation",
  "update iamserviceaccount",
  "associate identityprovider",
  "disassociate identityprovider",
  "scale nodegroup",
  "upgrade nodegroup",
  "delete cluster",
  "delete nodegroup",
  "delete fargateprofile",
  "delete addon",
  "delete accessentry",
  "delete podidentityassociation",
  "delete iamserviceaccount",
  "utils write-kubeconfig",
  "utils associate-iam-oidc-provider",
  "utils schema",
  "utils iam-policy",
  "utils show-userdata",
  "utils describe-cluster-versions",
  "token",
  "sandbox serve",
  "sandbox reset",
  "completion",
  "version",
];

describe("help", () => {
  it.each(leaves)("%s --help shows examples on stdout", async (command) => {
    const { code, stdout, stderr } = await shell.run(...command.split(" "), "--help");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`Usage: ekstool ${command}`);
    expect(stdout).toContain(`$ ekstool ${command}`);
    expect(stdout).toContain("--sandbox");
  });

  it("shows the tree for no argument, --help and help", async () => {
    const bare = await shell.run();
    expect(bare.code).toBe(0);
    expect(bare.stdout).toContain("create and run".replace("c", "C"));
    expect((await shell.run("--help")).stdout).toBe(bare.stdout);
    expect((await shell.run("help")).stdout).toBe(bare.stdout);
    expect((await shell.run("help", "create", "cluster")).stdout).toBe(
      (await shell.run("create", "cluster", "--help")).stdout,
    );
  });
});

describe("version", () => {
  it("prints one line, or JSON", async () => {
    expect((await shell.run("version")).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await shell.run("--version")).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(JSON.parse((await shell.run("version", "-o", "json")).stdout)).toHaveProperty("version");
    expect((await shell.run("-o", "yaml", "version")).stdout).toMatch(/^version: /);
  });
});

describe("a wrong command line", () => {
  it.each([
    [["frobnicate"], "unknown command 'frobnicate'"],
    [["create"], "say what to work on"],
    [["create", "clutser"], "Did you mean cluster?"],
    [["create", "cluster", "--nmae", "x"], "unknown option '--nmae'"],
    [["create", "cluster", "--nodes", "two"], "whole number"],
    [["create", "cluster", "--nodes"], "argument missing"],
    [["create", "cluster", "a", "--name", "b"], "the name is given twice"],
    [["create", "cluster", "--vpc-from-kops-cluster"], "--vpc-from-kops-cluster is not supported: name its subnets"],
    [["create", "cluster", "--cfn-role-arn", "x"], "no CloudFormation stack"],
    [["create", "cluster", "--tags", "novalue"], "Write key=value"],
    [["create", "cluster", "-f", "f", "--name", "x"], "cannot use --name when --config-file/-f is set"],
    [["create", "cluster", "-f", "f", "--region", "x"], "cannot use --region when --config-file/-f is set"],
    [["create", "cluster", "-f", "f", "--nodes", "2"], "cannot use --nodes when --config-file/-f is set"],
    [["create", "nodegroup", "--cluster", "c", "--include", "x"], "unless --config-file/-f is set"],
    [["create", "cluster", "-f", "missing.yaml"], "missing.yaml"],
    [["plan"], "--config-file/-f must be set"],
    [["get", "cluster", "-o", "xml"], "Allowed choices are table, json, yaml"],
    [["delete", "cluster"], "--name must be set"],
    [["scale", "nodegroup", "--cluster", "c", "--name", "n"], "say how many nodes"],
    [["get", "cluster", "--timeout", "soon"], "write a duration"],
    [["get", "cluster", "--sandbox-speed", "0"], "above 0"],
    [["completion", "tcsh"], "no completion for tcsh"],
  ])("%j is refused with one clear line", async (argv, message) => {
    const { code, stdout, stderr } = await shell.run(...argv);
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe("completion", () => {
  it.each(["bash", "zsh", "fish"])("%s knows verbs, nouns and options", async (name) => {
    const { code, stdout } = await shell.run("completion", name);
    expect(code).toBe(0);
    for (const word of ["nodegroup", "write-kubeconfig", "without-nodegroup", "expect-account"]) {
      expect(stdout).toContain(word);
    }
  });

  it("completes in a real bash", async () => {
    const script = join(shell.directory, "completion.bash");
    writeFileSync(script, (await shell.run("completion", "bash")).stdout);
    const complete = (...words: readonly string[]) =>
      execFileSync("bash", [
        "-c",
        `source ${script}; COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _ekstool; echo "\${COMPREPLY[*]}"`,
      ])
        .toString()
        .trim()
        .split(" ");
    expect(complete("ekstool", "cr")).toEqual(["create"]);
    expect(complete("ekstool", "create", "clu")).toEqual(["cluster"]);
    expect(complete("ekstool", "create", "ng", "--incl")).toEqual(["--include"]);
    expect(complete("ekstool", "create", "cluster", "--without")).toEqual(["--without-nodegroup"]);
    expect(complete("ekstool", "create", "cluster", "-o", "j")).toEqual(["json"]);
    expect(complete("ekstool", "--region", "x", "get", "add")).toEqual(["addon"]);
  });
});
