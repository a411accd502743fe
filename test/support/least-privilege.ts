import { explain } from "../../src/operations/explain.ts";
import { iamPolicy, type Permission, policyDocuments } from "../../src/operations/iam-policy.ts";
import type { Finished } from "../../src/operations/proposal.ts";
import type { Purpose } from "../../src/operations/purposes.ts";
import { rows } from "../../src/sandbox/access/authorize.ts";
import { denialOf } from "../../src/sandbox/access/decision.ts";
import { policyDocument, statementsOf } from "../../src/sandbox/access/policy.ts";
import { requestContext } from "../../src/sandbox/access/request-context.ts";
import type { Input, Requirement } from "../../src/sandbox/access/requirement.ts";
import { type Principal, sandboxCredentials } from "../../src/sandbox/index.ts";
import { type Account, parse } from "./account.ts";

/** A part of a cluster's life, and whose permissions it takes. */
export interface Passage {
  readonly name: string;
  from(): Promise<Account>;
  readonly purpose: Purpose;
  /** The file that the policy is made for. */
  readonly text: string;
  run(account: Account): Promise<Finished<unknown> | undefined>;
  /** It sends only a part of what its purpose takes. */
  readonly part?: true;
  /** Actions that its purpose requires, and it can do without. */
  readonly goesOnWithout?: readonly string[];
  /** It loses nothing by what is optional, and so nobody is told of that. */
  readonly changesNothing?: true;
  /** How it ends for whoever may do everything. Default: done. */
  readonly outcome?: "failed";
}

/** What the tool says that the passage takes. */
export function permissionsOf({ text, purpose }: Passage): readonly Permission[] {
  return iamPolicy(parse(text), { account: "111122223333", purposes: [purpose], optional: true }).permissions;
}

export interface Held {
  readonly outcome: string;
  /** What the user reads of what went wrong, a text each. */
  readonly errors: readonly string[];
  /** Notes that the user reads meanwhile. */
  readonly notes: readonly string[];
  /** Everything that AWS checked. */
  readonly checked: readonly Requirement[];
}

/** The passage by a caller who is allowed this and nothing else. */
export async function heldTo(passage: Passage, permissions: readonly Permission[]): Promise<Held> {
  const account = await (await passage.from()).fork();
  const { sandbox, events } = account;
  const { state } = sandbox.world;
  const arn = `arn:${state.partition}:iam::${state.account}:user/held`;
  const checked: Requirement[] = [];
  sandbox.onRequest(({ service, operation, region, input }) => {
    const where = { account: state.account, partition: state.partition, principal: arn, requestId: "" };
    const call = { service, operation, region, ...where, world: sandbox.world };
    checked.push(...(rows[service]?.[operation]?.(input as Input, call) ?? []));
  });
  const { accessKeyId, secretAccessKey } = sandboxCredentials;
  sandbox.principals([{ accessKeyId, secretAccessKey, arn, policies: asFiles(permissions) }]);
  try {
    const end = await endOf(passage.run(account));
    const notes = events.flatMap((event) => (event.type === "note" ? [event.text] : []));
    return { ...end, notes, checked };
  } finally {
    await account.close();
  }
}

/** As a program reads what another has printed. */
function asFiles(permissions: readonly Permission[]): Principal["policies"] {
  return JSON.parse(JSON.stringify(policyDocuments(permissions))) as Principal["policies"];
}

async function endOf(run: ReturnType<Passage["run"]>): Promise<Pick<Held, "outcome" | "errors">> {
  try {
    const finished = await run;
    const failures = finished?.result.failures ?? [];
    const leftovers = finished?.result.leftovers ?? [];
    const errors = [...failures.map(({ error }) => textOf(error)), ...leftovers.map(({ because }) => because)];
    return { outcome: finished?.result.outcome ?? "done", errors };
  } catch (error) {
    return { outcome: "failed", errors: [textOf(error)] };
  }
}

function textOf(error: unknown): string {
  const { code = "", message, hint = "" } = explain(error);
  return `${code}: ${message}\n${hint}`;
}

/** Whether a text says that AWS refused something. */
export function speaksOfPermissions(text: string): boolean {
  return /not authorized|missing permissions/.test(text);
}

/** What a permission is exercised for: what AWS checked, that this permission allows and none of the others does. */
export function exercised(
  permission: Permission,
  others: readonly Permission[],
  checked: readonly Requirement[],
): readonly Requirement[] {
  const matching = checked.filter(({ action }) => action === permission.action);
  if (matching.length === 0) return [];
  const alike = others.filter(({ action }) => action === permission.action);
  return matching.filter((one) => allows([permission], one) && !allows(alike, one));
}

function allows(permissions: readonly Permission[], requirement: Requirement): boolean {
  const identity = asFiles(permissions).flatMap((document) => statementsOf(policyDocument.parse(document)));
  return denialOf({ identity }, requirement, requestContext(requirement.context)) === undefined;
}

/** Whether a text names what was refused, as far as AWS says it. */
export function names(text: string, { action, resource, named = resource, refusal }: Requirement): boolean {
  if (!text.includes(action)) return false;
  if (refusal && action.startsWith("ec2:")) return text.includes("launch template");
  return named === "*" || text.includes(refusal ? (resource.split("/").at(-1) ?? "") : named);
}
