import type { Command } from "commander";
import { type ExitCode, InputError } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { addSwitch, wholeNumber } from "../../options/parse.ts";
import { type SettingFlags, addSettingOptions, changeSetting, onlyByFile } from "../../setting.ts";

interface Flags extends SettingFlags {
  readonly drainAllNodegroups?: boolean;
  readonly drainParallel?: number;
}

export function define(command: Command): void {
  addSettingOptions(command);
  addSwitch(command, "--drain-all-nodegroups", "move what runs on nodegroups away, once Auto Mode is on");
  command.option("--drain-parallel <count>", "nodes drained at once (default: 1)", wholeNumber(1));
  addExamples(command, [
    "update auto-mode-config -f cluster.yaml",
    "update auto-mode-config -f cluster.yaml --drain-all-nodegroups --drain-parallel 3",
  ]);
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  const { drainAllNodegroups = false, drainParallel: parallel } = call.flags;
  if (!drainAllNodegroups && parallel !== undefined) {
    throw new InputError("--drain-parallel says how --drain-all-nodegroups does it, which is not given");
  }
  const { drainAll } = await import("../../../operations/drain.ts");
  return changeSetting(call, {
    setting: "autoMode",
    besideFile: ["--drain-all-nodegroups", "--drain-parallel"],
    sections: onlyByFile,
    ...(drainAllNodegroups && { finish: drainAll(parallel === undefined ? {} : { parallel }) }),
  });
}
