import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** How a program ended. */
export interface Ended {
  readonly code: number;
  /** What it wrote, on either stream. */
  readonly output: string;
}

/** The programs of the user's machine, as far as they are started for somebody: `helm`, `flux`. */
export interface Programs {
  /** Whether PATH has one of that name. */
  has(name: string): boolean;
  /**
   * Runs a program to its end, without a shell, a terminal or input. One that takes longer than `limit` seconds (of real
   * time) is ended. Rejects where PATH has none of that name.
   */
  run(
    name: string,
    args: readonly string[],
    options: { readonly env: Readonly<Record<string, string>>; readonly limit: number },
  ): Promise<Ended>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The programs on the PATH of this environment, which they are given. */
export function programsOn(environment: Environment): Programs {
  return {
    has: (name) => find(name, environment) !== undefined,
    async run(name, args, { env, limit }) {
      const file = find(name, environment);
      if (file === undefined) throw new Error(`there is no ${name} on PATH`);
      const child = spawn(file, args, {
        env: { ...environment, ...env },
        stdio: ["ignore", "pipe", "pipe"],
        timeout: limit * 1000,
        killSignal: "SIGKILL",
      });
      let output = "";
      const keep = (chunk: Buffer) => (output += chunk.toString());
      child.stdout.on("data", keep);
      child.stderr.on("data", keep);
      return new Promise((resolve, reject) => {
        child.once("error", reject);
        child.once("close", (code, signal) => {
          const ended = signal === null ? "" : `\n${name} was ended after ${limit} s`;
          resolve({ code: code ?? 1, output: `${output}${ended}`.trim() });
        });
      });
    },
  };
}

function find(name: string, { PATH = "" }: Environment): string | undefined {
  const names = process.platform === "win32" ? [`${name}.exe`] : [name];
  const directories = PATH.split(delimiter).filter((directory) => directory !== "");
  return directories.flatMap((directory) => names.map((one) => join(directory, one))).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What a person types for it in a shell. */
export function commandText(name: string, args: readonly string[]): string {
  const quoted = args.map((arg) => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", String.raw`'\''`)}'`));
  return [name, ...quoted].join(" ");
}
