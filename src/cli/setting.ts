import type { Command } from "commander";
import { type ExitCode, InputError } from "../errors.ts";
import type { ClusterSummary } from "../operations/outputs.ts";
import type { ChangedSetting, SettingChange } from "../operations/settings.ts";
import { addApproval, approved } from "./approval.ts";
import type { Call } from "./call.ts";
import { carryOut } from "./change.ts";
import { chosenRegion, withSession } from "./connect.ts";
import { type FileFlags, addFileOption, loadConfigFile, refuseBesideFile } from "./options/file.ts";
import { required } from "./options/name.ts";
import { type Sections, configOf } from "./part.ts";
import { changeLines } from "./render/change.ts";
import { renderTimes } from "./render/summary.ts";

export interface SettingFlags extends FileFlags {
  readonly cluster?: string;
  readonly approve?: boolean;
}

/** Options of a command about one setting of a cluster, which a file has or other options describe. */
export function addSettingOptions(command: Command): void {
  addFileOption(command);
  command.option("-c, --cluster <name>", "cluster name");
  addApproval(command);
  command.option("-w, --wait", "as always: wait until it is done");
}

interface SettingCommand extends Omit<SettingChange, "leaves"> {
  /** Of what is described by options; a file speaks of all. */
  readonly leaves?: readonly string[];
  /** Options that may stand beside a file. */
  readonly besideFile?: readonly string[];
  /**
   * What the options describe, with what the cluster has of it by now.
   *
   * @throws InputError where they say too little.
   */
  sections(live: ClusterSummary): Sections;
}

/** Brings a setting in line with the file, or with what the options describe. */
export async function changeSetting(call: Call<SettingFlags>, asked: SettingCommand): Promise<ExitCode> {
  const { configFile, cluster } = call.flags;
  const { sections, leaves = [], besideFile = [], ...change } = asked;
  if (configFile !== undefined) refuseBesideFile(call, ["--approve", "--wait", ...besideFile]);
  const file = configFile === undefined ? undefined : await loadConfigFile(call, configFile);
  const where = file === undefined ? { region: await chosenRegion(call) } : { config: file };
  return withSession(call, where, async (connected) => {
    const { session } = connected;
    const { proposeSetting } = await import("../operations/settings.ts");
    const { getCluster } = await import("../operations/inventory.ts");
    const live = async () => getCluster(session, required(cluster, "--cluster"));
    const config = file ?? (await configOf(call, sections(await live())));
    const wanted = { ...change, leaves: file === undefined ? leaves : [] };
    return carryOut(approved(call), connected, () => proposeSetting(session, config, wanted), {
      ask: "risks",
      onFailure: "keep",
      result: (output) => ({ document: output, table: () => table(output) }),
      summary: (_output, result) => renderTimes(result, call),
    });
  });
}

function table({ cluster, changed }: ChangedSetting): readonly string[] {
  if (changed.length === 0) return [`${cluster} is as it should be`];
  return changed.flatMap((one) => changeLines(one));
}

/** In place of sections, of a setting that is too large for options. */
export function onlyByFile(): never {
  throw new InputError("--config-file/-f must be set", { hint: "see --help for examples" });
}
