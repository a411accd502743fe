import { paginate } from "../../paginate.ts";
import { validationError } from "./errors.ts";

/** Elastic Load Balancing allows up to 400 a page and may send fewer. */
const maxPage = 400;
const defaultPage = 10;

interface PageRequest {
  readonly Marker?: string | undefined;
  readonly PageSize?: number | undefined;
}

/** One page of a list. Throws ValidationError for a marker that is none of ours, or a page size out of range. */
export function pageOf<T>(items: readonly T[], { Marker, PageSize }: PageRequest): { items: T[]; NextMarker?: string } {
  if (PageSize !== undefined && (PageSize < 1 || PageSize > maxPage)) {
    throw validationError(`The page size must be between 1 and ${maxPage}`);
  }
  const { items: shown, next } = paginate(items, Marker || undefined, PageSize, defaultPage, "ValidationError");
  return next === undefined ? { items: shown } : { items: shown, NextMarker: next };
}
