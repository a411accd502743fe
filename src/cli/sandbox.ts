import { spawn } from "node:child_process";
import { closeSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { realClock } from "../clock.ts";
import { FailedError } from "../errors.ts";
import { openForLines } from "../files.ts";
import type { Connection } from "../operations/session.ts";
import type { Io } from "./io.ts";
import { loadSandbox } from "./sandbox-bundle.ts";
import { sandboxDirectory } from "./state-directory.ts";
import { terminal } from "./terminal.ts";

/** The sandbox's process ends when nobody has been connected for so long. */
const idleExitSeconds = 60;
const startPatienceMs = 20_000;
const pollMs = 25;

/**
 * Joins the sandbox of a directory, which is started when it does not run, or the one at a URL.
 *
 * @param where a directory, a URL, or empty for the usual directory.
 * @param speed for a sandbox that is started: virtual seconds per second.
 */
export async function connectSandbox(where: string, speed: number | undefined, io: Io): Promise<Connection> {
  const { joinSandbox, sandboxCredentials, sandboxEndpoint } = await loadSandbox();
  const isUrl = /^https?:\/\//u.test(where);
  const directory = isUrl ? undefined : sandboxDirectory(where, io);
  const running = directory === undefined ? where : await sandboxEndpoint(directory);
  if (running !== undefined && speed !== undefined) {
    terminal(io.stderr, io.env).line("note: the sandbox runs already, at the speed that it was started with");
  }
  const url = running ?? (await startServing(directory ?? where, speed, io, sandboxEndpoint));
  const joined = await joinSandbox(url);
  const { clock, endpoint, residents } = joined;
  return { clock, endpoint, credentials: sandboxCredentials, residents, close: () => joined.leave() };
}

/** Starts a process that outlives this one, so that AWS goes on when the tool is killed. */
async function startServing(
  directory: string,
  speed: number | undefined,
  io: Io,
  endpointOf: (directory: string) => Promise<string | undefined>,
): Promise<string> {
  const [command = "", ...first] = io.self;
  const pace = speed === undefined ? [] : ["--speed", String(speed)];
  const args = [...first, "sandbox", "serve", "--state", directory, "--idle-exit", String(idleExitSeconds), ...pace];
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const logFile = join(directory, "serve.log");
  rmSync(logFile, { force: true });
  const log = openForLines(logFile);
  const child = spawn(command, args, { detached: true, stdio: ["ignore", "ignore", log] });
  closeSync(log);
  let ended: string | undefined;
  child.on("error", (error) => (ended = error.message));
  child.on("exit", (code) => (ended = `it ended with exit code ${code}`));
  child.unref();
  const deadline = realClock.now() + startPatienceMs;
  while (realClock.now() < deadline) {
    // Another process may have been faster, and this one's child may have given way to it.
    const url = await endpointOf(directory);
    if (url !== undefined) return url;
    if (ended !== undefined) break;
    await realClock.sleep(pollMs);
  }
  throw new FailedError(`the sandbox in ${directory} did not start: ${ended ?? "it takes too long"}`, {
    hint: readFileSync(logFile, "utf8").trim() || `start it by hand: ekstool sandbox serve --state ${directory}`,
  });
}
