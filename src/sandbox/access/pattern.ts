/** A piece of a pattern: text that stands for itself, `*` for any characters, `?` for any one. */
export type Piece = string | typeof anyText | typeof anyCharacter;
const anyText: unique symbol = Symbol("*");
const anyCharacter: unique symbol = Symbol("?");

/** What a policy gives to choose from; undefined for what has a variable that the request does not have. */
export type Patterns = readonly (readonly Piece[] | undefined)[];

export function fitsAny(patterns: Patterns, fits: (pattern: readonly Piece[]) => boolean): boolean {
  return patterns.some((pattern) => pattern !== undefined && fits(pattern));
}

/** Nothing can be said not to fit a pattern that is not known. */
export function fitsNone(patterns: Patterns, fits: (pattern: readonly Piece[]) => boolean): boolean {
  return patterns.every((pattern) => pattern !== undefined && !fits(pattern));
}

/** The pieces of a pattern as it is written. */
export function piecesOf(pattern: string): Piece[] {
  return pattern
    .split(/([*?])/)
    .filter((text) => text !== "")
    .map((text) => (text === "*" ? anyText : text === "?" ? anyCharacter : text));
}

/** Whether a value is as the pattern says, from end to end. */
export function matches(pattern: readonly Piece[], value: string): boolean {
  return expressionOf(pattern).test(value);
}

export function expressionOf(pattern: readonly Piece[]): RegExp {
  return new RegExp(`^${pattern.map(source).join("")}$`, "s");
}

function source(piece: Piece): string {
  if (piece === anyText) return ".*";
  if (piece === anyCharacter) return ".";
  return piece.replace(/[.*+?^$(){}|[\]\\]/g, String.raw`\$&`);
}

/**
 * Whether a resource is as the pattern of a Resource element says. A wildcard stays within its part of the ARN; only a `*`
 * at the end of a part goes on beyond it (IAM user guide, "Using wildcards in resource ARNs").
 */
export function matchesResource(pattern: readonly Piece[], resource: string): boolean {
  let colons = 0;
  const sources = pattern.map((piece, index) => {
    if (typeof piece === "string") {
      colons += piece.split(":").length - 1;
      return source(piece);
    }
    const next = pattern[index + 1];
    const endsPart = next === undefined || (typeof next === "string" && next.startsWith(":"));
    if (colons >= partsBefore || (piece === anyText && endsPart)) return source(piece);
    return piece === anyText ? "[^:]*" : "[^:]";
  });
  return new RegExp(`^${sources.join("")}$`, "s").test(resource);
}

/** Whether an ARN is as the pattern of a condition says, each of its six parts for itself. */
export function matchesArn(pattern: readonly Piece[], arn: string): boolean {
  const wanted = partsOf(pattern);
  const found = arn.split(":");
  if (wanted.length <= partsBefore || found.length <= partsBefore) return false;
  const parts = [...found.slice(0, partsBefore), found.slice(partsBefore).join(":")];
  return wanted.every((part, index) => matches(part, parts[index] ?? ""));
}

/** Of an ARN; colons in what follows belong to the resource. */
const partsBefore = 5;

function partsOf(pattern: readonly Piece[]): Piece[][] {
  const parts: Piece[][] = [[]];
  for (const piece of pattern) {
    const texts: Piece[] = typeof piece === "string" ? piece.split(":") : [piece];
    for (const [index, text] of texts.entries()) {
      if (index > 0 && parts.length <= partsBefore) parts.push([text]);
      else parts.at(-1)?.push(index > 0 ? ":" : "", text);
    }
  }
  return parts;
}
