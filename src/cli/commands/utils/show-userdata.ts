import type { Command } from "commander";
import { type ExitCode, exitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { type FileFlags, addFileOption, loadConfigFile } from "../../options/file.ts";
import { required } from "../../options/name.ts";

interface Flags extends FileFlags {
  readonly nodegroup?: string;
}

export function define(command: Command): void {
  addFileOption(command);
  command.option("--nodegroup <name>", "the nodegroup whose user data is shown");
  addExamples(command, ["utils show-userdata -f cluster.yaml --nodegroup web"]);
  command.addHelpText(
    "after",
    "\nPrints the text. AWS is not asked: what it makes up stands in braces, as {{cluster.endpoint}}.",
  );
}

/** Always the text itself: it is for a file, or for cloud-init. */
export async function run(call: Call<Flags>): Promise<ExitCode> {
  const { flags } = call;
  const file = required(flags.configFile, "--config-file/-f");
  const nodegroup = required(flags.nodegroup, "--nodegroup");
  const config = await loadConfigFile(call, file);
  const { userDataOf } = await import("../../../operations/user-data.ts");
  const text = userDataOf(config, nodegroup);
  if (text === undefined) {
    call.terminal.line(`note: the file tells the nodes of ${nodegroup} nothing: EKS does it all`);
    return exitCode.done;
  }
  call.io.stdout.write(text);
  return exitCode.done;
}
