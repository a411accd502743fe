import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { type LabelFlags, addNodegroupOptions, changeLabels } from "../../labels.ts";
import { addExamples } from "../../options/examples.ts";
import { list } from "../../options/parse.ts";

interface Flags extends LabelFlags {
  readonly labels?: readonly string[];
}

export function define(command: Command): void {
  addNodegroupOptions(command);
  command.option("-l, --labels <keys>", "keys of labels, as team,tier", list);
  addExamples(command, ["unset labels --cluster dev --nodegroup workers --labels team,tier"]);
}

export function run(call: Call<Flags>): Promise<ExitCode> {
  const { labels: unset = [] } = call.flags;
  return changeLabels(call, { unset });
}
