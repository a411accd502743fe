import { distance } from "fastest-levenshtein";

/** The candidate that a misspelt word most likely means; undefined when none is near. Letter case counts little. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const ranked = candidates
    .map((candidate) => ({ candidate, far: distance(lower, candidate.toLowerCase()) }))
    .toSorted((a, b) => a.far - b.far);
  const best = ranked[0];
  if (!best) return undefined;
  return best.far <= Math.max(1, Math.floor(Math.min(word.length, best.candidate.length) / 3))
    ? best.candidate
    : undefined;
}
