import { formatDuration, formatEstimate } from "../duration.ts";
import { lastingLine } from "./lines.ts";
import type { Report, ReportOptions } from "./report.ts";
import { startSpinner } from "./spinner.ts";
import { type RunningStep, countSteps } from "./steps.ts";
import { startTicker } from "./ticker.ts";
import { subject, words } from "./words.ts";

const shownSteps = 10;
const redrawMs = 500;

/** Finished steps stay above; below them one spinner with the steps that are running and how long they take. */
export function startTtyReport(options: ReportOptions): Report {
  const { terminal, clock } = options;
  const { style } = terminal;
  const steps = countSteps();
  const start = clock.now();
  const elapsed = (since: number) => (clock.now() - since) / 1000;
  const spinner = startSpinner(terminal, title());
  const redraw = () => {
    const running = steps.running();
    const hidden = running.length - shownSteps;
    spinner.text = [
      title(),
      ...running.slice(0, shownSteps).map(stepLine),
      ...(hidden > 0 ? [terminal.clean(style.faint(`    and ${hidden} more`))] : []),
    ].join("\n");
  };
  const stopTicker = startTicker(redrawMs, redraw);
  return {
    emit(event) {
      steps.note(event);
      const lasting = steps.isAfterthought(event) ? undefined : lastingLine(event, style);
      // The spinner sees what is written to its stream, and moves below it.
      if (lasting !== undefined) terminal.line(lasting);
      redraw();
    },
    stop() {
      stopTicker();
      spinner.stop();
    },
  };

  function title(): string {
    const time = `${formatDuration(elapsed(start))} of about ${formatEstimate(options.expectSeconds)}`;
    return fit(`${options.title}: ${steps.finished()} done, ${time}`);
  }

  function stepLine({ started, latest }: RunningStep): string {
    const time = `${formatDuration(elapsed(started.at))} of about ${formatEstimate(started.expectSeconds)}`;
    const progress = latest?.progress === undefined ? "" : ` ${latest.progress[0]}/${latest.progress[1]}`;
    const detail = latest?.detail === undefined ? "" : ` ${latest.detail}`;
    return fit(`    ${words[started.action].running} ${subject(started)}  ${time}${progress}${detail}`);
  }

  /** A line that wraps could not be redrawn in place. */
  function fit(text: string): string {
    const clean = terminal.clean(text).replaceAll("\n", " ");
    const room = terminal.width - 4;
    return clean.length <= room ? clean : `${clean.slice(0, room - 1)}…`;
  }
}
