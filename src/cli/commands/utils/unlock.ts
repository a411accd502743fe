import type { Command } from "commander";
import { type ExitCode, exitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { confirm } from "../../confirm.ts";
import { withSession } from "../../connect.ts";
import { clusterOf } from "../../options/cluster.ts";
import { addExamples } from "../../options/examples.ts";
import { type FileFlags, addFileOption } from "../../options/file.ts";
import { printResult } from "../../output.ts";

interface Flags extends FileFlags {
  readonly cluster?: string;
}

export function define(command: Command): void {
  command.argument("[cluster]", "cluster name");
  addFileOption(command);
  command.option("-c, --cluster <name>", "cluster name");
  addExamples(command, ["utils unlock --cluster dev --region eu-west-1", "utils unlock -f cluster.yaml --yes"]);
  command.addHelpText(
    "after",
    "\nNot needed as a rule: a run takes over by itself what a dead one has left, on the same machine at once, elsewhere after two minutes.",
  );
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  const { flags, terminal, io, globals } = call;
  const { cluster, region: ofFile } = await clusterOf(call, "--cluster", flags.cluster);
  return withSession(call, ofFile === undefined ? {} : { region: ofFile }, async ({ session }) => {
    const { findLock } = await import("../../../operations/lock/unlock.ts");
    const found = await findLock(session, cluster);
    if (found) {
      terminal.line(`the lock of cluster ${cluster} is held by ${found.heldBy}`);
      terminal.line(`last heard from at ${found.lastHeard}${found.lapsed === null ? "" : `; ${found.lapsed}`}`);
      const text =
        found.lapsed === null
          ? "That run may be alive: it would stop before its next change. Take the lock from it?"
          : "Remove the lock?";
      await confirm(io, terminal, globals.yes === true, { text });
      await found.release();
    }
    const { heldBy, holder, lastHeard } = found ?? { heldBy: "", holder: null, lastHeard: null };
    await printResult(call, {
      document: { cluster, region: session.region, released: found !== undefined, holder, lastHeard },
      table: () => [
        found ? `released the lock of ${cluster}, held by ${heldBy}` : `nobody holds the lock of ${cluster}`,
      ],
    });
    return exitCode.done;
  });
}
