/** An error as the Kubernetes API answers it: a Status. */
export class ApiError extends Error {
  readonly status: number;
  readonly reason: string;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  /** Seconds, for the header. */
  readonly retryAfter: number | undefined;

  constructor(
    status: number,
    reason: string,
    message: string,
    more: { readonly details?: Readonly<Record<string, unknown>>; readonly retryAfter?: number } = {},
  ) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.reason = reason;
    this.details = more.details;
    this.retryAfter = more.retryAfter;
  }
}

export function statusObject({ status: code, reason, message, details }: ApiError) {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason,
    ...(details && { details }),
    code,
  };
}

export function notFound(resource: string, name: string): ApiError {
  return new ApiError(404, "NotFound", `${resource} "${name}" not found`, { details: { name, kind: resource } });
}

export function invalid(message: string): ApiError {
  return new ApiError(422, "Invalid", message);
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, "BadRequest", message);
}

export function conflict(resource: string, name: string, why: string): ApiError {
  const message = `Operation cannot be fulfilled on ${resource} "${name}": ${why}`;
  return new ApiError(409, "Conflict", message, { details: { name, kind: resource } });
}
