import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { RefusedError } from "../errors.ts";

const lockName = "lock";

/** The locks that this process holds: one with its number that is not among them is from an earlier life of the number. */
const held = new Set<string>();

/**
 * Takes a directory for this process alone; the lock of a process that is no more is taken over.
 *
 * @returns what gives it back.
 * @throws RefusedError when a living process holds it.
 */
export function lockDirectory(directory: string): () => void {
  const lock = resolve(directory, lockName);
  const mine = `${lock}.${process.pid}`;
  for (;;) {
    if (claim(lock, mine)) {
      held.add(lock);
      return () => {
        held.delete(lock);
        rmSync(lock, { force: true });
      };
    }
    const holder = lockHolder(directory);
    if (holder !== undefined && (holder === process.pid ? held.has(lock) : isAlive(holder))) {
      throw new RefusedError(`the sandbox state in ${directory} is in use by process ${holder}`, {
        hint: "use that sandbox, or another state directory",
      });
    }
    removeStale(lock, mine, holder);
  }
}

/** The process that holds a directory; undefined when none does. */
export function lockHolder(directory: string): number | undefined {
  try {
    return Number(readFileSync(join(directory, lockName), "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Links a complete file into place, so that nobody ever reads an empty lock. */
function claim(lock: string, mine: string): boolean {
  rmSync(mine, { force: true });
  writeFileSync(mine, String(process.pid), { flag: "wx", mode: 0o600 });
  try {
    linkSync(mine, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Two processes may find the same stale lock: whoever moved away a fresh one instead puts it back. */
function removeStale(lock: string, mine: string, holder: number | undefined): void {
  const aside = `${mine}.stale`;
  try {
    renameSync(lock, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  if (Number(readFileSync(aside, "utf8")) === holder) rmSync(aside);
  else renameSync(aside, lock);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
