import type { Filter, ResourceType } from "@aws-sdk/client-ec2";
import type { AwsError } from "../../aws-error.ts";
import { invalidCombination } from "./errors.ts";
import { applyFilters, withTagFilters, type FilterTable } from "./filters.ts";
import { pageOf, type Page, type PagedRequest, type PageRange } from "./pages.ts";
import { ec2Of, type Place } from "./place.ts";
import type { Ec2State, Recorded } from "./state.ts";

/** One kind of resource that can be tagged. */
export interface Taggable<R extends Recorded> {
  /** As tag specifications and DescribeTags name it. */
  readonly type: ResourceType;
  /** Of its identifiers, without the dash. */
  readonly prefix: string;
  readonly records: (state: Ec2State) => Record<string, R>;
  readonly notFound: (ids: readonly string[]) => AwsError;
}

/** One kind of resource that can be described. */
export interface Family<R extends Recorded> extends Taggable<R> {
  /** Its own filters; those on tags are the same for all. */
  readonly filters: FilterTable<R>;
}

/** What a call names. Throws the family's not-found error, also when it is so new that not every call knows it yet. */
export function find<R extends Recorded>(family: Taggable<R>, place: Place, id: string): R {
  const record = findAtOnce(family, place, id);
  if (!isUsable(record, place)) throw family.notFound([id]);
  return record;
}

/** The record, however new. Throws the family's not-found error. */
export function findAtOnce<R extends Recorded>(family: Taggable<R>, place: Place, id: string): R {
  const record = lookUp(family, place, id);
  if (!record) throw family.notFound([id]);
  return record;
}

export function lookUp<R extends Recorded>(family: Taggable<R>, place: Place, id: string): R | undefined {
  const records = family.records(ec2Of(place));
  return Object.hasOwn(records, id) ? records[id] : undefined;
}

/** Whether a call that changes something can name it. */
export function isUsable(record: Recorded, place: Place): boolean {
  return record.usableAt <= place.world.now();
}

/** Whether a describe by its id finds it. */
export function isVisible(record: Recorded, place: Place): boolean {
  return record.visibleAt <= place.world.now();
}

/** Whether a describe without its id shows it. */
export function isListed(record: Recorded, place: Place): boolean {
  return record.listedAt <= place.world.now();
}

interface Query {
  /** What the request calls the ids, and the ids. */
  readonly ids?: readonly [parameter: string, ids: readonly string[] | undefined];
  readonly filters: readonly Filter[] | undefined;
}

/** All visible records that a describe asks for. Throws the family's not-found error for an id that is not there. */
export function select<R extends Recorded>(family: Family<R>, place: Place, query: Query): R[] {
  const ids = query.ids?.[1] ?? [];
  const records =
    ids.length > 0
      ? byId(family, place, ids)
      : Object.values(family.records(ec2Of(place))).filter((record) => isListed(record, place));
  return applyFilters(records, query.filters, withTagFilters(family.filters, query.filters), place);
}

/**
 * One page of what `select` finds; with ids all of it. Throws InvalidParameterCombination for ids with MaxResults and
 * InvalidParameterValue for a MaxResults outside the operation's range.
 */
export function selectPage<R extends Recorded>(
  family: Family<R>,
  place: Place,
  query: Query,
  request: PagedRequest,
  range?: PageRange,
): Page<R> {
  const found = select(family, place, query);
  const [parameter, ids = []] = query.ids ?? ["", []];
  if (ids.length === 0) return pageOf(found, request, range);
  if (request.MaxResults !== undefined) {
    throw invalidCombination(`The parameter ${parameter} cannot be used with the parameter maxResults`);
  }
  return { items: found };
}

function byId<R extends Recorded>(family: Family<R>, place: Place, ids: readonly string[]): R[] {
  const found = ids.map((id) => lookUp(family, place, id));
  const missing = ids.filter((_, index) => {
    const record = found[index];
    return !record || !isVisible(record, place);
  });
  if (missing.length > 0) throw family.notFound(missing);
  return found.filter((record) => record !== undefined);
}
