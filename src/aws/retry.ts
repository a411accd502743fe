import { createHash, randomUUID } from "node:crypto";
import { getSmithyContext } from "@smithy/core/client";
import { NormalizedSchema } from "@smithy/core/schema";
import type { Clock } from "../clock.ts";
import type { CredentialKeeper } from "./credentials.ts";
import { isExpired, isThrottled, isUnanswered, neverArrived } from "./errors.ts";
import { type FailedCall, rememberCall } from "./failed-call.ts";
import { clearSecrets } from "./secrets.ts";

/** One wave of 30 nodegroups under AWS's request rates is through after a few minutes; this is several times as long. */
const throttledTries = 40;
const transientTries = 6;
/** Credentials that are new and refused all the same, one after the other: something else is wrong with them. */
const renewals = 3;

/** Reads and deletions. */
const readsAndDeletes = /^(Describe|List|Get|Delete|Detach|Disassociate|Release|Revoke|Remove|Untag)/;
/** Calls that state what shall be, so that saying it twice changes nothing. */
const statements =
  /^(Put|Tag|CreateTags|AttachRolePolicy|UpdateAssumeRolePolicy|ModifyVpcAttribute|ModifySubnetAttribute|ModifySecurityGroupRules|ReplaceRoute$)/;

type Context = Parameters<typeof getSmithyContext>[0];
type Send<Input, Result> = (args: { input: Input }) => Promise<Result>;

/**
 * Takes the place of the SDK's own retries, which send every unanswered call again and so make two VPCs of one. What was
 * throttled, or never arrived, is always sent again; what went unanswered only where twice is the same as once; what was
 * refused because the credentials have expired when there are new ones. Everything else is thrown to the engine, which
 * looks. Outermost in the client: each try is held on the clock as a whole (credentials, signature, request), and the
 * pause between two is not.
 */
export function retrying(service: string, clock: Clock, credentials: CredentialKeeper) {
  return <Input extends object, Result>(next: Send<Input, Result>, context: Context): Send<Input, Result> =>
    async (args) => {
      const { operationSchema } = getSmithyContext(context);
      const { operation, tokenMember } = describeOperation(operationSchema);
      const call: FailedCall = {
        service,
        operation,
        repeatable: tokenMember !== undefined || readsAndDeletes.test(operation) || statements.test(operation),
      };
      // Made here and not by the SDK's serializer, so that every try carries the same one.
      const input = tokenMember === undefined ? args.input : { [tokenMember]: randomUUID(), ...args.input };
      for (let tries = 1, renewed = 0; ; tries++) {
        const turn = await credentials.turn();
        try {
          const result = await clock.hold(() => next({ ...args, input }));
          credentials.accepted();
          return result;
        } catch (error) {
          clearSecrets(error);
          rememberCall(error, call);
          if (isExpired(error) && renewed++ < renewals) {
            await credentials.renew(turn, error);
            continue;
          }
          const pause = pauseAfter(error, call, tries);
          if (pause === undefined) throw error;
          await clock.sleep(pause * spread(call, input, tries));
        }
      }
    };
}

/** Milliseconds until the next try; undefined: there is none. */
function pauseAfter(error: unknown, { repeatable }: FailedCall, tries: number): number | undefined {
  if (isThrottled(error)) return tries < throttledTries ? Math.min(20_000, 500 * 2 ** tries) : undefined;
  const safe = neverArrived(error) || (repeatable && isUnanswered(error));
  return safe && tries < transientTries ? Math.min(8_000, 250 * 2 ** tries) : undefined;
}

/** Between a half and one, from the request itself: equal runs take equal time, and different requests part ways. */
function spread({ service, operation }: FailedCall, input: object, tries: number): number {
  const text = JSON.stringify([service, operation, input, tries]);
  return 0.5 + createHash("sha256").update(text).digest().readUInt32BE() / 2 ** 33;
}

/** The SDK's schema of an operation. */
type OperationSchema = readonly [9, namespace: string, name: string, traits: unknown, input: never, output: unknown];

function describeOperation(schema: unknown): { readonly operation: string; readonly tokenMember: string | undefined } {
  if (!isOperationSchema(schema)) throw new Error("the SDK gives no schema of the operation");
  const [, , operation, , input] = schema;
  for (const [name, member] of NormalizedSchema.of(input).structIterator()) {
    if (member.getMergedTraits().idempotencyToken) return { operation, tokenMember: name };
  }
  return { operation, tokenMember: undefined };
}

function isOperationSchema(schema: unknown): schema is OperationSchema {
  return Array.isArray(schema) && schema[0] === 9;
}
