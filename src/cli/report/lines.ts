import type { EngineEvent } from "../../engine/events.ts";
import { explain } from "../../operations/explain.ts";
import { oneLine } from "../../text.ts";
import { formatDuration } from "../duration.ts";
import type { Style } from "../terminal.ts";
import { complaint, subject, words } from "./words.ts";

/** The line that stays on the screen for an event; most events leave none. */
export function lastingLine(event: EngineEvent, style: Style): string | undefined {
  const line = lineOf(event, style);
  return line === undefined ? undefined : oneLine(line);
}

function lineOf(event: EngineEvent, style: Style): string | undefined {
  switch (event.type) {
    case "step-finished": {
      const time = event.seconds < 1 ? "" : ` ${style.faint(formatDuration(event.seconds))}`;
      return `${style.good("✓")} ${words[event.action].over} ${subject(event)}${time}`;
    }
    case "step-failed":
      return `${style.bad("✗")} ${words[event.action].running} ${subject(event)}: ${complaint(event, firstLine(explain(event.error).message))}`;
    case "note":
      return `${style.faint("·")} ${event.text}`;
    case "rollback-started":
      return `${style.warning("↩")} rolling back ${event.count} ${event.count === 1 ? "resource" : "resources"}: ${event.because}`;
    default:
      return undefined;
  }
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
