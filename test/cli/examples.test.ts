import { describe, expect, it } from "vitest";
import { examples } from "../support/account.ts";
import { openTool, testLives } from "./example-life.ts";

testLives(examples.filter((_, index) => index % 2 === 0));

describe("what a file takes as given", () => {
  const file = new URL("../../examples/given-resources.yaml", import.meta.url).pathname;

  it("is in the sandbox before it is looked for, and is named once", async () => {
    const { run, changes, world } = await openTool();
    const planned = await run("plan", "-f", file);
    expect(planned.code).toBe(2);
    expect(planned.stderr.match(/^note: .*/gm)).toEqual([
      expect.stringMatching(
        /the sandbox now holds: .*:role\/eks-control-plane, .*:role\/eks-nodes, .*, key pair operations, security group sg-\w+$/,
      ),
    ]);
    expect(await changes()).toBe(0);
    expect(Object.keys((await world()).state.iam.roles)).toContain("eks-control-plane");
    expect((await run("plan", "-f", file)).stderr).not.toContain("note:");
  });

  it("is one line of JSON where progress is", async () => {
    const { run } = await openTool();
    const { stderr } = await run("plan", "-f", file, "--progress", "json");
    expect(JSON.parse(stderr.split("\n")[0] ?? "")).toMatchObject({
      type: "given-things",
      keyPairs: [{ name: "operations" }],
    });
  });
});
