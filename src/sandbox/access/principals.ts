import { z } from "zod";
import { InputError } from "../../errors.ts";
import { parseYaml } from "../../yaml.ts";
import type { AccessKey } from "../credentials.ts";
import type { Residents } from "../residents.ts";
import { sandboxAccount } from "../world-state.ts";
import type { Policies } from "./decision.ts";
import { policyDocument, statementsOf } from "./policy.ts";

const name = String.raw`[\w+=,.@-]{1,64}`;
const arnForm = new RegExp(
  `^arn:[a-z-]+:(iam::${sandboxAccount}:user/([!-.0-~]+/)*|sts::${sandboxAccount}:assumed-role/${name}/)${name}$`,
);

const principal = z.strictObject({
  accessKeyId: z.string().min(1),
  secretAccessKey: z.string().min(1),
  /** Of temporary credentials; absent: requests must not have one. */
  sessionToken: z.string().min(1).optional(),
  /** The SDK marks credentials that one of its clients has used. */
  $source: z.unknown().optional(),
  /** Of a user, or of a role's session. */
  arn: z
    .string()
    .regex(
      arnForm,
      `must be arn:aws:iam::${sandboxAccount}:user/NAME or arn:aws:sts::${sandboxAccount}:assumed-role/ROLE/SESSION`,
    ),
  /** Its identity-based policies: documents, as they are attached to it or to its groups. */
  policies: z.array(policyDocument).readonly(),
  /** A policy that limits what the others can give. */
  permissionsBoundary: policyDocument.optional(),
});

/** A caller that is held to policies. */
export type Principal = z.input<typeof principal>;
export type CheckedPrincipal = z.output<typeof principal>;

const principals = z.array(principal).superRefine((all, context) => {
  for (const [index, { accessKeyId }] of all.entries()) {
    if (all.findIndex((each) => each.accessKeyId === accessKeyId) === index) continue;
    context.addIssue({ code: "custom", path: [index, "accessKeyId"], message: "another principal has this key" });
  }
});

/**
 * Checks principals that come from outside.
 *
 * @param from what they come from, for the error.
 * @throws InputError that names every problem, and everything in a policy that the sandbox does not simulate.
 */
export function parsePrincipals(data: unknown, from?: string): CheckedPrincipal[] {
  const result = principals.safeParse(data);
  if (!result.success) {
    const where = from === undefined ? "" : ` in ${from}`;
    throw new InputError(`invalid principals${where}:\n${z.prettifyError(result.error)}`);
  }
  return result.data;
}

/**
 * Reads a file of principals: a list, in YAML or JSON.
 *
 * @throws InputError that names every problem.
 */
export function readPrincipals({ text, name }: { readonly text: string; readonly name: string }): Principal[] {
  return parsePrincipals(parseYaml(text).value, name);
}

/** Somebody who can sign requests, and what they are held to. */
export interface Caller extends AccessKey {
  readonly arn: string;
  readonly policies: Policies;
}

export function callerOf(checked: CheckedPrincipal): Caller {
  const { accessKeyId, secretAccessKey, sessionToken, arn, policies, permissionsBoundary } = checked;
  return {
    accessKeyId,
    secretAccessKey,
    arn,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    policies: {
      identity: policies.flatMap(statementsOf),
      ...(permissionsBoundary === undefined ? {} : { boundary: statementsOf(permissionsBoundary) }),
    },
  };
}

/** The users and roles that they are, for the account to have. */
export function identitiesOf(principals: readonly CheckedPrincipal[]): Residents {
  const arns = principals.map(({ arn }) => arn);
  const sessions = arns.filter((arn) => arn.split(":")[2] === "sts");
  const roles = new Set(
    sessions.map((arn) => arn.replace(":sts:", ":iam:").replace(/:assumed-role\/([^/]+)\/.+$/, ":role/$1")),
  );
  return { users: arns.filter((arn) => !sessions.includes(arn)), roles: [...roles].map((arn) => ({ arn })) };
}
