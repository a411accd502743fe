import type * as z from "zod";
import { type Path, valueAt } from "../yaml.ts";
import { homesOf } from "./misplaced.ts";
import { abbreviated, nearest } from "./nearest.ts";
import { otherWord } from "./other-words.ts";
import type { Finding } from "./problems.ts";
import { asksForNothing, refusalOf, refusedKeys } from "./unsupported.ts";

/** All that was written, and its schema. */
interface Whole {
  readonly root: unknown;
  readonly schema: z.core.$ZodType;
}

/**
 * What there is to say about a key that is not among the names of its place; nothing where it asks for nothing. What it may mean, by
 * likelihood: a name that is spelt alike, a word of other tools, a name of the mapping below or above, a longer name, a name elsewhere.
 */
export function strangeKey(
  key: string,
  mapping: Readonly<Record<string, unknown>>,
  names: readonly string[],
  path: Path,
  { root, schema }: Whole,
): Finding | undefined {
  const place = placeOf(path);
  const finding = { path: [...path, key], at: "key", message: "is not a known key" } as const;
  const refusal = refusalOf(place, key);
  if (refusal !== undefined) {
    return asksForNothing(mapping[key]) ? undefined : { ...finding, message: refusal };
  }
  const instead = (word: string): Finding => {
    const meant = [...path, ...word.split(".")];
    const hint = `did you mean ${word}?`;
    return { ...finding, hint, ...(valueAt(root, meant) === undefined ? { meant } : {}) };
  };
  const [begin, rest] = key.split(/:(?=\S)/);
  if (begin !== undefined && rest !== undefined && names.includes(begin)) {
    return { ...finding, hint: `write a blank after the colon: ${begin}: ${rest}`, meant: [...path, begin] };
  }
  const word = nearest(key, [...names, ...refusedKeys(place)]) ?? otherWord(place, key);
  if (word !== undefined) return instead(word);
  const homes = homesOf(schema, path, key);
  const [home, other] = homes;
  const longer = home?.inLine === true ? undefined : abbreviated(key, names);
  if (longer !== undefined) return instead(longer);
  if (home === undefined) return { ...finding, ...knownHere(names) };
  const hint = `did you mean ${homes.map(({ text }) => text).join(" or ")}?`;
  return { ...finding, message: "is not a known key here", hint, ...(other ? {} : { meant: home.meant }) };
}

/** As many names as can be taken in at a glance. */
const shortList = 12;

/** Which keys a mapping may have, unless they are too many to be read. */
export function knownHere(names: readonly string[]): Pick<Finding, "hint"> {
  return names.length > shortList ? {} : { hint: `known here: ${names.join(", ")}` };
}

/** `["managedNodeGroups", 0, "iam"]` becomes `managedNodeGroups[].iam`. */
function placeOf(path: Path): string {
  return path.map((step, index) => (typeof step === "number" ? "[]" : index === 0 ? step : `.${step}`)).join("");
}
