import { parseArgs } from "node:util";
import { exitCode } from "../../src/errors.ts";
import { closeKeptAccounts } from "./accounts.ts";
import { type Choice, casesOf } from "./cases.ts";
import { judge } from "./judge.ts";
import { type Rows, count, render } from "./table.ts";

const usage = `npm run campaign [-- options]

  --seed N          draws other samples, other pairs of disturbances, and how long AWS takes (default 1: as usual)
  --shard I/K       one of K parts of all cases
  --journey X       only this one: create, apply, scale, "upgrade nodegroup", delete, ...
  --file Y          only this one: plain, rich, golden, control-plane, self-managed, private, example/quickstart, ...
  --disturbance D   only this one: lost, "killed after", "two at once", ...
  --cases N         so many of each row, drawn
  --only NAME       the case of that name, or all whose names begin so

Ends with 0 when every case converged and nothing was left behind or made twice, else with 1. Ctrl-C ends it after the case
that is under way, with the table so far and 130.
`;

/** Milliseconds between two words on how far it is. */
const wordEvery = 30_000;

process.exitCode = await main(process.argv.slice(2));

async function main(argv: string[]): Promise<number> {
  const choice = choiceOf(argv);
  if (choice === undefined) {
    process.stdout.write(usage);
    return exitCode.done;
  }
  const rows: Rows = new Map();
  const started = performance.now();
  let [cases, failed, word] = [0, 0, started];
  let isInterrupted = false;
  process.once("SIGINT", () => (isInterrupted = true));
  for await (const { name, scene, disturbance, trial, moment } of casesOf(choice)) {
    const verdict = await judge(trial, moment);
    count(rows, { journey: scene.journey, file: scene.file, disturbance }, verdict);
    cases++;
    if (!verdict.converged) {
      failed++;
      const reasons = verdict.reasons.map((reason) => `  ${reason}\n`).join("");
      process.stdout.write(`FAILED ${name}\n${reasons}  ${reproducing(name, choice)}\n\n`);
    }
    if (performance.now() - word > wordEvery) {
      word = performance.now();
      process.stderr.write(`${cases} cases, ${failed} failed, at ${name}\n`);
    }
    if (isInterrupted) break;
  }
  await closeKeptAccounts();
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(`${render(rows)}\n\n${cases} cases in ${seconds} s\n`);
  if (isInterrupted) return exitCode.interrupted;
  return failed === 0 && cases > 0 ? exitCode.done : exitCode.failed;
}

function reproducing(name: string, { seed }: Choice): string {
  return `npm run campaign -- --seed ${seed} --only ${JSON.stringify(name)}`;
}

function choiceOf(args: string[]): Choice | undefined {
  const text = { type: "string" } as const;
  const options = { seed: text, shard: text, journey: text, file: text, disturbance: text, cases: text, only: text };
  const { values } = parseArgs({ args, options: { ...options, help: { type: "boolean" } } });
  if (values.help) return undefined;
  const { seed, shard = "1/1", cases, help: _, ...names } = values;
  const [part = Number.NaN, of = Number.NaN] = shard.split("/").map(Number);
  if (!(part >= 1 && part <= of)) throw new Error(`--shard ${shard}: as 2/8`);
  return {
    ...names,
    seed: number("--seed", seed) ?? 1,
    shard: [part, of],
    ...(cases !== undefined && { cases: number("--cases", cases) ?? 0 }),
  };
}

function number(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d+$/.test(value)) throw new Error(`${name} ${value}: not a number`);
  return Number(value);
}
