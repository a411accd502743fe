import type { Permission } from "../../operations/iam-policy.ts";
import { renderTable } from "./table.ts";

/** Permissions for a person to read: each action, what it is narrowed to, and what needs it. */
export function renderPermissions(permissions: readonly Permission[]): readonly string[] {
  return renderTable(
    ["ACTION", "NEED", "RESOURCE", "ONLY WHERE", "WHY"],
    permissions.map((one) => [one.action, one.need, one.resource, conditionText(one), whyText(one)]),
  );
}

function conditionText({ condition = {} }: Permission): string {
  return Object.values(condition)
    .flatMap((keys) => Object.entries(keys))
    .map(([key, values]) => `${key} is ${values.join(" or ")}`)
    .join(" and ");
}

const before = { required: "", conditional: "when ", optional: "without it " } as const;

function whyText({ need, reasons }: Permission): string {
  const [first, ...others] = reasons;
  if (first === undefined) return "";
  return `${before[need]}${first}${others.length === 0 ? "" : `; and ${others.length} more`}`;
}
