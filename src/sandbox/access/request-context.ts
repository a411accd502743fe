import type { Context } from "./requirement.ts";

/** The condition keys of one requirement; their names are the same in upper and lower case. */
export interface RequestContext {
  /** Undefined where the request does not have the key. */
  values(key: string): readonly string[] | undefined;
}

export function requestContext(...contexts: readonly Context[]): RequestContext {
  const byKey = new Map<string, readonly string[]>();
  for (const [key, value] of contexts.flatMap((context) => Object.entries(context))) {
    byKey.set(key.toLowerCase(), typeof value === "string" ? [value] : value);
  }
  return { values: (key) => byKey.get(key.toLowerCase()) };
}
