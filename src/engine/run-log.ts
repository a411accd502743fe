import { appendFileSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Emit } from "./events.ts";

/**
 * Passes every event on, and appends it to the file as a line of JSON. The log is advisory: when it cannot be written one note
 * says so, and nothing else changes.
 */
export function runLog(path: string, emit: Emit): Emit {
  let state: "closed" | "open" | "unwritable" = "closed";
  return (event) => {
    try {
      if (state === "closed") mkdirSync(dirname(path), { recursive: true });
      if (state !== "unwritable") appendFileSync(path, `${JSON.stringify(event, reduceErrors)}\n`, { mode: 0o600 });
      if (state === "closed") state = "open";
    } catch (error) {
      state = "unwritable";
      emit({ type: "note", at: event.at, text: `the run log ${path} cannot be written: ${String(error)}` });
    }
    emit(event);
  };
}

/** Errors carry requests, answers and credentials' traces along: a name and a message are enough. */
function reduceErrors(_key: string, value: unknown): unknown {
  return value instanceof Error ? { name: value.name, message: value.message } : value;
}
