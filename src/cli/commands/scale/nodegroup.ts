import type { Command } from "commander";
import { type ExitCode, InputError } from "../../../errors.ts";
import type { Size } from "../../../operations/scale.ts";
import type { Call } from "../../call.ts";
import { carryOut } from "../../change.ts";
import { withSession } from "../../connect.ts";
import { addExamples } from "../../options/examples.ts";
import { type FileFlags, addFileOption, loadConfigFile, refuseBesideFile } from "../../options/file.ts";
import { required, requiredName } from "../../options/name.ts";
import { addSwitch, wholeNumber } from "../../options/parse.ts";
import { addUnsupported, refuseUnsupported, stackOptions } from "../../options/unsupported.ts";
import { nodegroupTable } from "../../render/nodegroups.ts";
import { renderTimes } from "../../render/summary.ts";

interface Flags extends FileFlags {
  readonly cluster?: string;
  readonly name?: string;
  readonly nodes?: number;
  readonly nodesMin?: number;
  readonly nodesMax?: number;
  readonly wait?: boolean;
}

export function define(command: Command): void {
  command.argument("[name]", "nodegroup name");
  addFileOption(command);
  command
    .option("-c, --cluster <name>", "cluster name")
    .option("-n, --name <name>", "nodegroup name (with -f: all of the file)")
    .option("-N, --nodes <count>", "nodes wanted", wholeNumber(0))
    .option("-m, --nodes-min <count>", "fewest nodes", wholeNumber(0))
    .option("-M, --nodes-max <count>", "most nodes", wholeNumber(1));
  addSwitch(command, "-w, --wait", "wait until EKS is done (default: true)");
  addUnsupported(command, stackOptions);
  addExamples(command, [
    "scale nodegroup --cluster dev --name workers --nodes 5 --nodes-max 8",
    "scale nodegroup -f cluster.yaml --name workers",
  ]);
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  refuseUnsupported(call, stackOptions);
  const { cluster, region, sizes } = await targetOf(call);
  return withSession(call, region === undefined ? {} : { region }, async (connected) => {
    const { proposeScale } = await import("../../../operations/scale.ts");
    const wait = call.flags.wait !== false;
    return carryOut(call, connected, () => proposeScale(connected.session, cluster, sizes, { wait }), {
      ask: "on a foreign cluster",
      onFailure: "keep",
      result: (output) => ({ document: output, table: () => nodegroupTable(output) }),
      summary: (_output, result) => renderTimes(result, call),
    });
  });
}

interface Target {
  readonly cluster: string;
  readonly region?: string;
  readonly sizes: readonly Size[];
}

async function targetOf(call: Call<Flags>): Promise<Target> {
  const { flags } = call;
  if (flags.configFile !== undefined) return targetOfFile(call, flags.configFile);
  const { nodes, nodesMin, nodesMax } = flags;
  const cluster = required(flags.cluster, "--cluster");
  const nodegroup = requiredName(call);
  if ((nodes ?? nodesMin ?? nodesMax) === undefined) {
    throw new InputError("say how many nodes: --nodes, --nodes-min or --nodes-max");
  }
  return { cluster, sizes: [sizeOf(nodegroup, nodes, nodesMin, nodesMax)] };
}

async function targetOfFile(call: Call<Flags>, file: string): Promise<Target> {
  refuseBesideFile(call, ["--name", "--wait"]);
  const { metadata, nodeGroups = [], managedNodeGroups = [] } = await loadConfigFile(call, file);
  const chosen = [...nodeGroups, ...managedNodeGroups].filter(
    ({ name }) => call.flags.name === undefined || name === call.flags.name,
  );
  if (chosen.length === 0) {
    throw new InputError(
      call.flags.name === undefined ? "the file lists no nodegroup" : `the file lists no nodegroup ${call.flags.name}`,
    );
  }
  const unsized = chosen.find((group) => group.desiredCapacity === undefined);
  if (unsized) throw new InputError(`the nodegroup ${unsized.name} has no desiredCapacity in the file`);
  const sizes = chosen.map((group) => sizeOf(group.name, group.desiredCapacity, group.minSize, group.maxSize));
  return { cluster: metadata.name, region: metadata.region, sizes };
}

function sizeOf(nodegroup: string, desired?: number, min?: number, max?: number): Size {
  return {
    nodegroup,
    ...(desired === undefined ? {} : { desired }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  };
}
