import type { EngineEvent } from "../../engine/events.ts";
import type { Terminal } from "../terminal.ts";

/** Tells the notes of a command that has nothing else to report. */
export function notesOn(terminal: Terminal): (event: EngineEvent) => void {
  return (event) => {
    if (event.type === "note") terminal.line(`note: ${event.text}`);
  };
}
