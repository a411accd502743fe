import type { IamState } from "./state.ts";
import { malformedPolicy } from "./errors.ts";

/** A statement as far as the sandbox looks into it. */
interface Statement {
  readonly Effect?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Principal?: unknown;
}

/**
 * Reads a permissions policy.
 *
 * @throws AwsError MalformedPolicyDocument, as IAM refuses it.
 */
export function checkPermissionsPolicy(document: string): void {
  for (const statement of statementsOf(document)) {
    if (statement.Principal !== undefined) throw malformedPolicy("Policy document should not specify a principal.");
    if (statement.Resource === undefined && statement.NotResource === undefined) {
      throw malformedPolicy("Policy statement must contain resources.");
    }
  }
}

/**
 * Reads a role's trust policy.
 *
 * @throws AwsError MalformedPolicyDocument, also for a principal of this account that does not exist.
 */
export function checkTrustPolicy(document: string, iam: IamState, account: string): void {
  for (const statement of statementsOf(document)) {
    if (statement.Resource !== undefined) throw malformedPolicy("Has prohibited field Resource");
    if (statement.Principal === undefined) throw malformedPolicy("Missing required field Principal");
    for (const [type, values] of principalsOf(statement)) {
      for (const value of values) {
        if (
          type === "AWS"
            ? !isKnownPrincipal(value, iam, account)
            : type === "Service" && !/^[\w.-]+\.amazonaws\./.test(value)
        ) {
          throw malformedPolicy(`Invalid principal in policy: "${type.toUpperCase()}":"${value}"`);
        }
      }
    }
  }
}

/** The service principals that a trust policy lets assume the role. */
export function trustedServices(document: string): string[] {
  return statementsOf(document)
    .filter((statement) => statement.Effect === "Allow" && listOf(statement.Action).some(isAssumeRole))
    .flatMap(principalsOf)
    .flatMap(([type, values]) => (type === "Service" ? values : []));
}

/** The actions that a policy allows, on whatever and under whatever conditions: patterns as `ec2:Describe*`. */
export function allowedActions(document: string): string[] {
  const allowing = statementsOf(document).filter((statement) => statement.Effect === "Allow");
  return allowing.flatMap((statement) => listOf(statement.Action));
}

function isAssumeRole(action: string): boolean {
  return /^(\*|sts:\*|sts:AssumeRole|sts:AssumeRole\*)$/i.test(action);
}

function statementsOf(document: string): Statement[] {
  let policy: { Version?: unknown; Statement?: unknown };
  try {
    policy = JSON.parse(document) as typeof policy;
  } catch {
    throw malformedPolicy("This policy contains invalid Json");
  }
  if (typeof policy !== "object" || policy === null) throw malformedPolicy("Syntax errors in policy.");
  const { Version, Statement: one } = policy;
  if (Version !== undefined && Version !== "2012-10-17" && Version !== "2008-10-17") {
    throw malformedPolicy("The policy must contain a valid version string");
  }
  const statements = (Array.isArray(one) ? one : [one]) as Statement[];
  if (statements.length === 0 || !statements.every(isStatement)) throw malformedPolicy("Syntax errors in policy.");
  return statements;
}

function isStatement(statement: unknown): boolean {
  if (typeof statement !== "object" || statement === null) return false;
  const { Effect, Action, NotAction } = statement as Statement;
  return (Effect === "Allow" || Effect === "Deny") && (Action !== undefined || NotAction !== undefined);
}

function principalsOf({ Principal }: Statement): [type: string, values: string[]][] {
  if (typeof Principal === "string") return [["AWS", [Principal]]];
  return Object.entries(Principal ?? {}).map(([type, values]) => [type, listOf(values)]);
}

function listOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((each): each is string => typeof each === "string");
}

/** Accounts, everyone, and users and roles: those of this account must exist. */
function isKnownPrincipal(value: string, iam: IamState, account: string): boolean {
  if (value === "*" || /^\d{12}$/.test(value)) return true;
  const [, , service, , owner, entity = ""] =
    /^(arn):([\w-]+):(iam|sts)::(\d{12}):(.+)$/.exec(value)?.map(String) ?? [];
  if (service === undefined) return Object.values(iam.roles).some((role) => role.id === value);
  if (owner !== account || service === "sts" || entity === "root") return true;
  return [...Object.values(iam.roles), ...Object.values(iam.users)].some(({ arn }) => arn === value);
}
