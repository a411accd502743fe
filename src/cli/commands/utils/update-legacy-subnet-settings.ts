import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { type SettingFlags, addSettingOptions, changeSetting } from "../../setting.ts";

export function define(command: Command): void {
  addSettingOptions(command);
  addExamples(command, ["utils update-legacy-subnet-settings --cluster dev"]);
}

/** Subnets of ours have been as they should be from the beginning: this is for those that somebody has changed. */
export function run(call: Call<SettingFlags>): Promise<ExitCode> {
  return changeSetting(call, { setting: "publicSubnets", sections: () => ({}) });
}
