import type { Json } from "./state.ts";

/** As it stands in text: templates write numbers and booleans as text or as they are. */
export function plainText(value: Json | undefined): string {
  return typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
}
