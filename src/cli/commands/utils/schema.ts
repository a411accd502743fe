import type { Command } from "commander";
import { type ExitCode, exitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { addExamples } from "../../options/examples.ts";

export function define(command: Command): void {
  addExamples(command, ["utils schema > clusterconfig.schema.json"]);
}

/** Always JSON: editors read it. */
export async function run(call: Call): Promise<ExitCode> {
  const { jsonSchema } = await import("../../../config/json-schema.ts");
  call.io.stdout.write(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
  return exitCode.done;
}
