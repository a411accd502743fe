import { type Command, Option } from "commander";
import { parseDuration } from "../duration.ts";
import { acceptEqualsForms, positiveNumber } from "./parse.ts";

const outputFormats = ["table", "json", "yaml"] as const;
export type OutputFormat = (typeof outputFormats)[number];

const progressForms = ["auto", "tty", "plain", "json"] as const;
export type ProgressForm = (typeof progressForms)[number];

/** The options of every command. */
export interface Globals {
  readonly region?: string;
  readonly profile?: string;
  readonly output: OutputFormat;
  readonly progress: ProgressForm;
  readonly verbose?: boolean;
  readonly yes?: boolean;
  readonly expectAccount?: string;
  /** Seconds. */
  readonly timeout?: number;
  /** Seconds. */
  readonly waitLock?: number;
  /** A directory, a URL, or empty for the usual directory. */
  readonly sandbox?: string;
  readonly sandboxSpeed?: number;
}

/** Seconds. */
const defaultLockWait = 3600;

export function addGlobalOptions(program: Command): void {
  program
    .option("-r, --region <region>", "AWS region (default: AWS_REGION, or the profile's)")
    .option("-p, --profile <profile>", "AWS profile (default: AWS_PROFILE)")
    .addOption(
      new Option("-o, --output <format>", "form of the result on stdout").choices(outputFormats).default("table"),
    )
    .addOption(new Option("--progress <form>", "form of the progress on stderr").choices(progressForms).default("auto"))
    .option("-v, --verbose", "show where an error comes from")
    .option("-y, --yes", "answer yes to every question")
    .option("--expect-account <id>", "refuse to work in any other AWS account")
    .option("--timeout <duration>", "stop waiting after this long, as 25m; running again continues", parseDuration)
    .option(
      "--wait-lock [duration]",
      "wait while another run works on the cluster: --wait-lock (an hour at most), --wait-lock=20m",
      (text) => (text === "" ? defaultLockWait : parseDuration(text)),
    )
    .option(
      "--sandbox [dir-or-url]",
      "work in the embedded sandbox instead of AWS: --sandbox, --sandbox=DIR, --sandbox=URL",
    )
    .option(
      "--sandbox-speed <factor>",
      "run a sandbox that is started so many times faster than life (default: without waiting)",
      positiveNumber,
    );
  acceptEqualsForms(program);
}
