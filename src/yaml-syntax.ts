import { CST, Lexer, type YAMLError } from "yaml";

/** What is wrong with a text that is no YAML, and at which character of it. */
export interface SyntaxProblem {
  readonly offset: number;
  readonly message: string;
}

/** What the parser found, in the words of somebody who writes a file, at the place that has to be changed. */
export function syntaxProblem(text: string, { code, message, pos: [offset] }: YAMLError): SyntaxProblem {
  const line = lineAt(text, offset);
  if (/^(?:<{7}|={7}|>{7})(?: |$)/.test(line.text)) {
    return { offset: line.start, message: "git left this mark of a merge that is not finished" };
  }
  if (line.text.includes("{%") || line.text.includes("{{")) return { offset: line.first, message: templateHere };
  if (isItem.test(line.text.slice(offset - line.start)) && code !== "TAB_AS_INDENT") {
    return { offset: line.first, message: otherIndent };
  }
  switch (code) {
    case "TAB_AS_INDENT":
      return { offset, message: "a tab stands here: YAML is indented with blanks" };
    case "BAD_SCALAR_START":
    case "BAD_ALIAS":
      return { offset, message: `text that begins with ${text.charAt(offset)} must stand in quotes` };
    case "TAG_RESOLVE_FAILED":
      return { offset, message: `${/^[^\s,[\]{}]+/.exec(text.slice(offset))?.[0] ?? ""} is no tag that is known here` };
    case "BAD_DQ_ESCAPE":
      return { offset, message: "\\ begins an escape between double quotes: use single quotes, or write \\\\" };
    case "BLOCK_IN_FLOW":
      return { offset, message: "a comma is missing here, or quotes around a text with a colon" };
    case "MULTILINE_IMPLICIT_KEY":
      return { offset, message: noColon };
    case "BLOCK_AS_IMPLICIT_KEY":
      return afterValue(text, offset);
    case "BAD_INDENT":
    case "MISSING_CHAR":
    case "UNEXPECTED_TOKEN":
      return misplaced(text, offset, message);
    default:
      return { offset, message: sentence(message) };
  }
}

export const templateHere = "this is a template: fill it in first, and give the result";
const noColon = 'a key needs a colon and a blank after it, as "minSize: 1"';
const isItem = /^\s*-\s/;
const otherIndent = "is indented otherwise than the lines that it belongs to";

/** A value has ended, and a key follows: on its line, or indented further on a later one. */
function afterValue(text: string, offset: number): SyntaxProblem {
  const { text: line, start } = lineAt(text, offset);
  if (/:(?:\s|$)/.test(line.slice(offset - start).replace(/\s#.*/, ""))) {
    return { offset, message: "a colon and a blank make a key of this: a text that has them must stand in quotes" };
  }
  const next = /\n[ \t]*(?=[^\s#])/g;
  next.lastIndex = offset;
  const found = next.exec(text);
  return found
    ? {
        offset: found.index + found[0].length,
        message: "is indented further than the line before it, which is complete",
      }
    : { offset, message: noColon };
}

function misplaced(text: string, offset: number, message: string): SyntaxProblem {
  if (/closing ['"]quote/.test(message)) {
    return { offset: openQuote(text), message: "this quote is not closed" };
  }
  if (/end with a [\]}]/.test(message)) {
    const open = openBracket(text, offset);
    if (open !== undefined) return { offset: open, message: `this ${text.charAt(open)} is not closed` };
  }
  if (/followed by map values/.test(message)) return { offset, message: noColon };
  if (/start at the same column|without - indicator/.test(message)) {
    return { offset: lineAt(text, offset).first, message: otherIndent };
  }
  if (message.startsWith("Comments must be separated"))
    return { offset, message: "# begins a comment only after a blank" };
  if (message.startsWith("Unexpected flow-")) return { offset, message: `this ${text.charAt(offset)} closes nothing` };
  if (message.startsWith("Missing ,")) return { offset, message: "a comma is missing before this" };
  if (message.endsWith("at node end")) {
    return { offset, message: "the value before this has ended: a comma, a quote or a line end is missing" };
  }
  return { offset, message: sentence(message) };
}

/** Where the last text in quotes begins: what is not closed reaches to the end. */
function openQuote(text: string): number {
  let last = 0;
  for (const { type, offset } of tokens(text)) {
    if (type === "double-quoted-scalar" || type === "single-quoted-scalar") last = offset;
  }
  return last;
}

/** The innermost bracket that is open at a place. */
function openBracket(text: string, until: number): number | undefined {
  const open: number[] = [];
  for (const { type, offset } of tokens(text)) {
    if (offset > until || type === "flow-error-end") break;
    if (type === "flow-seq-start" || type === "flow-map-start") open.push(offset);
    else if (type === "flow-seq-end" || type === "flow-map-end") open.pop();
  }
  return open.at(-1);
}

/** What the lexer puts between the pieces of the text, and is not part of it. */
const marks = new Set<string>([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]);

interface Token {
  readonly type: ReturnType<typeof CST.tokenType>;
  /** Where it begins. */
  readonly offset: number;
  readonly length: number;
}

/** The pieces of a text, in their order. */
export function* tokens(text: string): Generator<Token> {
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    const length = marks.has(lexeme) ? 0 : lexeme.length;
    yield { type: CST.tokenType(lexeme), offset, length };
    offset += length;
  }
}

function lineAt(text: string, offset: number) {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", start);
  const line = text.slice(start, end < 0 ? undefined : end).replace(/\r$/, "");
  return { start, text: line, first: start + (/\S/.exec(line)?.index ?? 0) };
}

function sentence(message: string): string {
  return `${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}
