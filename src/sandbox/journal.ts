/** What the journal holds of each request that was understood. */
export interface JournalEntry {
  /** 1-based, without gaps. */
  readonly n: number;
  /** Virtual time, milliseconds since the epoch. */
  readonly at: number;
  /** Name in the SigV4 scope: `eks`, `ec2`, `iam`, `logs`, `ssm`, `sts`. */
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  /** The operation's input as plain JSON. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Whether the operation is one that changes something (also when it was refused). */
  readonly changes: boolean;
  /** `ok`, or the code of the error that was answered. */
  readonly outcome: string;
  /** ARN of the caller. */
  readonly principal: string;
  /** The fault that was injected into this request. */
  readonly fault?: string;
}

const readOnly = /^(Describe|List|Get|BatchGet|Lookup|Simulate|Search|Filter|Test|Decode|Assume)/;

/** Whether an operation of this name changes anything in AWS. */
export function changesSomething(operation: string): boolean {
  return !readOnly.test(operation);
}
