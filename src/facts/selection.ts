import { createHash } from "node:crypto";
import type { Tags } from "../aws/tags.ts";
import type { Selector } from "../config/instance-selector.ts";

/** On the launch template of a nodegroup: by which `instanceSelector` its types were chosen, and which they are. */
const selectorTag = "ekstool.dev/instance-selector";
const typesTag = "ekstool.dev/instance-types";
/** As many as the value of one tag has room for. */
const typesPerTag = 10;

/** What remembers a choice. */
export function selectionTags(selector: Selector, types: readonly string[]): Tags {
  const tags: Record<string, string> = { [selectorTag]: digest(selector) };
  for (let from = 0; from < types.length; from += typesPerTag) {
    tags[from === 0 ? typesTag : `${typesTag}-${from}`] = types.slice(from, from + typesPerTag).join(" ");
  }
  return tags;
}

/** The types that the same selector has chosen before; undefined where it has not. */
export function rememberedTypes(selector: Selector, tags: Tags): readonly string[] | undefined {
  if (tags[selectorTag] !== digest(selector)) return undefined;
  return Object.entries(tags)
    .filter(([key]) => key.startsWith(typesTag))
    .flatMap(([, names]) => names.split(" "))
    .toSorted();
}

/** A tag's value takes no regular expression. */
function digest(selector: Selector): string {
  return createHash("sha256").update(JSON.stringify(selector)).digest("hex").slice(0, 12);
}
