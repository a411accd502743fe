import { jsonText } from "../text.ts";
import type { Call } from "./call.ts";
import { terminal } from "./terminal.ts";

/** A result in all its forms: `document` for programs, `table` for people. */
export interface Result {
  readonly document: unknown;
  readonly table: () => readonly string[];
}

/** Writes the result to stdout, in the form that `--output` asks for. */
export async function printResult(call: Pick<Call, "io" | "globals">, result: Result): Promise<void> {
  const { stdout, env } = call.io;
  switch (call.globals.output) {
    case "json":
      stdout.write(`${jsonText(result.document, 2)}\n`);
      return;
    case "yaml": {
      const { formatYaml } = await import("../yaml.ts");
      stdout.write(formatYaml(result.document));
      return;
    }
    case "table": {
      const out = terminal(stdout, env);
      for (const line of result.table()) out.line(line);
    }
  }
}
