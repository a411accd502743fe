import type { Command } from "commander";
import type { Loaded } from "../../config/load.ts";
import type { ClusterConfig } from "../../config/types.ts";
import { InputError } from "../../errors.ts";
import type { Call } from "../call.ts";
import { addSwitch } from "./parse.ts";

export interface FileFlags {
  readonly configFile?: string;
  readonly env?: boolean;
}

export function addFileOption(command: Command): void {
  command.option("-f, --config-file <file>", "ClusterConfig file; - reads stdin");
  addSwitch(command, "--env", "fill in ${NAME} in the file from the environment");
}

const fileOptions: ReadonlySet<string> = new Set(["--config-file", "--env"]);

/** Reads and validates a ClusterConfig; every problem in it is reported at once. */
export async function loadConfigFile(call: Call<FileFlags>, path: string): Promise<ClusterConfig> {
  return (await readConfigFile(call, path)).config;
}

/** The same, for somebody who goes on to find problems in it. */
export async function readConfigFile({ flags, io }: Call<FileFlags>, path: string): Promise<Loaded> {
  const { loadClusterConfig, readSource } = await import("../../config/load.ts");
  return loadClusterConfig(await readSource(path), flags.env === true ? io.env : undefined);
}

/**
 * What a file says is not said by options too.
 *
 * @param allowed options of this command that may stand beside `-f`.
 * @throws InputError naming the first option that may not.
 */
export function refuseBesideFile(call: Call<FileFlags>, allowed: readonly string[]): void {
  const refused = call.given.find((option) => !fileOptions.has(option) && !allowed.includes(option));
  const first = refused ?? (call.globals.region === undefined ? undefined : "--region");
  if (first !== undefined) {
    throw new InputError(`cannot use ${first} when --config-file/-f is set`, {
      hint: "say it in the file, which decides alone",
    });
  }
  if (call.args.length > 0) {
    throw new InputError(`cannot use the name argument ${JSON.stringify(call.args[0])} when --config-file/-f is set`, {
      hint: "the file names the cluster and its nodegroups",
    });
  }
}

/** @throws InputError naming the first option that only makes sense with a file. */
export function refuseWithoutFile(call: Call<FileFlags>, options: readonly string[]): void {
  const first = options.find((option) => call.given.includes(option));
  if (first === undefined) return;
  throw new InputError(`cannot use ${first} unless --config-file/-f is set`, {
    hint: "it chooses among what the file lists",
  });
}
