import { stripVTControlCharacters } from "node:util";

/**
 * What a terminal acts on, apart from tab and line end, and what reads otherwise than it looks: control characters (C0, C1),
 * what turns the direction of text around, other line ends, and characters without any width of their own.
 */
const unprintable = /(?![\t\n])[\p{Cc}\p{Bidi_Control}\u2028\u2029\u200B\u2060\uFEFF\u{E0000}-\u{E007F}]/u;
const allUnprintable = new RegExp(unprintable, "gu");

export function isPrintable(text: string): boolean {
  return !unprintable.test(text);
}

/** The text without terminal control sequences (colours, titles, links, cursor movements) and unprintable characters. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(allUnprintable, "");
}

/** The same on one line: what others wrote must not look like a line of ours. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ");
}

/** In the quoted text of JSON or YAML: unprintable characters as the escape sequences that mean them. */
export function escapeUnprintable(text: string): string {
  return text.replace(allUnprintable, (character) =>
    character
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

/** JSON that may be looked at on a terminal. */
export function jsonText(value: unknown, indent?: number): string {
  return escapeUnprintable(JSON.stringify(value, null, indent));
}
