import { stripVTControlCharacters } from "node:util";
import type { Io, OutputStream } from "./io.ts";

type Paint = (text: string) => string;

/** Emphasis, by what it means. Without colour every one leaves the text as it is. */
export interface Style {
  readonly strong: Paint;
  readonly faint: Paint;
  readonly good: Paint;
  readonly warning: Paint;
  readonly bad: Paint;
  readonly changed: Paint;
}

const codes = {
  strong: [1, 22],
  faint: [2, 22],
  good: [32, 39],
  warning: [33, 39],
  bad: [31, 39],
  changed: [36, 39],
} as const satisfies Record<keyof Style, readonly [number, number]>;

function styleOf(colour: boolean): Style {
  const paint = ([on, off]: readonly [number, number]): Paint =>
    colour ? (text) => `${escape}[${on}m${text}${escape}[${off}m` : (text) => text;
  return {
    strong: paint(codes.strong),
    faint: paint(codes.faint),
    good: paint(codes.good),
    warning: paint(codes.warning),
    bad: paint(codes.bad),
    changed: paint(codes.changed),
  };
}

/** Text for a person to read, on one of the process's streams. */
export interface Terminal {
  readonly stream: OutputStream;
  /** A terminal that may be redrawn and that can be asked. */
  readonly interactive: boolean;
  /** Columns; 100 where nobody says. */
  readonly width: number;
  readonly style: Style;
  /** Makes text safe to print: control sequences other than our own emphasis are removed. */
  clean(text: string): string;
  /** Writes the text and ends the line. */
  line(text?: string): void;
}

const escape = String.fromCodePoint(27);
const ownCodes = [...new Set(Object.values(codes).flat())].join("|");
/** The emphasis that `styleOf` writes. */
const emphasis = new RegExp(`(${escape}\\[(?:${ownCodes})m)`, "u");
/** What a terminal would act on, apart from line ends and tabs; and what turns the direction of text around. */
const controls = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu;

function withoutControls(text: string): string {
  return stripVTControlCharacters(text).replace(controls, "");
}

export function terminal(stream: OutputStream, env: Io["env"]): Terminal {
  const isTerminal = stream.isTTY === true && env["TERM"] !== "dumb";
  const plainWanted = Boolean(env["NO_COLOR"]) || Boolean(env["CI"]);
  const colour = isTerminal && !plainWanted;
  const clean: Paint = colour
    ? (text) =>
        text
          .split(emphasis)
          .map((piece) => (emphasis.test(piece) ? piece : withoutControls(piece)))
          .join("")
    : withoutControls;
  return {
    stream,
    // A terminal that does not say how wide it is cannot be redrawn: nobody knows where its lines wrap.
    interactive: isTerminal && !plainWanted && Boolean(stream.columns),
    width: stream.columns || 100,
    style: styleOf(colour),
    clean,
    line: (text = "") => void stream.write(`${clean(text)}\n`),
  };
}
