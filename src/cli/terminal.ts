import { printable } from "../text.ts";
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

/** Stands for a code until the text is printed. Nobody else can write one, so that other texts cannot have our emphasis. */
const nonce = Math.random().toString(36).slice(2);
const mark = (code: number) => `<${nonce}:${code}>`;
const marks = new RegExp(`<${nonce}:(\\d+)>`, "u");

function styleOf(colour: boolean): Style {
  const paint = ([on, off]: readonly [number, number]): Paint =>
    colour ? (text) => `${mark(on)}${text}${mark(off)}` : (text) => text;
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
  /** Makes text ready to print: our emphasis becomes control sequences, all others are removed. */
  clean(text: string): string;
  /** Writes the text and ends the line. */
  line(text?: string): void;
}

const escape = String.fromCodePoint(27);

export function terminal(stream: OutputStream, env: Io["env"]): Terminal {
  const isTerminal = stream.isTTY === true && env["TERM"] !== "dumb";
  const plainWanted = Boolean(env["NO_COLOR"]) || Boolean(env["CI"]);
  const colour = isTerminal && !plainWanted;
  const clean: Paint = colour
    ? (text) =>
        text
          .split(marks)
          // Every second piece is the code of a mark.
          .map((piece, index) => (index % 2 === 1 ? `${escape}[${piece}m` : printable(piece)))
          .join("")
    : printable;
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
