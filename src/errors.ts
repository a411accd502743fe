/** What a failure comes from; decides the exit code and the advice that is printed. */
export type CauseClass =
  "quota" | "permission" | "credentials" | "capacity" | "config" | "conflict" | "transient" | "timeout" | "internal";

/** Process exit codes, as documented in the user guide. */
export const exitCode = {
  done: 0,
  failed: 1,
  changes: 2,
  invalid: 3,
  refused: 4,
  stillWorking: 75,
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

export interface ErrorDetails {
  /** What the user can do next, in words or as a command to type. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** Every error that is meant for a user's eyes. Anything else that is thrown is a defect of ours. */
export class EkstoolError extends Error {
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;

  constructor(message: string, exit: ExitCode, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.exitCode = exit;
    this.hint = details.hint;
  }
}

/** The operation did not succeed (exit 1). */
export class FailedError extends EkstoolError {
  constructor(message: string, details?: ErrorDetails) {
    super(message, exitCode.failed, details);
  }
}

/** Flags or file are wrong (exit 3). Nothing was changed. */
export class InputError extends EkstoolError {
  constructor(message: string, details?: ErrorDetails) {
    super(message, exitCode.invalid, details);
  }
}

/** Not done on purpose: not confirmed, not ours, a conflict, a stale plan (exit 4). */
export class RefusedError extends EkstoolError {
  constructor(message: string, details?: ErrorDetails) {
    super(message, exitCode.refused, details);
  }
}

/** AWS is still working when the limit of our waiting is reached (exit 75). Running again continues. */
export class StillWorkingError extends EkstoolError {
  constructor(message: string, details?: ErrorDetails) {
    super(message, exitCode.stillWorking, details);
  }
}

/** Stopped before the end, as a rule by the user (exit 130). Running again continues. */
export class InterruptedError extends EkstoolError {
  constructor(message = "interrupted", details?: ErrorDetails, exit: ExitCode = exitCode.interrupted) {
    super(message, exit, details);
  }
}

/** Stopped because the credentials have expired and nobody renews them (exit 75). */
export class SignedOutError extends InterruptedError {
  constructor(message: string, details?: ErrorDetails) {
    super(message, details, exitCode.stillWorking);
  }
}
