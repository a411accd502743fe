import type { Path } from "../../yaml.ts";
import type { ClusterConfig, ManagedNodeGroup, NodeGroup, NodeGroupBase } from "../types.ts";

/** A config of which every part that was judged wrong by itself is absent, and all that is there has the right type. */
export type Draft<T> = T extends readonly (infer Item)[]
  ? readonly (Draft<Item> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: Draft<T[Key]> | undefined }
    : T;

interface FindingDetails {
  readonly at?: "key" | "value";
  readonly hint?: string;
  /** Other places that the rule has read: where one of them is wrong already, the finding is not reported. */
  readonly reads?: readonly Path[];
}

export type Report = (path: Path, message: string, details?: FindingDetails) => void;

/** Judges what keys mean together. */
export type Rule = (config: Draft<ClusterConfig>, report: Report) => void;

/** A rule about one nodegroup, of whichever kind: `at` is its place. */
export function forEachNodegroup(
  rule: (group: Draft<NodeGroupBase>, at: Path, report: Report, config: Draft<ClusterConfig>) => void,
): Rule {
  return (config, report) => {
    forEachSelfManagedNodegroup(rule)(config, report);
    forEachManagedNodegroup(rule)(config, report);
  };
}

/** A rule about one self-managed nodegroup. */
export function forEachSelfManagedNodegroup(
  rule: (group: Draft<NodeGroup>, at: Path, report: Report, config: Draft<ClusterConfig>) => void,
): Rule {
  return (config, report) => {
    for (const [index, group] of present(config.nodeGroups)) rule(group, ["nodeGroups", index], report, config);
  };
}

/** A rule about one managed nodegroup. */
export function forEachManagedNodegroup(
  rule: (group: Draft<ManagedNodeGroup>, at: Path, report: Report, config: Draft<ClusterConfig>) => void,
): Rule {
  return (config, report) => {
    for (const [index, group] of present(config.managedNodeGroups)) {
      rule(group, ["managedNodeGroups", index], report, config);
    }
  };
}

/** For a finding about a value that nobody may have written: which key has it by default. */
export function whereUnwritten(written: unknown, value: number | string, key: string): Pick<FindingDetails, "hint"> {
  return written === undefined ? { hint: `${value} is the default of ${key}` } : {};
}

/** The items of a list that are there, each with its index. */
export function present<T>(items: readonly (T | undefined)[] | undefined): readonly (readonly [number, T])[] {
  return (items ?? []).flatMap((item, index) => (item === undefined ? [] : [[index, item] as const]));
}

/** Reports every item whose name an earlier one has. */
export function reportDuplicates(
  named: readonly { readonly name: string | undefined; readonly path: Path }[],
  report: Report,
  message: (name: string) => string,
): void {
  const seen = new Set<string>();
  for (const { name, path } of named) {
    if (name === undefined) continue;
    const key = name.toLowerCase();
    if (seen.has(key)) report(path, message(name));
    seen.add(key);
  }
}
