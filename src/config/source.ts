import { open } from "node:fs/promises";
import { InputError } from "../errors.ts";
import { maxYamlBytes } from "../yaml.ts";
import { oneLine } from "../text.ts";
import { ConfigError } from "./errors.ts";

/** A text and the name that messages have for it. */
export interface Source {
  readonly text: string;
  /** File name, or `<stdin>`. */
  readonly name: string;
}

/**
 * Reads a file, or stdin for `-`; never more than the size limit.
 *
 * @throws InputError for a file that is missing, no file, unreadable, too large or no UTF-8 text.
 */
export async function readSource(path: string): Promise<Source> {
  const name = path === "-" ? "<stdin>" : oneLine(path);
  const bytes = path === "-" ? await readUpTo(process.stdin, name) : await readFile(path, name);
  return { text: textOf(bytes, name), name };
}

async function readFile(path: string, name: string): Promise<Uint8Array> {
  try {
    const file = await open(path, "r");
    try {
      return await readUpTo(file.createReadStream({ autoClose: false }), name);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw error instanceof InputError ? error : unreadable(name, error);
  }
}

async function readUpTo(stream: AsyncIterable<string | Uint8Array>, name: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    length += bytes.length;
    if (length > maxYamlBytes) {
      throw new InputError(`${name} is too large: a cluster config is at most ${maxYamlBytes / 1024 / 1024} MiB`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function unreadable(name: string, error: unknown): InputError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return new InputError(`${name}: there is no such file`, { cause: error });
    case "EISDIR":
      return new InputError(`${name} is a directory, not a file`, { cause: error });
    case "EACCES":
    case "EPERM":
      return new InputError(`${name} cannot be read: permission denied`, { cause: error });
    default:
      return new InputError(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
  }
}

/**
 * The text that bytes are.
 *
 * @throws ConfigError where they are none, with the place.
 */
export function textOf(bytes: Uint8Array, name: string): string {
  const [first, second] = bytes;
  const fail = (offset: number, message: string, hint?: string): never => {
    throw new ConfigError(name, [
      { path: "", message, ...placeOf(bytes, offset), ...(hint === undefined ? {} : { hint }) },
    ]);
  };
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    fail(0, "is UTF-16 text", "save it as UTF-8");
  }
  const zero = bytes.indexOf(0);
  if (zero >= 0) fail(zero, "a zero byte stands here: this is a binary file, not YAML or JSON text");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return fail(firstDifference(bytes), "is not UTF-8 text from here on");
  }
}

/** Where bytes cease to be UTF-8: what is none does not come out as it went in. */
function firstDifference(bytes: Uint8Array): number {
  const again = Buffer.from(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
  const at = bytes.findIndex((byte, index) => byte !== again[index]);
  return Math.max(at, 0);
}

function placeOf(bytes: Uint8Array, offset: number): { readonly line: number; readonly column: number } {
  const before = new TextDecoder().decode(bytes.subarray(0, offset)).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
