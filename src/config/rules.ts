import type { Path } from "../yaml.ts";
import type { Finding } from "./problems.ts";
import { related } from "./problems.ts";
import type { ClusterConfig } from "./types.ts";

/** A config of which every part that was judged wrong by itself is absent, and all that is there has the right type. */
export type Draft<T> = T extends readonly (infer Item)[]
  ? readonly (Draft<Item> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: Draft<T[Key]> }
    : T;

export interface FindingDetails {
  readonly at?: "key" | "value";
  readonly hint?: string;
  /** Other places that the rule has read: where one of them is wrong already, the finding is not reported. */
  readonly reads?: readonly Path[];
}

export type Report = (path: Path, message: string, details?: FindingDetails) => void;

/** Judges what keys of one concern mean together. */
export type Rule = (config: Draft<ClusterConfig>, report: Report) => void;

const rules: readonly Rule[] = [];

/** @param broken the paths that were judged wrong by themselves. */
export function applyRules(config: Draft<ClusterConfig>, broken: readonly Path[]): readonly Finding[] {
  const findings: Finding[] = [];
  const report: Report = (path, message, { at = "value", hint, reads = [] } = {}) => {
    if ([path, ...reads].some((read) => broken.some((one) => related(one, read)))) return;
    findings.push({ path, at, message, ...(hint === undefined ? {} : { hint }) });
  };
  for (const rule of rules) rule(config, report);
  return findings;
}
