import { formatYaml, isMapping, parseYaml } from "../../yaml.ts";

export interface IdentityMapping {
  readonly username?: string;
  readonly groups?: readonly string[];
}

/** By ARN of a role or user, or by account: that has nothing else. */
export type Mappings = Readonly<Record<string, IdentityMapping>>;

type Row = readonly [key: string, mapping: IdentityMapping];

/** The lists of the ConfigMap aws-auth, which are YAML text: what their rows are keyed by, and which keys are in which. */
const lists = [
  { name: "mapRoles", arn: "rolearn", has: (key: string) => key.includes(":role/") },
  { name: "mapUsers", arn: "userarn", has: (key: string) => key.includes(":user/") },
  { name: "mapAccounts", arn: undefined, has: (key: string) => !key.startsWith("arn:") },
] as const;

/**
 * What the ConfigMap aws-auth says. Of several rows with one key the last one counts, as it does for EKS.
 *
 * @throws YamlError when one of the lists cannot be read: then nobody is let in by it, and it is not for us to mend.
 */
export function mappingsIn(data: unknown): Mappings {
  return Object.fromEntries(rowsIn(data));
}

/** How many rows each key has. */
export function rowCounts(data: unknown): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [key] of rowsIn(data)) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

/** The lists that a change leads to, null for one that has nothing to say; other rows stay as they are, and where they are. */
export function changedTexts(
  data: unknown,
  { set, remove }: { readonly set: Mappings; readonly remove: readonly string[] },
): Readonly<Record<string, string | null>> {
  const isConcerned = (key: string) => key in set || remove.includes(key);
  return Object.fromEntries(
    lists.map((list) => {
      const kept = itemsOf(data, list).filter((item) => rowsOf(item, list).every(([key]) => !isConcerned(key)));
      const added = Object.entries(set).filter(([key]) => list.has(key));
      const items = [
        ...kept,
        ...added.map(([key, value]) => (list.arn === undefined ? key : { [list.arn]: key, ...value })),
      ];
      return [list.name, items.length === 0 ? null : formatYaml(items)];
    }),
  );
}

type List = (typeof lists)[number];

function rowsIn(data: unknown): readonly Row[] {
  return lists.flatMap((list) => itemsOf(data, list).flatMap((item) => rowsOf(item, list)));
}

function itemsOf(data: unknown, { name }: List): readonly unknown[] {
  const text = isMapping(data) ? data[name] : undefined;
  if (typeof text !== "string" || text.trim() === "") return [];
  const { value } = parseYaml(text);
  return Array.isArray(value) ? value : [];
}

/** None for what nobody can read. */
function rowsOf(item: unknown, { arn }: List): readonly Row[] {
  if (arn === undefined) return [[String(item), {}]];
  if (!isMapping(item)) return [];
  const { [arn]: key, ...mapping } = item;
  return typeof key === "string" ? [[key, mapping]] : [];
}
