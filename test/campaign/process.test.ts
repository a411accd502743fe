import { afterAll, expect, it } from "vitest";
import { closeKeptAccounts, inhabited } from "./accounts.ts";
import { create } from "./commands.ts";
import { files } from "./files.ts";
import { type Process, served } from "./served.ts";

afterAll(closeKeptAccounts);

const command = create(files["control-plane"]);

/** The built tool, interrupted in that request, and run again. */
async function interruptedIn(operation: string, interrupt: (tool: Process) => Promise<void> | void) {
  const account = await (await inhabited()).fork();
  try {
    return await served(account, async (sandbox) => {
      await sandbox.faults({ operation, nth: 1, effect: { latency: { seconds: 1 } } });
      const first = sandbox.start(command);
      await sandbox.met(first);
      await interrupt(first);
      const ended = await first.ended;
      const journal = await sandbox.journal();
      const again = await sandbox.start(command).ended;
      return { ...ended, journal, again };
    });
  } finally {
    await account.close();
  }
}

it("an interrupted tool stops when what is in flight was answered, says what to type, and goes on from there", async () => {
  const { code, stdout, stderr, journal, again } = await interruptedIn("CreateSecurityGroup", (tool) =>
    tool.signal("SIGINT"),
  );
  expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
  expect(stderr).toMatch(/^Stopped: create cluster demo/m);
  expect(stderr).toMatch(/^What was done is kept: \d+ resources\.$/m);
  expect(stderr).toMatch(/^to continue: ekstool create cluster -f \S+\.yaml --on-failure=auto --yes/m);
  expect(journal.filter(({ operation }) => /^(Delete(?!Parameters)|CreateCluster)/.test(operation))).toEqual([]);
  expect(again.code, again.stderr).toBe(0);
});

it("an interrupted tool leaves at once when it is asked a second time", async () => {
  const { code, stdout, again } = await interruptedIn("CreateVpc", async (tool) => {
    tool.signal("SIGINT");
    await tool.says("press Ctrl-C again to leave at once");
    tool.signal("SIGINT");
  });
  expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
  expect(again.code, again.stderr).toBe(0);
});
