import type { Command } from "commander";
import { type ExitCode, InputError } from "../errors.ts";
import type { LabelRequest } from "../operations/labels.ts";
import type { Call } from "./call.ts";
import { carryOut } from "./change.ts";
import { withSession } from "./connect.ts";
import { required } from "./options/name.ts";
import { configOf } from "./part.ts";
import { renderTimes } from "./render/summary.ts";
import { renderTable } from "./render/table.ts";

export interface LabelFlags {
  readonly cluster?: string;
  readonly nodegroup?: string;
}

export function addNodegroupOptions(command: Command): void {
  command.option("-c, --cluster <name>", "cluster name").option("-n, --nodegroup <name>", "nodegroup name");
}

export interface Labelled {
  readonly cluster: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

export function labelTable(nodegroups: readonly Labelled[]): readonly string[] {
  if (nodegroups.length === 0) return ["No nodegroups found"];
  return renderTable(
    ["CLUSTER", "NODEGROUP", "LABELS"],
    nodegroups.map(({ cluster, name, labels }) => [
      cluster,
      name,
      Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(","),
    ]),
  );
}

/** Sets and takes away labels of one nodegroup. */
export async function changeLabels(
  call: Call<LabelFlags>,
  { set = {}, unset = [] }: Partial<Pick<LabelRequest, "set" | "unset">>,
): Promise<ExitCode> {
  const cluster = required(call.flags.cluster, "--cluster");
  const nodegroup = required(call.flags.nodegroup, "--nodegroup");
  if (Object.keys(set).length + unset.length === 0) throw new InputError("say which labels: --labels");
  // What no file could say of labels is refused with the same words.
  await configOf(call, { managedNodeGroups: [{ name: nodegroup, labels: set }] });
  return withSession(call, {}, async (connected) => {
    const { proposeLabels } = await import("../operations/labels.ts");
    const request = { cluster, nodegroup, set, unset };
    return carryOut(call, connected, () => proposeLabels(connected.session, request), {
      ask: "on a foreign cluster",
      onFailure: "keep",
      result: (output) => ({ document: output, table: () => labelTable(output.flatMap(labelled)) }),
      summary: (_output, result) => renderTimes(result, call),
    });
  });
}

/** Of self-managed nodegroups EKS knows no labels. */
function labelled(nodegroup: object): readonly Labelled[] {
  return "labels" in nodegroup ? [nodegroup as Labelled] : [];
}
