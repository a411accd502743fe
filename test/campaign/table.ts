import type { Verdict } from "./judge.ts";

/** What the cases of one row came to. */
export interface Row {
  readonly journey: string;
  readonly file: string;
  readonly disturbance: string;
  cases: number;
  converged: number;
  orphans: number;
  duplicates: number;
}

export type Rows = Map<string, Row>;

export function count(rows: Rows, of: Pick<Row, "journey" | "file" | "disturbance">, verdict: Verdict): void {
  const key = JSON.stringify([of.journey, of.file, of.disturbance]);
  const row = rows.get(key) ?? { ...of, cases: 0, converged: 0, orphans: 0, duplicates: 0 };
  rows.set(key, row);
  row.cases++;
  if (verdict.converged) row.converged++;
  row.orphans += verdict.orphans;
  row.duplicates += verdict.duplicates;
}

/** The table as a person reads it, with all rows together at its end. */
export function render(rows: Rows): string {
  const all = [...rows.values()];
  const sum = (of: (row: Row) => number) => all.reduce((sofar, row) => sofar + of(row), 0);
  const total = {
    journey: "all",
    file: "",
    disturbance: "",
    cases: sum((row) => row.cases),
    converged: sum((row) => row.converged),
    orphans: sum((row) => row.orphans),
    duplicates: sum((row) => row.duplicates),
  };
  const lines = [
    ["journey", "file", "disturbance", "cases", "converged", "orphans", "duplicates"],
    ...[...all, total].map((row) => [
      row.journey,
      row.file,
      row.disturbance,
      String(row.cases),
      percent(row),
      String(row.orphans),
      String(row.duplicates),
    ]),
  ];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  return lines
    .map((line) =>
      line
        .map((cell, column) => pad(cell, widths[column] ?? 0, column))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function pad(cell: string, width: number, column: number): string {
  return column < 3 ? cell.padEnd(width) : cell.padStart(width);
}

/** Rounded down: only all is 100 %. */
function percent({ cases, converged }: Row): string {
  return cases === 0 ? "-" : `${Math.floor((1000 * converged) / cases) / 10} %`;
}
