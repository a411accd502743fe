import type { IncomingMessage } from "node:http";

/** Calls back for each complete line of a body, and once when there are no more: the connection has ended, or broken. */
export function onLines(body: IncomingMessage, onLine: (line: string) => void, onEnd: () => void): void {
  let rest = "";
  body.setEncoding("utf8");
  body.on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
  body.on("end", onEnd);
  body.on("error", onEnd);
}
