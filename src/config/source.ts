import { open } from "node:fs/promises";
import { InputError } from "../errors.ts";
import { maxYamlBytes } from "../yaml.ts";

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
  const name = path === "-" ? "<stdin>" : path;
  const bytes = path === "-" ? await readUpTo(process.stdin, name) : await readFile(path);
  return { text: decode(bytes, name), name };
}

async function readFile(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path, "r");
    try {
      return await readUpTo(file.createReadStream({ autoClose: false }), path);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw error instanceof InputError ? error : unreadable(path, error);
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

function unreadable(path: string, error: unknown): InputError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return new InputError(`${path}: there is no such file`, { cause: error });
    case "EISDIR":
      return new InputError(`${path} is a directory, not a file`, { cause: error });
    case "EACCES":
    case "EPERM":
      return new InputError(`${path} cannot be read: permission denied`, { cause: error });
    default:
      return new InputError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
  }
}

function decode(bytes: Uint8Array, name: string): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new InputError(`${name} is UTF-16 text`, { hint: "save it as UTF-8" });
  }
  if (bytes.includes(0)) throw new InputError(`${name} is a binary file, not YAML or JSON text`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new InputError(`${name} is not UTF-8 text`, { cause: error });
  }
}
