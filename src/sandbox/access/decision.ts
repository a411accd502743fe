import type { Statement } from "./policy.ts";
import type { RequestContext } from "./request-context.ts";
import type { Requirement } from "./requirement.ts";

/** What binds a principal. */
export interface Policies {
  readonly identity: readonly Statement[];
  /** What the identity-based policies can give at most; absent: no limit. */
  readonly boundary?: readonly Statement[];
}

/**
 * Why a requirement is not met, in IAM's words; undefined where it is. A deny wins over every allow, and what nothing
 * allows is denied (IAM user guide, "Policy evaluation logic").
 */
export function denialOf(policies: Policies, requirement: Requirement, context: RequestContext): string | undefined {
  const { action, resource } = requirement;
  const effects = (statements: readonly Statement[]) =>
    new Set(statements.filter((each) => each.applies(action, resource, context)).map((each) => each.effect));
  const identity = effects(policies.identity);
  const boundary = policies.boundary && effects(policies.boundary);
  if (identity.has("Deny")) return "with an explicit deny in an identity-based policy";
  if (boundary?.has("Deny")) return "with an explicit deny in a permissions boundary";
  if (!identity.has("Allow")) return `because no identity-based policy allows the ${action} action`;
  if (boundary && !boundary.has("Allow")) return `because no permissions boundary allows the ${action} action`;
  return undefined;
}
