// Changes the examples in many more ways than `npm test` does, and loads them: `npm run fuzz -- --seed 1 --count 100000`.
// A case that throws anything but a refusal with a place, or takes more than a second of processor time, is printed.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";

const { values } = parseArgs({
  options: { seed: { type: "string", default: "1" }, count: { type: "string", default: "20000" } },
});
const [seed, count] = [Number(values.seed), Number(values.count)];
const root = new URL("..", import.meta.url);
const patienceMs = 1000;

const bundle = join(mkdtempSync(join(tmpdir(), "ekstool-fuzz-")), "cases.mjs");
process.on("exit", () => rmSync(join(bundle, ".."), { recursive: true, force: true }));
await build({
  entryPoints: [new URL("test/support/config-fuzz.ts", root).pathname],
  outfile: bundle,
  bundle: true,
  format: "esm",
  platform: "node",
  mainFields: ["module", "main"],
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  logLevel: "warning",
});
const { fuzzKinds, readExamples, runFuzzCase } = await import(bundle);
const examples = readExamples(new URL("examples/", root));
const names = [...examples.keys()];
const kindOf = (index) => fuzzKinds[Math.floor(index / names.length) % fuzzKinds.length];

// A case without an end could not be reported from this thread.
const current = new Int32Array(new SharedArrayBuffer(4));
const watch = `
  const { workerData: current } = require("node:worker_threads");
  for (let last = -1; ; last = current[0]) {
    if (Atomics.wait(current, 0, last, 60_000) === "timed-out" && current[0] === last) {
      require("node:fs").writeSync(2, "case " + last + " does not end\\n");
      process.kill(process.pid, "SIGKILL");
    }
  }`;
const watcher = new Worker(watch, { eval: true, workerData: current });
watcher.unref();

const tally = { accepted: 0, refused: 0, failed: 0, slow: 0 };
let slowest = { ms: 0 };
for (let index = 0; index < count; index++) {
  Atomics.store(current, 0, index);
  Atomics.notify(current, 0);
  const one = { example: names[index % names.length], kind: kindOf(index), seed: seed + index };
  const spent = () => {
    const before = process.cpuUsage();
    try {
      tally[runFuzzCase(one, examples.get(one.example))]++;
    } catch (error) {
      tally.failed++;
      console.log(`FAILED ${JSON.stringify(one)}\n${error.stack}\n${error.cause?.message ?? ""}`);
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  const ms = spent();
  if (ms > slowest.ms) slowest = { ms, one };
  if (ms > patienceMs) {
    tally.slow++;
    console.log(`SLOW ${JSON.stringify(one)}: ${Math.round(ms)} ms`);
  }
}
console.log(
  `${count} cases from seed ${seed}: ${JSON.stringify(tally)}, the slowest took ${Math.round(slowest.ms)} ms: ${JSON.stringify(slowest.one)}`,
);
process.exitCode = tally.failed + tally.slow > 0 ? 1 : 0;
