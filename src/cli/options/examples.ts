import type { Command } from "commander";

/** Shown at the end of `--help`. */
export function addExamples(command: Command, examples: readonly string[]): void {
  command.addHelpText(
    "after",
    ["", "Examples:", ...examples.map((example) => `  $ ekstool ${example}`), ""].join("\n"),
  );
}
