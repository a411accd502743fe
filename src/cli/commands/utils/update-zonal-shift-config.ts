import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { addSwitch } from "../../options/parse.ts";
import { type SettingFlags, addSettingOptions, changeSetting } from "../../setting.ts";

interface Flags extends SettingFlags {
  readonly enableZonalShift?: boolean;
}

export function define(command: Command): void {
  addSettingOptions(command);
  addSwitch(command, "--enable-zonal-shift", "let ARC move traffic away from an impaired zone (default: true)");
  addExamples(command, [
    "utils update-zonal-shift-config --cluster dev",
    "utils update-zonal-shift-config --cluster dev --enable-zonal-shift=false",
  ]);
}

export function run(call: Call<Flags>): Promise<ExitCode> {
  const { enableZonalShift: enabled = true } = call.flags;
  return changeSetting(call, { setting: "zonalShift", sections: () => ({ zonalShiftConfig: { enabled } }) });
}
