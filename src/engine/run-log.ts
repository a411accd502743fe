import { mkdirSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { openForLines } from "../files.ts";
import { jsonText } from "../text.ts";
import type { Emit, EngineEvent } from "./events.ts";

/**
 * Passes every event on, and appends it to the file as a line of JSON. The log is advisory: when it cannot be written one note
 * says so, and nothing else changes.
 */
export function runLog(path: string, emit: Emit): Emit {
  let file: number | undefined;
  let unwritable = false;
  return (event) => {
    try {
      if (!unwritable) writeSync((file ??= openLog(path)), `${jsonText(reduced(event))}\n`);
    } catch (error) {
      unwritable = true;
      emit({ type: "note", at: event.at, text: `the run log ${path} cannot be written: ${String(error)}` });
    }
    emit(event);
  };
}

/** Left open: it is closed with the process, which does one run. */
function openLog(path: string): number {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return openForLines(path);
}

/** Errors carry requests, answers and credentials' traces along: a name and a message are enough. */
function reduced(event: EngineEvent): object {
  if (!("error" in event)) return event;
  const { error } = event;
  return { ...event, error: error instanceof Error ? { name: error.name, message: error.message } : error };
}
