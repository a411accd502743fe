import type { Command } from "commander";
import { type ExitCode, InputError } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { type SettingFlags, addSettingOptions, changeSetting } from "../../setting.ts";

interface Flags extends SettingFlags {
  readonly authenticationMode?: string;
}

export function define(command: Command): void {
  addSettingOptions(command);
  command.option("--authentication-mode <mode>", "API_AND_CONFIG_MAP, then API; never back");
  addExamples(command, [
    "utils update-authentication-mode --cluster dev --authentication-mode API_AND_CONFIG_MAP",
    "utils update-authentication-mode -f cluster.yaml",
  ]);
}

export function run(call: Call<Flags>): Promise<ExitCode> {
  return changeSetting(call, {
    setting: "authenticationMode",
    sections() {
      const { authenticationMode } = call.flags;
      if (authenticationMode === undefined) {
        throw new InputError("say which: --authentication-mode API_AND_CONFIG_MAP or API", {
          hint: "see --help for examples",
        });
      }
      return { accessConfig: { authenticationMode } };
    },
  });
}
