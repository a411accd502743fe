import { distance } from "fastest-levenshtein";

/** What counts little: letter case, hyphens, underscores and blanks. */
const bare = (word: string) => word.toLowerCase().replaceAll(/[\s_-]/g, "");

export const isSameWord = (a: string, b: string) => bare(a) === bare(b);

/** The candidate that a misspelt word most likely means; undefined when none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, far: distance(bare(word), bare(candidate)) }))
    .toSorted((a, b) => a.far - b.far);
  const best = ranked[0];
  if (!best) return undefined;
  return best.far <= Math.max(1, Math.floor(Math.min(word.length, best.candidate.length) / 3))
    ? best.candidate
    : undefined;
}

/** The one candidate that a word is short for: `desired`, `AL2023`; the shortest of several. */
export function abbreviated(word: string, candidates: readonly string[]): string | undefined {
  if (word.length < 3) return undefined;
  const [best, next] = candidates
    .filter((candidate) => isShortFor(bare(word), bare(candidate)))
    .toSorted((a, b) => a.length - b.length);
  return best !== undefined && best.length !== next?.length ? best : undefined;
}

/** Its beginning; of a longer word the letters in their order are enough. */
function isShortFor(word: string, whole: string): boolean {
  if (whole.startsWith(word)) return true;
  if (word.length < 4 || word.charAt(0) !== whole.charAt(0)) return false;
  let at = -1;
  return word.split("").every((letter) => (at = whole.indexOf(letter, at + 1)) >= 0);
}
