import { mkdir, open, readFile, readlink, realpath, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, resolve } from "node:path";
import type { Clock } from "../../clock.ts";
import { FailedError, RefusedError } from "../../errors.ts";
import { replaceFile } from "../../files.ts";

/** A kubeconfig that does not exist reads as empty. */
export async function readKubeconfig(path: string): Promise<string> {
  try {
    return (await ifExists(readFile(path, "utf8"))) ?? "";
  } catch (error) {
    throw new FailedError(`${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * Reads files, edits their texts, and writes those that changed, all under the lock that kubectl takes too. Files that do
 * not exist are edited as empty ones. Each is replaced by rename, so that a reader sees the old text or the new one; a
 * symbolic link stays and its target is replaced; the mode is kept (0600 for a new file, 0700 for new directories).
 */
export async function editKubeconfigs(
  clock: Clock,
  paths: readonly string[],
  edit: (texts: ReadonlyMap<string, string>) => ReadonlyMap<string, string>,
): Promise<void> {
  const sorted = [...new Set(paths)].sort();
  await clock.hold(() => Promise.all(sorted.map(prepare)));
  await underLocks(clock, sorted, async () => {
    const texts = new Map<string, string>();
    for (const path of sorted) texts.set(path, await readKubeconfig(path));
    for (const [path, text] of edit(texts)) {
      if (text !== texts.get(path)) await replace(path, text);
    }
  });
}

/** Only a regular file can be replaced: never /dev/null, which KUBECONFIG is often set to. */
async function prepare(path: string): Promise<void> {
  const found = await ifExists(stat(path));
  if (found && !found.isFile()) throw new RefusedError(`${path} is not a regular file: no kubeconfig is written to it`);
  await writing(path, () => mkdir(dirname(path), { recursive: true, mode: 0o700 }));
}

async function replace(path: string, text: string): Promise<void> {
  const target = await followLinks(path);
  await writing(path, async () => replaceFile(target, text, { lasting: true }));
}

/** Where a chain of links ends, whether or not something is there. */
async function followLinks(path: string): Promise<string> {
  const existing = await ifExists(realpath(path));
  if (existing !== undefined) return existing;
  const link = await ifExists(readlink(path));
  return link === undefined ? path : followLinks(resolve(dirname(path), link));
}

/** Seconds that another program's lock is waited for. */
const lockPatience = 30;

/** In sorted order, as everyone takes them, so that nobody waits in a circle. */
async function underLocks(clock: Clock, paths: readonly string[], work: () => Promise<void>): Promise<void> {
  const [first, ...others] = paths;
  if (first === undefined) return clock.hold(work);
  const lock = `${first}.lock`;
  await acquire(clock, lock, first);
  try {
    await underLocks(clock, others, work);
  } finally {
    await clock.hold(() => rm(lock, { force: true }));
  }
}

/**
 * kubectl's lock (client-go, clientcmd): a file that only one can create. Ours names its process, so that one that was
 * killed while it held the lock does not block the next run.
 */
async function acquire(clock: Clock, lock: string, path: string): Promise<void> {
  const giveUp = clock.now() + lockPatience * 1000;
  while (!(await clock.hold(() => writing(path, () => createLock(lock))))) {
    if (await clock.hold(() => isAbandoned(lock))) await clock.hold(() => rm(lock, { force: true }));
    else if (clock.now() >= giveUp) throw lockHeld(lock, path);
    else await clock.sleep(50);
  }
}

function lockHeld(lock: string, path: string): FailedError {
  return new FailedError(`${path} is locked by another program: ${lock} is still there after ${lockPatience} seconds`, {
    hint: `If no kubectl or ekstool is running, remove ${lock} and run the command again.`,
  });
}

async function createLock(lock: string): Promise<boolean> {
  try {
    const file = await open(lock, "wx", 0o600);
    try {
      await file.writeFile(JSON.stringify({ ekstool: process.pid, host: hostname() }));
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** A lock of ours whose process is gone. Others' locks are empty and say nothing. */
async function isAbandoned(lock: string): Promise<boolean> {
  const text = await ifExists(readFile(lock, "utf8"));
  const holder = /^\{"ekstool":(\d+),"host":"(.*)"\}$/.exec(text ?? "");
  if (!holder || holder[2] !== hostname()) return false;
  try {
    process.kill(Number(holder[1]), 0);
    return false;
  } catch (error) {
    return codeOf(error) === "ESRCH";
  }
}

async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new FailedError(`${path} cannot be written: ${messageOf(error)}`, { cause: error });
  }
}

async function ifExists<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    // EINVAL: readlink of what is no link.
    if (["ENOENT", "EINVAL"].includes(codeOf(error))) return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
