import { oneLine } from "../../text.ts";

/** Rows under a header, aligned by two blanks, as kubectl prints them. */
export function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const lines = [header, ...rows.map((row) => row.map(oneLine))];
  const widths = header.map((title, column) => Math.max(title.length, ...lines.map((row) => row[column]?.length ?? 0)));
  return lines.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
