/** The call that an error of the SDK belongs to; the error itself does not always say. */
export interface FailedCall {
  /** As in the names of IAM actions: `ec2`, `eks`, `iam`, `logs`, `ssm`, `sts`. */
  readonly service: string;
  /** As `CreateVpc`. */
  readonly operation: string;
  /** Whether sending it twice does no more than sending it once. */
  readonly repeatable: boolean;
}

const calls = new WeakMap<object, FailedCall>();

export function rememberCall(error: unknown, call: FailedCall): void {
  if (typeof error === "object" && error !== null) calls.set(error, call);
}

export function failedCall(error: unknown): FailedCall | undefined {
  return typeof error === "object" && error !== null ? calls.get(error) : undefined;
}
