import { describe, expect, it } from "vitest";
import { PassThrough } from "node:stream";
import { terminal } from "../../src/cli/terminal.ts";

function open(isTTY: boolean, env: Record<string, string> = {}, columns = 80) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns });
  return { out: terminal(stream, env), text: () => String(stream.read()) };
}
const escape = String.fromCodePoint(27);

describe("terminal", () => {
  it("emphasises on a terminal only, and not with NO_COLOR or CI", () => {
    const { out, text } = open(true);
    out.line(out.style.bad("x"));
    expect(text()).toBe(`${escape}[31mx${escape}[39m\n`);
    for (const { out } of [open(false), open(true, { NO_COLOR: "1" }), open(true, { CI: "true" })]) {
      expect(out.style.bad("x")).toBe("x");
      expect(out.interactive).toBe(false);
    }
  });

  it("redraws only a terminal whose width is known", () => {
    expect(open(true).out.interactive).toBe(true);
    expect(open(true, {}, 0).out).toMatchObject({ interactive: false, width: 100 });
  });

  it("prints no control sequence that it did not write", () => {
    const hostile = `a${escape}[2Jb${escape}]0;title\u0007c\rd\u202ee\u0008f${escape}[8mg`;
    const plain = open(false);
    plain.out.line(hostile);
    expect(plain.text()).toBe("abcdefg\n");
    const link = `${escape}]8;;https://evil.test${escape}\\text${escape}]8;;${escape}\\`;
    const others = `${link}\u009b31mred\u009d0;title\u009c\u2066\u200b\u2028\ufeff\u{e0041}${escape}[31mred${escape}[39m`;
    plain.out.line(others);
    expect(plain.text()).not.toMatch(/[^\n\x20-\x7e]/u);
    const coloured = open(true);
    coloured.out.line(others);
    expect(coloured.text()).not.toMatch(/[^\n\x20-\x7e]/u);
    coloured.out.line(`${coloured.out.style.good("ok")} ${hostile}\tend`);
    expect(coloured.text()).toBe(`${escape}[32mok${escape}[39m abcdefg\tend\n`);
  });
});
