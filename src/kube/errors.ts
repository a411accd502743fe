/** What the Kubernetes API says when it does not do what it was asked for: a Status. */
export class KubernetesError extends Error {
  /** Kubernetes' word for it: `NotFound`, `Forbidden`, `TooManyRequests`. */
  readonly code: string;
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(status: number, reason: string, message: string) {
    super(message);
    this.name = "KubernetesError";
    this.code = reason;
    this.$metadata = { httpStatusCode: status };
  }

  get status(): number {
    return this.$metadata.httpStatusCode;
  }
}

/** The API cannot be used from here, and why: its endpoint does not answer, or does not let us in. */
export class UnreachableError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UnreachableError";
  }
}
