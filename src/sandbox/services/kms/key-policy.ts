import { z } from "zod";
import { matches, piecesOf } from "../../access/pattern.ts";
import { notSimulated } from "../../aws-error.ts";
import type { World } from "../../world.ts";
import { isUser, roleOfArn } from "../iam/internal.ts";
import { malformedPolicy } from "./errors.ts";
import type { KeyRecord } from "./state.ts";

const texts = z.union([z.string().transform((text) => [text]), z.array(z.string())]).readonly();
const principals = z.union([
  z.literal("*").transform(() => ({ AWS: ["*"] })),
  z.strictObject({ AWS: texts.default([]), Service: texts.optional() }),
]);
const writtenPolicy = z.object({
  Statement: z.preprocess(
    (written) => [written].flat(),
    z.array(
      z.object({
        Effect: z.enum(["Allow", "Deny"]),
        Principal: principals,
        Action: texts,
        Condition: z.unknown().optional(),
      }),
    ),
  ),
});

/** What a key has that is made without a policy: the account's own policies say who may use it. */
export function defaultPolicy(partition: string, account: string): string {
  return keyPolicy([allowing([`arn:${partition}:iam::${account}:root`], ["kms:*"], "Enable IAM User Permissions")]);
}

export function keyPolicy(statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Id: "key-default-1", Statement: statements });
}

/** A statement of a key policy. */
export function allowing(principalArns: readonly string[], actions: readonly string[], Sid: string): object {
  return { Sid, Effect: "Allow", Principal: { AWS: principalArns }, Action: actions, Resource: "*" };
}

/** Throws MalformedPolicyDocumentException for what is no key policy, or names somebody who is not there. */
export function checkPolicy(world: World, document: string): void {
  const statements = statementsOf(document);
  if (!statements) throw malformedPolicy("Policy document is malformed.");
  if (statements.some(({ Condition }) => Condition !== undefined)) throw notSimulated("a Condition in a key policy");
  const named = statements.flatMap(({ Principal }) => Principal.AWS);
  if (named.every((arn) => isKnown(world, arn))) return;
  throw malformedPolicy("Policy contains a statement with one or more invalid principals.");
}

/** Principals of other accounts cannot be looked at. */
function isKnown(world: World, arn: string): boolean {
  const [, , , , account, resource = ""] = arn.split(":");
  if (account !== world.state.account || resource === "root") return true;
  return roleOfArn(world, arn) !== undefined || isUser(world, arn);
}

/**
 * Whether the policy leaves a user or a role, or its account, an action: what remains is for its own policies.
 *
 * @param principal ARN.
 */
export function allowsAccount(key: Pick<KeyRecord, "policy">, principal: string, action: string): boolean {
  const [, partition = "", , , account = ""] = principal.split(":");
  return allows(key, [`arn:${partition}:iam::${account}:root`, account, principal], action);
}

/** Whether the policy, or a grant, lets a role use the key whose own policies say nothing of keys. */
export function allowsRole(key: KeyRecord, roleArn: string, operation: "Decrypt" | "CreateGrant"): boolean {
  const isGranted = key.grants.some(
    ({ grantee, operations }) => grantee === roleArn && operations.some((each) => each === operation),
  );
  return isGranted || allows(key, [roleArn], `kms:${operation}`);
}

function allows({ policy }: Pick<KeyRecord, "policy">, as: readonly string[], action: string): boolean {
  const applying = (statementsOf(policy) ?? []).filter(
    ({ Principal, Action }) =>
      Principal.AWS.some((arn) => arn === "*" || as.includes(arn)) && Action.some((pattern) => fits(pattern, action)),
  );
  return applying.length > 0 && applying.every(({ Effect }) => Effect === "Allow");
}

/** The names of actions are the same in upper and lower case. */
function fits(pattern: string, action: string): boolean {
  return matches(piecesOf(pattern.toLowerCase()), action.toLowerCase());
}

function statementsOf(document: string): z.output<typeof writtenPolicy>["Statement"] | undefined {
  try {
    return writtenPolicy.parse(JSON.parse(document)).Statement;
  } catch {
    return undefined;
  }
}
