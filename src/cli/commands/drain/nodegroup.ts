import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { carryOut } from "../../change.ts";
import { withSession } from "../../connect.ts";
import { type DrainFlags, addDrainOptions, drainChoice, drainOptionNames } from "../../options/drain.ts";
import { addExamples } from "../../options/examples.ts";
import {
  type FileFlags,
  addFileOption,
  loadConfigFile,
  refuseBesideFile,
  refuseWithoutFile,
} from "../../options/file.ts";
import { nameOf, required } from "../../options/name.ts";
import { addSwitch } from "../../options/parse.ts";
import { type FileSelectionFlags, addFileSelectionOptions, selectedByFile } from "../../options/selection.ts";
import { addUnsupported, refuseUnsupported, stackOptions } from "../../options/unsupported.ts";
import { nodegroupTable } from "../../render/nodegroups.ts";
import { renderTimes } from "../../render/summary.ts";

interface Flags extends FileFlags, FileSelectionFlags, DrainFlags {
  readonly cluster?: string;
  readonly name?: string;
  readonly undo?: boolean;
  readonly approve?: boolean;
}

export function define(command: Command): void {
  command.argument("[name]", "nodegroup name");
  addFileOption(command);
  command.option("-c, --cluster <name>", "cluster name").option("-n, --name <name>", "nodegroup name");
  addFileSelectionOptions(command);
  addSwitch(command, "--undo", "let pods come to the nodes again");
  addSwitch(command, "--approve", "as --yes");
  addDrainOptions(command);
  addUnsupported(command, stackOptions);
  addExamples(command, [
    "drain nodegroup --cluster dev --name old",
    "drain nodegroup --cluster dev --name old --undo",
    "drain nodegroup -f cluster.yaml --include 'spot-*'",
  ]);
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  refuseUnsupported(call, stackOptions);
  const { flags } = call;
  const { cluster, region, choose } = await targetOf(call);
  const choice = flags.undo === true ? "undo" : drainChoice(flags);
  const approved: Call<Flags> = flags.approve === true ? { ...call, globals: { ...call.globals, yes: true } } : call;
  return withSession(call, region === undefined ? {} : { region }, async (connected) => {
    const { proposeDrain } = await import("../../../operations/drain.ts");
    return carryOut(approved, connected, () => proposeDrain(connected.session, cluster, choose, choice), {
      ask: flags.undo === true ? "on a foreign cluster" : "risks",
      onFailure: "keep",
      result: (output) => ({ document: output, table: () => nodegroupTable(output) }),
      summary: (_output, result) => renderTimes(result, call),
    });
  });
}

interface Target {
  readonly cluster: string;
  readonly region?: string;
  /** Of the names of all nodegroups. */
  readonly choose: (names: readonly string[]) => readonly string[];
}

async function targetOf(call: Call<Flags>): Promise<Target> {
  const { flags } = call;
  if (flags.configFile === undefined) {
    refuseWithoutFile(call, ["--include", "--exclude", "--only-missing"]);
    const name = required(nameOf(call, "--name", flags.name), "--name");
    return { cluster: required(flags.cluster, "--cluster"), choose: () => [name] };
  }
  refuseBesideFile(call, ["--include", "--exclude", "--only-missing", "--approve", "--undo", ...drainOptionNames]);
  const config = await loadConfigFile(call, flags.configFile);
  const { name: cluster, region } = config.metadata;
  const selected = await selectedByFile(flags, config);
  return { cluster, region, choose: (names) => names.filter(selected) };
}
