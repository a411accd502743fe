import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { type LabelFlags, type Labelled, addNodegroupOptions, changeLabels, labelTable } from "../../labels.ts";
import type { Listing } from "../../listing.ts";
import { addExamples } from "../../options/examples.ts";
import { addFileOption } from "../../options/file.ts";
import { keyValues } from "../../options/parse.ts";
import { type PartFlags, changePart } from "../../part.ts";

interface Flags extends LabelFlags, PartFlags {
  readonly labels?: Readonly<Record<string, string>>;
}

const nodegroups: Listing<Labelled> = {
  title: "nodegroup",
  list: async (session, cluster) => (await import("../../../operations/inventory.ts")).listNodegroups(session, cluster),
  table: labelTable,
};

export function define(command: Command): void {
  addFileOption(command);
  addNodegroupOptions(command);
  command.option("-l, --labels <labels>", "labels of the nodes, as key=value,key=value", keyValues);
  addExamples(command, [
    "set labels --cluster dev --nodegroup workers --labels team=web,tier=front",
    "set labels -f cluster.yaml",
  ]);
}

/** By a file: those of all its managed nodegroups, and nothing else of them. */
export async function run(call: Call<Flags>): Promise<ExitCode> {
  const { labels: set = {}, configFile } = call.flags;
  if (configFile === undefined) return changeLabels(call, { set });
  return changePart(call, {
    part: "nodegroups",
    verb: "update",
    only: ["labels"],
    narrow: ({ managedNodeGroups = [], ...rest }) => ({
      ...rest,
      nodeGroups: [],
      managedNodeGroups: managedNodeGroups.map(({ name, labels }) => ({ name, ...(labels && { labels }) })),
    }),
    listing: nodegroups,
    sections: () => ({}),
  });
}
