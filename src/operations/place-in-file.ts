import type { Finding, Flaw } from "../config/problems.ts";
import type { ClusterConfig } from "../config/types.ts";
import { type Path, isMapping, valueAt } from "../yaml.ts";

/**
 * Where in a file something stands that AWS's answers show to be wrong: at the value or the key that the message names.
 *
 * @param part the path of the part that was judged; empty for the whole file, of which a message may begin with a key.
 */
export function placeInFile({ message, hint }: Flaw, file: ClusterConfig, part: Path): Finding {
  const [prefix = "", begin = ""] = /^([A-Za-z][\w.[\]]*): /.exec(message) ?? [];
  const key = begin.split(/[.[\]]+/).map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  const isKey = valueAt(file, key) !== undefined;
  const place = isKey && part.length === 0 ? key : part;
  const isName = ({ path }: Text) => Number(path.at(-1) === "name");
  const here = valueAt(file, place);
  const [named] = textsIn(here, place)
    .filter(({ text }) => names(message, text))
    .toSorted((a, b) => isName(a) - isName(b) || b.text.length - a.text.length);
  const spoken = isMapping(here) ? Object.keys(here).find((one) => names(message, one)) : undefined;
  const isValue = named !== undefined && !(isName(named) && spoken !== undefined);
  return {
    path: isValue ? named.path : spoken === undefined ? place : [...place, spoken],
    at: isValue ? "value" : "key",
    message: isKey ? message.slice(prefix.length) : message,
    ...(hint === undefined ? {} : { hint }),
  };
}

/** Whether a text names a value: as it is, between what is no part of names. */
function names(text: string, value: string): boolean {
  const at = value.length < 3 ? -1 : text.indexOf(value);
  const isApart = (character: string | undefined) => character === undefined || !/[\w./-]/.test(character);
  const after = text.slice(at + value.length);
  return at >= 0 && isApart(text[at - 1]) && (isApart(after[0]) || /^[.,](?:\s|$)/.test(after));
}

interface Text {
  readonly text: string;
  readonly path: Path;
}

/** The single texts in a value, and where each stands. */
function textsIn(value: unknown, path: Path): readonly Text[] {
  if (typeof value === "string") return [{ text: value, path }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    textsIn(child, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
