import type { Condition } from "../engine/context.ts";
import {
  type CauseClass,
  EkstoolError,
  type FailedError,
  InputError,
  RefusedError,
  StillWorkingError,
} from "../errors.ts";
import { type Denial, denialOf } from "./denial.ts";
import { type Advice, adviceFor, expiredCodes } from "./error-advice.ts";
import { failedCall } from "./failed-call.ts";

/** What AWS, or the way to it, said. */
export interface AwsErrorDescription {
  /** AWS's own code (`DependencyViolation`), or Node's (`ECONNREFUSED`). */
  readonly code?: string;
  readonly message: string;
  readonly requestId?: string;
  /** As `CreateVpc`. */
  readonly operation?: string;
  /** As `ec2`. */
  readonly service?: string;
  /** What the caller may not do, where that is what AWS says. */
  readonly denial?: Denial;
  /** What the user can do, where that follows from the code alone. */
  readonly hint?: string;
}

interface Pattern {
  /** The whole code. IAM's and Logs' codes are given without the `Exception` at the end. */
  readonly code: RegExp;
  /** Anywhere in the message; absent: whatever it says. */
  readonly message?: RegExp;
}

/** Codes that say "slow down". Not the SDK's list: that takes IAM's LimitExceededException, a quota, for one of them. */
const throttling =
  /^(Throttling|Throttled|ThrottledException|ThrottlingException|RequestThrottled|RequestLimitExceeded|TooManyRequests|SlowDown|EC2ThrottledException|PriorRequestNotComplete|BandwidthLimitExceeded)$/;

/** Conditions by code and message, in order: the first that fits counts. */
const conditions: readonly (Pattern & { readonly condition: Condition | undefined })[] = [
  { condition: "throttled", code: throttling },

  // EKS, of what the caller may not do: no matter of time.
  { condition: undefined, code: /^InvalidRequest$/, message: /due to missing permissions for '/ },
  // IAM: roles and policies are known to other services some seconds after IAM knows them.
  {
    condition: "propagation",
    code: /^(InvalidParameter|InvalidRequest|ValidationError)$/,
    message:
      /(could not|cannot|can't|unable to) (be )?assumed?|is not authorized to (be assumed|perform sts:AssumeRole)/i,
  },
  {
    condition: "propagation",
    code: /^(InvalidParameter|InvalidRequest)$/,
    message:
      /principalArn.*invalid|invalid principal|role .*(does not exist|not found|is invalid)|missing .*(policy|policies|permission)/i,
  },
  { condition: "propagation", code: /^MalformedPolicyDocument$/, message: /invalid principal/i },
  { condition: "propagation", code: /^InvalidParameterValue$/, message: /iam instance profile/i },
  { condition: "propagation", code: /^ResourcePropagationDelay$/ },
  // EC2: the gateway of a route or of a NAT gateway is not attached yet everywhere.
  {
    condition: "propagation",
    code: /^(Gateway\.NotAttached|InvalidParameterValue)$/,
    message: /no internet gateway attached|belong to different networks/i,
  },

  // A Kubernetes API that is new does not know its access entries yet.
  { condition: "propagation", code: /^(Unauthorized|Forbidden)$/ },

  {
    condition: "dependency",
    code: /^(DependencyViolation|DeleteConflict|InvalidIPAddress\.InUse|InvalidPlacementGroup\.InUse|ResourceInUse\.Associated|VolumeInUse)$/,
  },
  { condition: "dependency", code: /^ResourceInUse$/, message: /(has|have) .*(attached|associated)|in use by/i },

  { condition: "exists", code: /^ResourceInUse$/, message: /already exists/i },
  { condition: "exists", code: /(AlreadyExists|AlreadyAssociated|\.Duplicate|^InvalidSubnet\.Conflict)$/ },
  {
    condition: "busy",
    code: /^(ResourceInUse|IncorrectState|InvalidVpnGatewayState|QueueDeletedRecently|AWS\.SimpleQueueService\.QueueDeletedRecently|ConcurrentModification|EntityTemporarilyUnmodifiable|OperationAborted)$/,
  },
  {
    condition: "busy",
    code: /^(InvalidParameter|InvalidRequest|InvalidState)$/,
    message:
      /not (currently )?(in )?ACTIVE|(update|operation|change)s? .*in progress|is (currently )?(being )?(updat|creat|delet)(ing|ed)/i,
  },

  // CloudFormation, of stacks.
  { condition: "not-found", code: /^ValidationError$/, message: /^Stack with id .* does not exist/ },
  {
    condition: "busy",
    code: /^ValidationError$/,
    message: /is in \w+_IN_PROGRESS state and can ?not be updated|cannot be deleted while in status \w+_IN_PROGRESS/,
  },

  {
    condition: "not-found",
    code: /^(.*\.NotFound|.*NotFound|NoSuchEntity|Gateway\.NotAttached|InvalidAMIID\.Unavailable|InvalidPlacementGroup\.Unknown|QueueDoesNotExist|AWS\.SimpleQueueService\.NonExistentQueue)$/,
  },
];

/** What an error means for the engine; undefined: AWS means what it says. */
export function classify(error: unknown): Condition | undefined {
  const { code = "", message } = describeAwsError(error);
  const plain = code.replace(/Exception$/, "");
  const known = conditions.find(
    (pattern) => pattern.code.test(plain) && (pattern.message === undefined || pattern.message.test(message)),
  );
  if (known) return known.condition;
  if (isThrottled(error)) return "throttled";
  if (neverArrived(error)) return "transient";
  if (isUnanswered(error)) return failedCall(error)?.repeatable ? "transient" : "ambiguous";
  return undefined;
}

/** AWS asked to slow down: nothing was done. */
export function isThrottled(error: unknown): boolean {
  return throttling.test(codeOf(error)?.replace(/Exception$/, "") ?? "") || statusOf(error) === 429;
}

const networkCodes = /^(ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|TimeoutError|RequestTimeout|EHOSTUNREACH|ENETUNREACH)$/;
const unreachableCodes = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ProxyUnavailable)$/;

/** No answer, or a server error: it may or may not have been done. */
export function isUnanswered(error: unknown): boolean {
  const status = statusOf(error);
  if (status !== undefined && status !== 200) return [408, 500, 502, 503, 504].includes(status);
  const code = codeOf(error) ?? "";
  return networkCodes.test(code) || unreachableCodes.test(code) || /socket hang up|timed out/i.test(messageOf(error));
}

/** Nobody was there to take the request, or the clock was wrong and the SDK has set it right: it was not done. */
export function neverArrived(error: unknown): boolean {
  const metadata = property(error, "$metadata");
  return unreachableCodes.test(codeOf(error) ?? "") || property(metadata, "clockSkewCorrected") === true;
}

/**
 * The credentials were good once, and are no more: nothing was done. (A machine's wrong clock looks alike, until the SDK has
 * corrected for it.)
 */
export function isExpired(error: unknown): boolean {
  return expiredCodes.test(codeOf(error) ?? "") && !neverArrived(error);
}

export function describeAwsError(error: unknown): AwsErrorDescription {
  const code = codeOf(error);
  const message = messageOf(error);
  const requestId = property(property(error, "$metadata"), "requestId");
  const call = failedCall(error);
  const { hint, cause } = adviceOn(error) ?? {};
  const denial = cause === "permission" ? denialOf(message, call) : undefined;
  return {
    message,
    ...(code === undefined ? {} : { code }),
    ...(typeof requestId === "string" ? { requestId } : {}),
    ...(call ? { operation: call.operation, service: call.service } : {}),
    ...(denial === undefined ? {} : { denial }),
    ...(hint === undefined ? {} : { hint }),
  };
}

/** What a failure comes from, whether AWS says it or an error of ours quotes AWS. */
export function causeClass(error: unknown): CauseClass {
  if (error instanceof InputError) return "config";
  if (error instanceof RefusedError) return "conflict";
  if (error instanceof StillWorkingError) return "timeout";
  if (error instanceof EkstoolError && error.cause !== undefined) return causeClass(error.cause);
  const known = adviceOn(error);
  if (known) return known.cause;
  return isThrottled(error) || isUnanswered(error) ? "transient" : "internal";
}

/** What the user can do about a failure that quotes AWS; undefined: nothing more is known. */
export function hintOn(error: FailedError): string | undefined {
  return error.hint ?? adviceOn(error.cause instanceof Error ? error.cause : error)?.hint;
}

function adviceOn(error: unknown): Advice | undefined {
  return adviceFor(codeOf(error) ?? "", messageOf(error), failedCall(error));
}

/** The result of a read, or null where AWS says that there is no such thing. */
export async function absentAsNull<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (classify(error) === "not-found") return null;
    throw error;
  }
}

/** EC2's and IAM's unmodelled errors have the code as their name; Node's network errors have a `code`. */
function codeOf(error: unknown): string | undefined {
  if (error instanceof EkstoolError) return undefined;
  for (const key of ["Code", "code", "name"]) {
    const value = property(error, key);
    if (typeof value === "string" && value !== "Error") return value;
  }
  return undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || (codeOf(error) ?? error.name) : String(error);
}

function statusOf(error: unknown): number | undefined {
  const status = property(property(error, "$metadata"), "httpStatusCode");
  return typeof status === "number" ? status : undefined;
}

function property(of: unknown, key: string): unknown {
  return typeof of === "object" && of !== null ? (Reflect.get(of, key) as unknown) : undefined;
}
