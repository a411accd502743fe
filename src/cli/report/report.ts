import type { Clock } from "../../clock.ts";
import type { Emit } from "../../engine/events.ts";
import type { ProgressForm } from "../options/globals.ts";
import type { Terminal } from "../terminal.ts";

/** Tells what happens in a run while it happens, on stderr. */
export interface Report {
  readonly emit: Emit;
  /** Ends the telling and leaves the terminal as it was. */
  stop(): void;
}

export interface ReportOptions {
  readonly terminal: Terminal;
  /** The clock of the run, which may be virtual: how long things take is told in its time. */
  readonly clock: Clock;
  /** What is being done, as `create cluster quickstart`. */
  readonly title: string;
  readonly expectSeconds: number;
}

/** What `auto` stands for on this terminal. */
export function progressForm(form: ProgressForm, terminal: Terminal): Exclude<ProgressForm, "auto"> {
  if (form !== "auto") return form;
  return terminal.interactive ? "tty" : "plain";
}

const reports: Readonly<Record<Exclude<ProgressForm, "auto">, (options: ReportOptions) => Promise<Report>>> = {
  tty: async (options) => (await import("./tty.ts")).startTtyReport(options),
  plain: async (options) => (await import("./plain.ts")).startPlainReport(options),
  json: async (options) => (await import("./json.ts")).startJsonReport(options),
};

export function startReport(form: Exclude<ProgressForm, "auto">, options: ReportOptions): Promise<Report> {
  return reports[form](options);
}
