import type { Command } from "commander";
import type { ClusterConfig } from "../../config/types.ts";
import type { Selection } from "../../operations/select.ts";
import { addSwitch, list } from "./parse.ts";

export interface SelectionFlags {
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

export function addSelectionOptions(command: Command): void {
  command
    .option("--include <globs>", "only these nodegroups of the file, as 'ng-*'", list)
    .option("--exclude <globs>", "all but these nodegroups of the file", list);
}

export function selectionOf({ include = [], exclude = [] }: SelectionFlags): Selection {
  return { include, exclude };
}

/** Which nodegroups of a cluster a command is about, by a file. */
export interface FileSelectionFlags extends SelectionFlags {
  readonly onlyMissing?: boolean;
}

export function addFileSelectionOptions(command: Command): void {
  addSelectionOptions(command);
  addSwitch(command, "--only-missing", "those in the cluster that the file does not list");
}

/** Is a nodegroup of the cluster meant: one that the file lists or, with `--only-missing`, one that it does not? */
export async function selectedByFile(
  flags: FileSelectionFlags,
  config: ClusterConfig,
): Promise<(name: string) => boolean> {
  const { nodegroupNames } = await import("../../config/nodegroup-names.ts");
  const { selects } = await import("../../operations/select.ts");
  const listed = new Set(nodegroupNames(config));
  const selected = selects(selectionOf(flags));
  return (name) => listed.has(name) !== (flags.onlyMissing === true) && selected(name);
}
