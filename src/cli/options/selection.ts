import type { Command } from "commander";
import type { Selection } from "../../operations/select.ts";
import { list } from "./parse.ts";

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

/** Which things of a cluster a command is about, by a file. */
export interface FileSelectionFlags extends SelectionFlags {
  readonly onlyMissing?: boolean;
}
