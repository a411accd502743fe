import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseYaml } from "../../src/yaml.ts";
import { example } from "../support/account.ts";
import { openShell } from "./harness.ts";

const shell = openShell();
const file = join(shell.directory, "cluster.yaml");
beforeAll(() => writeFileSync(file, example("quickstart.yaml")));
afterAll(() => shell.remove());

const policy = (...more: readonly string[]) => shell.run("utils", "iam-policy", "-f", file, ...more);

describe("utils iam-policy", () => {
  it("prints a document as IAM takes it, without asking AWS anything", async () => {
    const { code, stdout, stderr } = await policy("--for", "upgrade");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ Version: "2012-10-17", Statement: expect.any(Array) as unknown });
  });

  it("prints all of several documents in a list, and says so; or one of them", async () => {
    const all = await policy("--for", "create");
    expect(all.stderr).toMatch(/^note: this takes 3 managed policies/);
    const documents = JSON.parse(all.stdout) as unknown[];
    expect(documents).toHaveLength(3);
    const second = await policy("--for=create", "--document", "2");
    expect(second.stderr).toBe("");
    expect(JSON.parse(second.stdout)).toEqual(documents[1]);
    expect(await policy("--for", "create", "--document", "4")).toMatchObject({
      code: 3,
      stderr: "error: there is no document 4\n  hint: the policy has 3\n",
    });
  });

  it("takes several purposes, and an account", async () => {
    const { stdout } = await policy("--for", "read,delete", "--account", "111122223333", "-o", "yaml");
    const text = JSON.stringify(parseYaml(stdout).value);
    expect(text).toContain("arn:aws:eks:us-west-2:111122223333:cluster/quickstart");
    expect(text).toContain("ec2:DeleteVpc");
  });

  it("says of each action why it is needed", async () => {
    const { code, stdout } = await policy("--for", "create", "-o", "table");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ACTION +NEED +RESOURCE +ONLY WHERE +WHY\n/);
    expect(stdout).toMatch(
      /\niam:PassRole +required +\S+quickstart\/\* +iam:PassedToService is \S+ +the role is handed/,
    );
    expect(stdout).toMatch(/\nec2:DeleteVpc +conditional .* when a creation fails/);
    const read = await policy("--for", "read", "-o", "table");
    expect(read.stdout).toMatch(/\nsts:AssumeRole +conditional .* when `token --role-arn` is used/);
  });

  it.each([
    [["--for", "create,fly"], "--for fly is not known"],
    [[], "--for must be set"],
    [["--for", "create", "--account", "me"], "--account me is not the id of an AWS account"],
  ])("%s is refused: %s", async (more, message) => {
    const { code, stdout, stderr } = await policy(...more);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toContain(`error: ${message}`);
  });
});
