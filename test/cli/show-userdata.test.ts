import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { example } from "../support/account.ts";
import { openShell } from "./harness.ts";

const shell = openShell();
const file = join(shell.directory, "cluster.yaml");
beforeAll(() => writeFileSync(file, example("node-bootstrap.yaml")));
afterAll(() => shell.remove());

const show = (nodegroup: string) => shell.run("utils", "show-userdata", "-f", file, "--nodegroup", nodegroup);

describe("utils show-userdata", () => {
  it("prints what the nodes are told, without asking AWS anything", async () => {
    const { code, stdout, stderr } = await show("own-image");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^MIME-Version: 1\.0\n/);
    expect(stdout).toContain('"apiServerEndpoint": "{{cluster.endpoint}}"');
    expect((await show("bottlerocket")).stdout).toMatch(/^\[settings\]\nmotd = "Mind the step"\n/);
  });

  it("says which nodegroups there are", async () => {
    const { code, stderr } = await show("nobody");
    expect(code).toBe(3);
    expect(stderr).toContain("the file has no nodegroup nobody");
    expect(stderr).toContain("amazon-linux, own-image, bottlerocket, ubuntu, windows");
  });
});
