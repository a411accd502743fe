import * as z from "zod";
import type { Path } from "../yaml.ts";
import { childOf, shapeOf, unwrap } from "./schema-walk.ts";
import { formatPath } from "./errors.ts";

/** The steps to a mapping: keys, `[]` for the items of a list, `<name>` for names that are free. */
type Place = readonly string[];

/** Where a key belongs that stands at a wrong place. */
interface Home {
  /** As it is written in messages. */
  readonly text: string;
  /** Its path, as far as it crosses no list. */
  readonly meant: Path;
  /** Below or above the place, where indentation is what may be wrong. */
  readonly inLine: boolean;
}

/** As many homes as help. */
const most = 2;

/**
 * Where a key is known that stands where it is not: below this mapping, above it, or beside it at one place only. Indentation that is
 * wrong by a level is the most frequent cause.
 */
export function homesOf(root: z.core.$ZodType, path: Path, key: string): readonly Home[] {
  const here = path.map((step) => (typeof step === "number" ? "[]" : step));
  const places = placesByKey(root).get(key) ?? [];
  const below = nearestFew(places.filter((place) => isBegin(here, place) && place.length <= here.length + deepest));
  const above = places
    .filter((place) => isBegin(place, here))
    .toSorted((a, b) => b.length - a.length)
    .slice(0, 1);
  const beside = [here, ...places].every(isOnce) ? places : [];
  const found = [below, above, beside].find((some) => some.length > 0) ?? [];
  if (found.length > most) return [];
  return found.map((place) => ({ ...homeAt(place, path, key), inLine: found !== beside }));
}

/** How many levels below a key is looked for. */
const deepest = 2;

function nearestFew(places: readonly Place[]): readonly Place[] {
  const least = Math.min(...places.map((place) => place.length));
  return places.filter((place) => place.length === least);
}

function isBegin(begin: Place, place: Place): boolean {
  return begin.length <= place.length && begin.every((step, index) => step === place[index]);
}

/** There is one such place in a file. */
const isOnce = (place: Place) => !place.includes("[]") && !place.includes("<name>");

function homeAt(place: Place, path: Path, key: string): Omit<Home, "inLine"> {
  if (place.length === 0) return { text: `${key} at the top level`, meant: [key] };
  const steps: Path = [...place.map((step, index) => (step === "[]" ? (path[index] ?? step) : step)), key];
  const end = steps.findIndex((step) => step === "[]" || step === "<name>");
  const text = formatPath(steps).replaceAll(/\["(\[\]|<name>)"\]/g, "$1");
  return { text, meant: end < 0 ? steps : steps.slice(0, end) };
}

const known = new WeakMap<z.core.$ZodType, ReadonlyMap<string, readonly Place[]>>();

function placesByKey(root: z.core.$ZodType): ReadonlyMap<string, readonly Place[]> {
  const found = known.get(root) ?? gather(root);
  known.set(root, found);
  return found;
}

function gather(root: z.core.$ZodType): ReadonlyMap<string, readonly Place[]> {
  const places = new Map<string, Place[]>();
  const visit = (schema: z.core.$ZodType, place: Place): void => {
    const inner = unwrap(schema);
    for (const [key, child] of Object.entries(shapeOf(inner))) {
      places.set(key, [...(places.get(key) ?? []), place]);
      visit(child, [...place, key]);
    }
    if (inner instanceof z.ZodUnion) for (const option of inner.options) visit(option, place);
    const item = inner instanceof z.ZodArray || inner instanceof z.ZodRecord ? childOf(inner, 0) : undefined;
    if (item) visit(item, [...place, inner instanceof z.ZodArray ? "[]" : "<name>"]);
  };
  visit(root, []);
  return places;
}
