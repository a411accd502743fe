import { valuesOf } from "./condition-keys.ts";
import { piecesOf, type Piece } from "./pattern.ts";
import type { RequestContext } from "./request-context.ts";

/** `${key}`, `${key, 'default'}`, and the escapes `${*}`, `${?}` and `${$}`. */
const variable = /\$\{([^}]*)\}/;
const form = /^\s*([^,\s]+)\s*(?:,\s*'([^']*)')?\s*$/;

/** What is wrong with the variables of a text, if anything. */
export function variableProblem(text: string): string | undefined {
  for (const [, inside = ""] of text.matchAll(new RegExp(variable, "g"))) {
    if (/^[*?$]$/.test(inside)) continue;
    const [, key] = form.exec(inside) ?? [];
    if (key === undefined || valuesOf(key) !== "single") {
      return `the policy variable \${${inside}} is not simulated`;
    }
  }
  return undefined;
}

/** The pattern with its variables filled in, which stand for themselves; undefined where the request does not have one. */
export function substituted(text: string, context: RequestContext): Piece[] | undefined {
  const pieces: Piece[] = [];
  for (const [index, part] of text.split(variable).entries()) {
    if (index % 2 === 0) {
      pieces.push(...piecesOf(part));
      continue;
    }
    const value = /^[*?$]$/.test(part) ? part : valueOf(part, context);
    if (value === undefined) return undefined;
    pieces.push(value);
  }
  return pieces;
}

function valueOf(inside: string, context: RequestContext): string | undefined {
  const [, key = "", fallback] = form.exec(inside) ?? [];
  return context.values(key)?.[0] ?? fallback;
}
