import type { Command } from "commander";
import { type ExitCode, InputError } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";
import { list } from "../../options/parse.ts";
import { type SettingFlags, addSettingOptions, changeSetting } from "../../setting.ts";

interface Flags extends SettingFlags {
  readonly enableTypes?: readonly string[];
  readonly disableTypes?: readonly string[];
}

const types = "api, audit, authenticator, controllerManager, scheduler";

export function define(command: Command): void {
  addSettingOptions(command);
  command
    .option("--enable-types <types>", `logs to turn on: ${types}; or all`, list)
    .option("--disable-types <types>", "logs to turn off; or all", list);
  addExamples(command, [
    "utils update-cluster-logging --cluster dev --enable-types all",
    "utils update-cluster-logging --cluster dev --enable-types audit --disable-types api,scheduler",
    "utils update-cluster-logging -f cluster.yaml",
  ]);
}

export function run(call: Call<Flags>): Promise<ExitCode> {
  const { enableTypes: on = [], disableTypes: off = [] } = call.flags;
  return changeSetting(call, {
    setting: "logging",
    sections({ logging }) {
      if (on.length + off.length === 0) throw new InputError("say which: --enable-types or --disable-types");
      const stay = off.includes("all") ? [] : logging.filter((type) => !off.includes(type));
      const both = on.find((type) => off.includes(type));
      if (both !== undefined) throw new InputError(`${both} is both to be turned on and off`);
      return { cloudWatch: { clusterLogging: { enableTypes: [...new Set([...stay, ...on])] } } };
    },
  });
}
