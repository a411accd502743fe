import { formatDuration, formatEstimate } from "../duration.ts";
import { lastingLine } from "./lines.ts";
import type { Report, ReportOptions } from "./report.ts";
import { countSteps } from "./steps.ts";
import { startTicker } from "./ticker.ts";
import { subject, words } from "./words.ts";

/** Steps expected to be quicker than this are told once, when they are over. */
const slowSeconds = 30;
const heartbeatMs = 30_000;

/** One line an event, each with the time since the start; a sign of life when nothing happens for a while. */
export function startPlainReport({ terminal, clock }: ReportOptions): Report {
  const { style } = terminal;
  const steps = countSteps();
  const start = clock.now();
  let quiet = true;
  const line = (text: string) => {
    quiet = false;
    terminal.line(`${style.faint(formatDuration((clock.now() - start) / 1000).padStart(7))}  ${text}`);
  };
  const stop = startTicker(heartbeatMs, () => {
    const running = steps.running().map(({ started, latest }) => {
      const seconds = (clock.now() - started.at) / 1000;
      const detail = latest?.detail === undefined ? "" : `, ${latest.detail}`;
      return `${subject(started)} (${formatDuration(seconds)} of about ${formatEstimate(started.expectSeconds)}${detail})`;
    });
    if (quiet && running.length > 0) line(`… still working on ${running.join(", ")}`);
    quiet = true;
  });
  return {
    emit(event) {
      steps.note(event);
      const lasting = steps.isAfterthought(event) ? undefined : lastingLine(event, style);
      if (lasting !== undefined) line(lasting);
      else if (event.type === "step-started" && event.expectSeconds >= slowSeconds) {
        line(`… ${words[event.action].running} ${subject(event)}, about ${formatEstimate(event.expectSeconds)}`);
      }
    },
    stop,
  };
}
