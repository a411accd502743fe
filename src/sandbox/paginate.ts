import { AwsError } from "./aws-error.ts";

/** One page, and the token that fetches the one after it; no token: the last page. */
export interface Page<T> {
  readonly items: T[];
  readonly next?: string;
}

/**
 * Cuts one page out of a list. Tokens are opaque to clients and hold the position in the list.
 *
 * @param max what the client asked for; `defaultMax` when it did not. Keep the default small, so that clients must page.
 * @throws AwsError `InvalidNextToken` when the token is not one of ours; pass `invalidToken` for services that name it otherwise.
 */
export function paginate<T>(
  items: readonly T[],
  token: string | undefined,
  max: number | undefined,
  defaultMax: number,
  invalidToken = "InvalidNextToken",
): Page<T> {
  const start = token === undefined ? 0 : position(token, invalidToken);
  const end = start + (max ?? defaultMax);
  const page = items.slice(start, end);
  return end < items.length ? { items: page, next: tokenAt(end) } : { items: page };
}

const tokenMark = "next:";

function tokenAt(position: number): string {
  return Buffer.from(`${tokenMark}${position}`).toString("base64");
}

function position(token: string, invalidToken: string): number {
  const text = Buffer.from(token, "base64").toString();
  const value = text.startsWith(tokenMark) ? Number(text.slice(tokenMark.length)) : Number.NaN;
  if (!Number.isSafeInteger(value) || value < 0) throw new AwsError(invalidToken, `The token '${token}' is invalid.`);
  return value;
}
