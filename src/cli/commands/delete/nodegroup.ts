import type { Command } from "commander";
import { type ExitCode, FailedError, RefusedError } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { carryOut } from "../../change.ts";
import { withSession } from "../../connect.ts";
import { type DrainFlags, addDrainOptions, drainChoiceUnlessOff, drainOptionNames } from "../../options/drain.ts";
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
import { renderTimes } from "../../render/summary.ts";

interface Flags extends FileFlags, FileSelectionFlags, DrainFlags {
  readonly cluster?: string;
  readonly name?: string;
  readonly approve?: boolean;
  readonly drain?: boolean;
}

const unsupported = {
  ...stackOptions,
  "--update-auth-configmap": "has no meaning here: nodes are let in by access entries",
};

export function define(command: Command): void {
  command.argument("[name]", "nodegroup name");
  addFileOption(command);
  command.option("-c, --cluster <name>", "cluster name").option("-n, --name <name>", "nodegroup name");
  addFileSelectionOptions(command);
  addSwitch(command, "--approve", "as --yes");
  command.option("-w, --wait", "as always: wait until they are gone");
  addSwitch(command, "--drain", "move what runs on the nodes away first (default: true)");
  addDrainOptions(command);
  addUnsupported(command, unsupported);
  addExamples(command, [
    "delete nodegroup --cluster dev --name old",
    "delete nodegroup -f cluster.yaml --include 'spot-*'",
    "delete nodegroup -f cluster.yaml --only-missing",
  ]);
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  refuseUnsupported(call, unsupported);
  const { cluster, region, choose } = await targetOf(call);
  const approved: Call<Flags> =
    call.flags.approve === true ? { ...call, globals: { ...call.globals, yes: true } } : call;
  const where = { drain: drainChoiceUnlessOff(call.flags), ...(region !== undefined && { region }) };
  return withSession(call, where, async (connected) => {
    const { proposeDeleteNodegroups } = await import("../../../operations/nodegroups.ts");
    return carryOut(approved, connected, () => proposeDeleteNodegroups(connected.session, cluster, choose), {
      ask: "always",
      onFailure: "keep",
      result: (output) => ({
        document: output,
        table: () => output.deleted.map((name) => `deleted nodegroup ${name}`),
      }),
      summary: (_output, result) => renderTimes(result, call),
    });
  });
}

interface Target {
  readonly cluster: string;
  readonly region?: string;
  readonly choose: (ours: readonly string[], others: readonly string[]) => readonly string[];
}

async function targetOf(call: Call<Flags>): Promise<Target> {
  const { flags } = call;
  if (flags.configFile === undefined) {
    refuseWithoutFile(call, ["--include", "--exclude", "--only-missing"]);
    const cluster = required(flags.cluster, "--cluster");
    const name = required(nameOf(call, "--name", flags.name), "--name");
    return { cluster, choose: (ours, others) => [chosen(name, cluster, ours, others)] };
  }
  refuseBesideFile(call, ["--include", "--exclude", "--only-missing", "--approve", "--wait", ...drainOptionNames]);
  const config = await loadConfigFile(call, flags.configFile);
  const { name: cluster, region } = config.metadata;
  const selected = await selectedByFile(flags, config);
  return { cluster, region, choose: (ours) => ours.filter(selected) };
}

function chosen(name: string, cluster: string, ours: readonly string[], others: readonly string[]): string {
  if (ours.includes(name)) return name;
  if (others.includes(name)) {
    throw new RefusedError(
      `the nodegroup ${name} of cluster ${cluster} was not made by ekstool, which deletes only its own`,
      {
        hint: `delete it with what made it, or: aws eks delete-nodegroup --cluster-name ${cluster} --nodegroup-name ${name}`,
      },
    );
  }
  throw new FailedError(`the cluster ${cluster} has no nodegroup ${name}`, {
    hint: ours.length === 0 ? "it has none that ekstool made" : `it has ${ours.join(", ")}`,
  });
}
