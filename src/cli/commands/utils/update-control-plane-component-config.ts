import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { type SettingFlags, addSettingOptions, changeSetting, onlyByFile } from "../../setting.ts";

export function define(command: Command): void {
  addSettingOptions(command);
  addExamples(command, ["utils update-control-plane-component-config -f cluster.yaml"]);
}

export function run(call: Call<SettingFlags>): Promise<ExitCode> {
  return changeSetting(call, { setting: "componentSettings", sections: onlyByFile });
}
