import { paginate } from "../../paginate.ts";
import { invalidParameter } from "./errors.ts";

interface PagedRequest {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

/** Small, so that whoever forgets the next page is found out; EKS itself takes 100. */
const defaultPage = 5;

/** One page, and the token of the next one as the member of the answer; no member: it is the last page. */
export function paged<T>(
  items: readonly T[],
  { maxResults, nextToken }: PagedRequest,
): { readonly items: T[]; readonly nextToken: { readonly nextToken?: string } } {
  if (maxResults !== undefined && (maxResults < 1 || maxResults > 100)) {
    throw invalidParameter(`maxResults must be between 1 and 100, not ${maxResults}.`);
  }
  const page = paginate(items, nextToken, maxResults, defaultPage, "InvalidParameterException");
  return { items: page.items, nextToken: page.next === undefined ? {} : { nextToken: page.next } };
}
