import { closeSync, existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import { openForLines, replaceFile } from "../files.ts";
import type { JournalEntry } from "./journal.ts";
import { lockDirectory } from "./lock.ts";
import { completed, emptyWorldState } from "./world-state.ts";
import type { WorldState } from "./world.ts";

/** The state of the account, and what happened to it. */
export interface Store {
  /** The current state: another object after an undo. */
  readonly state: WorldState;
  readonly journal: readonly JournalEntry[];
  /** The latest instant that was recorded, in virtual milliseconds since the epoch; undefined for a new account. */
  readonly lastAt: number | undefined;
  /** Remembers the state as it is; the function that is returned puts it back. */
  begin(): () => void;
  /** Records a request and what it made of the state, durably; to be called before the answer is sent. */
  record(entry: Omit<JournalEntry, "n">): void;
  /** Saves the state when something else than a request changed it. */
  save(at: number): void;
  close(): void;
}

interface Disk {
  append(entry: JournalEntry): void;
  /** @param state as JSON. */
  save(covers: Pick<Snapshot, "at" | "entries">, state: string): void;
  close(): void;
}

interface Snapshot {
  readonly version: 1;
  readonly at: number;
  /** How many journal entries it covers. */
  readonly entries: number;
  readonly state: WorldState;
}

const journalName = "journal.jsonl";
const snapshotName = "snapshot.json";

/** An account that lives as long as its process. */
export function memoryStore(): Store {
  return storeOf(emptyWorldState(), [], undefined, undefined);
}

/**
 * The account that a directory holds, made empty when there is none. A request is on disk before it is answered: first
 * its journal line, then the snapshot by rename. A change that is journalled but in no snapshot was never answered, so
 * it never happened.
 *
 * @throws RefusedError when a living process holds the directory.
 */
export function openStore(directory: string): Store {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const unlock = lockDirectory(directory);
  const snapshotFile = join(directory, snapshotName);
  const journalFile = join(directory, journalName);

  const snapshot = existsSync(snapshotFile) ? (JSON.parse(readFileSync(snapshotFile, "utf8")) as Snapshot) : undefined;
  const journal = readJournal(journalFile, snapshot?.entries ?? 0);
  const lines = openForLines(journalFile);
  truncateSync(journalFile, Buffer.byteLength(journal.map(toLine).join("")));

  const lastAt = Math.max(snapshot?.at ?? 0, journal.at(-1)?.at ?? 0);
  return storeOf(snapshot ? completed(snapshot.state) : emptyWorldState(), journal, lastAt || undefined, {
    append: (entry) => {
      writeSync(lines, toLine(entry));
    },
    save: ({ at, entries }, state) => {
      const text = `{"version":1,"at":${at},"entries":${entries},"state":${state}}`;
      replaceFile(snapshotFile, text, { lasting: false });
    },
    close: () => {
      closeSync(lines);
      unlock();
    },
  });
}

/** Makes the account of a directory as if it had never been. The caller holds no store on it. */
export function eraseStore(directory: string): void {
  const unlock = lockDirectory(directory);
  for (const name of [snapshotName, journalName]) rmSync(join(directory, name), { force: true });
  unlock();
}

function storeOf(
  first: WorldState,
  journal: JournalEntry[],
  lastAt: number | undefined,
  disk: Disk | undefined,
): Store {
  let state = first;
  let savedState = JSON.stringify(state);
  let latest = lastAt;

  /** @param changed there is something to save, whatever the state says. */
  function saveState(at: number, changed: boolean): void {
    const isSameInstant = at === latest;
    latest = at;
    if (!disk) return;
    // All has happened whose time had come: what is only looked at is as it was at the look before.
    if (!changed && isSameInstant) return;
    const current = JSON.stringify(state);
    if (!changed && current === savedState) return;
    savedState = current;
    disk.save({ at, entries: journal.length }, current);
  }

  return {
    get state() {
      return state;
    },
    journal,
    get lastAt() {
      return latest;
    },
    begin() {
      const before = JSON.stringify(state);
      return () => {
        state = JSON.parse(before) as WorldState;
      };
    },
    record(request) {
      const entry = { n: journal.length + 1, ...request };
      journal.push(entry);
      disk?.append(entry);
      saveState(entry.at, entry.changes);
    },
    save: (at) => saveState(at, true),
    close: () => disk?.close(),
  };
}

function toLine(entry: JournalEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** The entries that happened: all that the snapshot covers, then reads up to the first change that it does not. */
function readJournal(file: string, covered: number): JournalEntry[] {
  const entries: JournalEntry[] = [];
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  lines.pop(); // What follows the last line break is torn, or empty.
  for (const line of lines) {
    const entry = JSON.parse(line) as JournalEntry;
    if (entry.n > covered && entry.changes) break;
    entries.push(entry);
  }
  return entries;
}
