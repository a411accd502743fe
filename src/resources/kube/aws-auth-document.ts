import { formatYaml, isMapping, parseYaml } from "../../yaml.ts";

export interface IdentityMapping {
  readonly username?: string;
  readonly groups?: readonly string[];
}

/** By ARN of a role or user, or by account: that has nothing else. */
export type Mappings = Readonly<Record<string, IdentityMapping>>;

/**
 * What the ConfigMap aws-auth says: three lists as YAML text.
 *
 * @throws YamlError when one of them cannot be read: then nobody is let in by it, and it is not for us to mend.
 */
export function mappingsIn(data: unknown): Mappings {
  const { mapRoles, mapUsers, mapAccounts } = isMapping(data) ? data : {};
  return Object.fromEntries([
    ...itemsIn(mapRoles).flatMap((item) => mapping(item, "rolearn")),
    ...itemsIn(mapUsers).flatMap((item) => mapping(item, "userarn")),
    ...itemsIn(mapAccounts).map((account) => [String(account), {}] as const),
  ]);
}

/** The lists that say so; null for those that have nothing to say. */
export function textsOf(mappings: Mappings): Readonly<Record<string, string | null>> {
  const all = Object.entries(mappings);
  const rows = (key: string, part: string) =>
    all.filter(([arn]) => arn.includes(part)).map(([arn, value]) => ({ [key]: arn, ...value }));
  const accounts = all.flatMap(([account]) => (account.startsWith("arn:") ? [] : [account]));
  const text = (items: readonly unknown[]) => (items.length === 0 ? null : formatYaml(items));
  return {
    mapRoles: text(rows("rolearn", ":role/")),
    mapUsers: text(rows("userarn", ":user/")),
    mapAccounts: text(accounts),
  };
}

function itemsIn(text: unknown): readonly unknown[] {
  if (typeof text !== "string" || text.trim() === "") return [];
  const { value } = parseYaml(text);
  return Array.isArray(value) ? value : [];
}

function mapping(item: unknown, key: string): readonly (readonly [string, IdentityMapping])[] {
  if (!isMapping(item)) return [];
  const { [key]: arn, ...rest } = item;
  return typeof arn === "string" ? [[arn, rest]] : [];
}
