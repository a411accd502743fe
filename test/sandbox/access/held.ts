import type { Principal, Sandbox } from "../../../src/sandbox/index.ts";
import { clientsOf, refusal } from "../clients.ts";

export const heldArn = "arn:aws:iam::111122223333:user/held";
const key = { accessKeyId: "AKIAHELD", secretAccessKey: "held-secret" };

export type Statement = Readonly<Record<string, unknown>>;

export const allowed = (Action: string | readonly string[], more: Statement = {}): Statement => ({
  Effect: "Allow",
  Action,
  Resource: "*",
  ...more,
});
export const denied = (Action: string | readonly string[], more: Statement = {}): Statement => ({
  ...allowed(Action, more),
  Effect: "Deny",
});
export const document = (...statements: readonly Statement[]) => ({ Version: "2012-10-17", Statement: statements });

/** Clients of a caller who is held to these statements. */
export function heldTo(
  sandbox: Sandbox,
  region: string,
  statements: readonly Statement[],
  more: Partial<Pick<Principal, "arn" | "permissionsBoundary">> & { readonly sessionToken?: string } = {},
) {
  sandbox.principals([{ ...key, arn: heldArn, policies: [document(...statements)], ...more }]);
  const { sessionToken } = more;
  return clientsOf(sandbox, {
    region,
    credentials: { ...key, ...(sessionToken === undefined ? {} : { sessionToken }) },
  });
}

/** All but these actions. */
export const allBut = (...actions: readonly string[]): Statement => ({
  Effect: "Allow",
  NotAction: actions,
  Resource: "*",
});

/** The words of a refusal that say what is missing. */
export async function missing(call: Promise<unknown>): Promise<string> {
  const { name, message } = await refusal(call);
  const [, action, resource] = /perform: (\S+)(?: on resource: (.+?))? (?:because|with)/.exec(message) ?? [];
  return action === undefined ? `${name}: ${message}` : [action, resource].filter(Boolean).join(" on ");
}
