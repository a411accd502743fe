import { type Path, isMapping, valueAt } from "../yaml.ts";
import { findingsOf } from "./messages.ts";
import { nearest } from "./nearest.ts";
import { type Finding, startsWith } from "./problems.ts";
import { type WrittenAt, readKeys } from "./reading.ts";
import { applyRules } from "./rules/index.ts";
import type { Draft } from "./rules/rule.ts";
import { clusterConfig } from "./schema/cluster-config.ts";
import type { ClusterConfig } from "./types.ts";

/** Either the config, or all that is wrong with it. Pure. */
export type Verdict =
  | { readonly config: ClusterConfig; readonly findings: readonly [] }
  | { readonly config?: undefined; readonly findings: readonly Finding[] };

/** A file that is wrong in more places is something else; nobody reads so many messages. */
const mostFindings = 200;

/** @param writtenAt a single value as it was written. */
export function judge(written: unknown, writtenAt: WrittenAt = () => undefined): Verdict {
  const keys = readKeys(written, clusterConfig, writtenAt);
  const parsed = clusterConfig.safeParse(keys.value);
  const meant = keys.findings.flatMap((finding) => (finding.meant ? [finding.meant] : []));
  const isMeant = (path: Path) => valueAt(keys.value, path) === undefined && meant.some((one) => startsWith(one, path));
  const issues = parsed.success
    ? []
    : firstOfEachPath(
        parsed.error.issues.flatMap((issue) =>
          findingsOf(issue, { value: keys.value, schema: clusterConfig, writtenAt }),
        ),
      );
  const wrong = [...keys.findings, ...issues.filter(({ path }) => !isMeant(path))];
  if (isOtherKind(written))
    return { findings: wrong.filter(({ path: [key] }) => key === "apiVersion" || key === "kind") };
  if (wrong.length > mostFindings) return { findings: wrong.slice(0, mostFindings) };
  const draft = without(
    keys.value,
    issues.map((issue) => issue.path),
  );
  const together = isDraft(draft) ? applyRules(draft, [...wrong.map((one) => one.path), ...meant]) : [];
  const findings = [...wrong, ...together].slice(0, mostFindings);
  return parsed.success && findings.length === 0 ? { config: parsed.data, findings: [] } : { findings };
}

/** Something for another tool: what it says is no mistake there. */
function isOtherKind(written: unknown): boolean {
  if (!isMapping(written)) return false;
  const { apiVersion, kind } = written;
  return (
    typeof kind === "string" &&
    nearest(kind, ["ClusterConfig"]) === undefined &&
    !(typeof apiVersion === "string" && apiVersion.startsWith("eksctl.io/"))
  );
}

/** What is left when all that is wrong by itself is left out: nothing, or a mapping whose parts have the right types. */
function isDraft(rest: unknown): rest is Draft<ClusterConfig> {
  return rest !== undefined;
}

function firstOfEachPath(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ path }) => {
    const key = JSON.stringify(path);
    return !seen.has(key) && seen.add(key);
  });
}

/** A copy in which what stands at the paths is absent; items of lists leave a gap, so that the others keep their index. */
function without(value: unknown, paths: readonly Path[]): unknown {
  if (paths.some((path) => path.length === 0)) return undefined;
  if (paths.length === 0 || typeof value !== "object" || value === null) return value;
  const inside = (step: string | number) => paths.filter((path) => path[0] === step).map((path) => path.slice(1));
  if (Array.isArray(value)) return value.map((item, index) => without(item, inside(index)));
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, without(child, inside(key))]));
}
