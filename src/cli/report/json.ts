import { jsonText } from "../../text.ts";
import { explain } from "../../operations/explain.ts";
import type { Report, ReportOptions } from "./report.ts";

/** One JSON object a line; errors as AWS's code and message, with their cause class. */
export function startJsonReport({ terminal }: ReportOptions): Report {
  return {
    emit: (event) => terminal.line(jsonText("error" in event ? { ...event, error: explain(event.error) } : event)),
    stop: () => undefined,
  };
}
