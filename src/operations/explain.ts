import type { Denial } from "../aws/denial.ts";
import { causeClass, describeAwsError, hintOn } from "../aws/errors.ts";
import { type CauseClass, EkstoolError, FailedError } from "../errors.ts";

/** An error as data: what is printed, and what `--progress json` says. */
export interface Explanation {
  /** AWS's own code, where AWS said no. */
  readonly code?: string;
  readonly message: string;
  readonly cause: CauseClass;
  /** What the user can do next. */
  readonly hint?: string;
  /** The permission that is missing: its action, and the ARN that it is missing for. */
  readonly denied?: { readonly action: string; readonly resource?: string };
  /** The call that failed, as in the names of IAM actions: `ec2:CreateVpc`. */
  readonly call?: string;
  readonly requestId?: string;
}

/** What happened, in AWS's own words where they are AWS's. */
export function explain(error: unknown): Explanation {
  const cause = causeClass(error);
  if (error instanceof EkstoolError) {
    const advice = error instanceof FailedError ? hintOn(error) : error.hint;
    return { message: error.message, cause, ...(advice === undefined ? {} : { hint: advice }) };
  }
  const { code, message, requestId, hint, service, operation, denial } = describeAwsError(error);
  return {
    message,
    cause,
    ...(code === undefined ? {} : { code }),
    ...(hint === undefined ? {} : { hint }),
    ...(denial === undefined ? {} : { denied: deniedOf(denial) }),
    ...(service === undefined || operation === undefined ? {} : { call: `${service}:${operation}` }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

function deniedOf({ action, resource }: Denial) {
  return resource === undefined ? { action } : { action, resource };
}
