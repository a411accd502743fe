import { isMapping } from "../../src/yaml.ts";

/** The document with one value put in its place. @param path as `managedNodeGroups[0].labels.team`; an index that is free adds an item. */
export function withValue(document: unknown, path: string, value: unknown): unknown {
  return put(document, stepsOf(path), value);
}

function stepsOf(path: string): readonly (string | number)[] {
  return [...path.matchAll(/\[(\d*)\]|[^.[\]]+/g)].map(([step, index]) =>
    step.startsWith("[") ? Number(index) : step,
  );
}

function put(value: unknown, [step, ...rest]: readonly (string | number)[], to: unknown): unknown {
  if (step === undefined) return to;
  if (typeof step === "number") {
    const items: readonly unknown[] = Array.isArray(value) ? value : [];
    return items.toSpliced(step, 1, put(items[step], rest, to));
  }
  const mapping = isMapping(value) ? value : {};
  return { ...mapping, [step]: put(mapping[step], rest, to) };
}
