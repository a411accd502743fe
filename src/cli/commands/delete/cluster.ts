import { type Command, Option } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { carryOut } from "../../change.ts";
import { withSession } from "../../connect.ts";
import { formatDuration } from "../../duration.ts";
import { clusterOf } from "../../options/cluster.ts";
import { addExamples } from "../../options/examples.ts";
import { type FileFlags, addFileOption } from "../../options/file.ts";
import { addUnsupported, refuseUnsupported, stackOptions } from "../../options/unsupported.ts";
import type { DeleteChoice, DeleteOutput } from "../../../operations/cluster.ts";
import { renderDeletion, renderTimes } from "../../render/summary.ts";

interface Flags extends FileFlags {
  readonly name?: string;
  readonly volumes: DeleteChoice["volumes"];
}

const unsupported = {
  ...stackOptions,
  "--force": "has no meaning here: run the command again, it continues with what is left",
  "--disable-nodegroup-eviction": "has no meaning here: pods are not drained before a whole cluster is deleted",
  "--pod-eviction-wait-period": "has no meaning here: pods are not drained before a whole cluster is deleted",
  "--parallel": "has no meaning here: everything that may go at once does",
};

/** Waiting is the only way: a success that is told while things still exist is none. */
const besideFile = ["--wait", "--volumes"];

export function define(command: Command): void {
  command.argument("[name]", "cluster name");
  addFileOption(command);
  command.option("-n, --name <name>", "cluster name").option("-w, --wait", "as always: wait until everything is gone");
  command.addOption(
    new Option("--volumes <what>", "volumes of persistent volume claims")
      .choices(["keep", "delete"] satisfies DeleteChoice["volumes"][])
      .default("keep"),
  );
  addUnsupported(command, unsupported);
  addExamples(command, [
    "delete cluster --name dev --region eu-west-1",
    "delete cluster -f cluster.yaml --yes --expect-account 111122223333",
    "delete cluster --name dev --region eu-west-1 --volumes delete",
  ]);
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  refuseUnsupported(call, unsupported);
  const { cluster, region } = await clusterOf(call, "--name", call.flags.name, besideFile);
  return withSession(call, region === undefined ? {} : { region }, async (connected) => {
    const { proposeDelete } = await import("../../../operations/cluster.ts");
    const { style } = call.terminal;
    return carryOut(call, connected, () => proposeDelete(connected.session, cluster, call.flags), {
      ask: "always",
      question: { text: `Delete the cluster ${cluster} and all of the above?`, answer: cluster },
      onFailure: "keep",
      result: (output) => ({
        document: output,
        table: () => [didSomething(output) ? `deleted cluster ${cluster}` : `nothing of ${cluster} was there`],
      }),
      summary: (output, result) => [
        "",
        style.good(headline(output)) + `, after ${formatDuration(result.seconds)}`,
        ...renderDeletion(output, call),
        ...renderTimes(result, call),
      ],
    });
  });
}

function didSomething({ deleted, swept }: DeleteOutput): boolean {
  return deleted.length + swept.length > 0;
}

function headline(output: DeleteOutput): string {
  const { cluster, region, kept } = output;
  if (kept.length === 0) return `Nothing of ${cluster} is left in ${region}`;
  const done = didSomething(output) ? `Deleted ${cluster}` : `There was nothing of ${cluster}`;
  return `${done} in ${region}, but for what is kept`;
}
