import { paginate } from "../../paginate.ts";
import { invalidValue } from "./errors.ts";

export interface PagedRequest {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

/** What an operation allows for MaxResults. */
export interface PageRange {
  readonly least: number;
  readonly most: number;
}

export interface Page<T> {
  readonly items: T[];
  readonly NextToken?: string;
}

/** Small, so that whoever forgets the next page is found out. */
const defaultPage = 10;

/** One page of an operation's answer. */
export function pageOf<T>(
  items: readonly T[],
  request: PagedRequest,
  range: PageRange = { least: 5, most: 1000 },
): Page<T> {
  const { MaxResults: max, NextToken: token } = request;
  if (max !== undefined && (max < range.least || max > range.most)) {
    throw invalidValue(
      `Value ( ${max} ) for parameter maxResults is invalid. Expecting a value between ${range.least} and ${range.most}.`,
    );
  }
  const page = paginate(items, token, max, Math.max(defaultPage, range.least));
  return page.next === undefined ? { items: page.items } : { items: page.items, NextToken: page.next };
}
