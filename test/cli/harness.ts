import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { main } from "../../src/cli/main.ts";
import type { Io } from "../../src/cli/io.ts";
import type { Connection } from "../../src/operations/session.ts";
import { type Sandbox, sandboxCredentials } from "../../src/sandbox/index.ts";

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Shell {
  /** Home, working directory and state of the tool; removed at the end. */
  readonly directory: string;
  run(...argv: readonly string[]): Promise<Ran>;
  /** Runs with other surroundings than the shell's. */
  runWith(overrides: Partial<Io> & { readonly answer?: string }, ...argv: readonly string[]): Promise<Ran>;
  remove(): void;
}

class Captured extends Writable {
  text = "";
  readonly columns = 120;
  readonly isTTY: boolean;

  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** For a tool that works in this sandbox, on its clock. */
export function connectionTo({ clock, endpoint }: Sandbox): Connection {
  return { clock, endpoint, credentials: sandboxCredentials, close: () => Promise.resolve() };
}

/** Runs the tool in this process, with no terminal unless an answer is to be typed. */
export function openShell(connection?: Connection): Shell {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "ekstool-cli-")));
  const runWith: Shell["runWith"] = async ({ answer, ...overrides }, ...argv) => {
    const stdout = new Captured(false);
    const stderr = new Captured(answer !== undefined);
    const stdin = Object.assign(new PassThrough(), { isTTY: answer !== undefined });
    if (answer !== undefined) stdin.write(`${answer}\n`);
    const io: Io = {
      stdout,
      stderr,
      stdin,
      env: { HOME: directory, AWS_REGION: "us-west-2", NO_COLOR: "1", PATH: "" },
      cwd: directory,
      self: ["/usr/bin/node", "/opt/ekstool/bin/ekstool.js"],
      onInterrupt: () => () => undefined,
      exit: () => {
        throw new Error("left at once");
      },
      ...(connection === undefined ? {} : { connection }),
      ...overrides,
    };
    const code = await main(argv, io);
    return { code, stdout: stdout.text, stderr: stderr.text };
  };
  return {
    directory,
    run: (...argv) => runWith({}, ...argv),
    runWith,
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
