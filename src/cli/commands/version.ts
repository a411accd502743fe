import type { Command } from "commander";
import { type ExitCode, exitCode } from "../../errors.ts";
import type { Call } from "../call.ts";
import { addExamples } from "../options/examples.ts";
import { printResult } from "../output.ts";
import { toolVersion } from "../version.ts";

export function define(command: Command): void {
  addExamples(command, ["version", "version -o json"]);
}

export async function run(call: Call): Promise<ExitCode> {
  const document = {
    version: toolVersion,
    node: process.versions.node,
    platform: `${process.platform}/${process.arch}`,
  };
  await printResult(call, { document, table: () => [toolVersion] });
  return exitCode.done;
}
