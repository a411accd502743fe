import type { Call } from "../call.ts";
import { type FileFlags, loadConfigFile, refuseBesideFile } from "./file.ts";
import { nameOf, required } from "./name.ts";

export interface NamedCluster {
  readonly cluster: string;
  /** Of the file; absent: from the options, the environment or the profile. */
  readonly region?: string;
}

/**
 * The cluster that a command is about: named by argument, option or file.
 *
 * @param besideFile options that may stand beside `-f`.
 * @throws InputError when it is named twice, or not at all.
 */
export async function clusterOf(
  call: Call<FileFlags>,
  option: string,
  value: string | undefined,
  besideFile: readonly string[] = [],
): Promise<NamedCluster> {
  const { configFile } = call.flags;
  if (configFile === undefined) return { cluster: required(nameOf(call, option, value), option) };
  refuseBesideFile(call, besideFile);
  const { metadata } = await loadConfigFile(call, configFile);
  return { cluster: metadata.name, region: metadata.region };
}
