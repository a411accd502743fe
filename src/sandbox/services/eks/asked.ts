import type { Asked } from "./state.ts";

/** The idempotency token of a request, and the request without it. */
export function askedBy(input: { readonly clientRequestToken?: string | undefined }): Asked {
  const { clientRequestToken: token, ...rest } = input;
  return { token: token ?? null, request: JSON.stringify(rest) };
}

/** Whether this is the request that made something, sent once more. */
export function isRepeat(earlier: Asked, asked: Asked): boolean {
  return asked.token !== null && asked.token === earlier.token && asked.request === earlier.request;
}
