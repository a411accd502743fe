import { randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { RefusedError } from "./errors.ts";

/** Only for the user. */
const ownMode = 0o600;

/** With `openSync`: a link in the file's place is an error (ELOOP). Windows has no such flag. */
const noFollow = constants.O_NOFOLLOW ?? 0;

/**
 * Writes a file as a whole: a reader sees the old text or the new one. The mode of one that is there is kept, a new one is the
 * user's own.
 *
 * @param options.lasting the text is on the disk, and not only on its way, when this returns.
 * @throws RefusedError for what is no regular file: a link is not followed, and a device not replaced.
 */
export function replaceFile(path: string, text: string, options: { readonly lasting: boolean }): void {
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there?.isSymbolicLink()) throw new RefusedError(`${path} is a link: name the file itself`);
  if (there && !there.isFile()) throw new RefusedError(`${path} is not a regular file: it is not written to`);
  // A name that nobody can know before, and only if nothing has it: whoever may write to the directory could lay a link there.
  const temporary = `${path}.${randomUUID()}`;
  const file = openSync(temporary, "wx", ownMode);
  try {
    try {
      writeFileSync(file, text);
      if (there) fchmodSync(file, there.mode & 0o777);
      if (options.lasting) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Opens a file of the user's own for lines at its end, made where it is missing; links are not followed. */
export function openForLines(path: string): number {
  return openSync(path, constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY | noFollow, ownMode);
}
