/** An error as AWS answers it. `code` is what the wire carries; `members` are the modelled members of the error's shape. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: { status?: number; members?: Record<string, unknown> } = {}) {
    super(message);
    this.name = "AwsError";
    this.code = code;
    this.status = options.status ?? 400;
    this.members = options.members ?? {};
  }
}

/** For what AWS can do and the sandbox cannot: said by name, so that nothing is ever a guess. */
export function notSimulated(what: string): AwsError {
  return new AwsError("NotSimulated", `${what} is not simulated by the sandbox`, { status: 501 });
}
