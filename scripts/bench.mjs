// What the tool costs: requests for create, a second apply and delete, virtual time against what AWS physically needs, and
// start-up time as a ratio to bare node in the same run. Figures, not limits: nothing here fails.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = new URL("..", import.meta.url).pathname;
const tool = join(root, "bin/ekstool.js");
const file = join(root, "examples/quickstart.yaml");
const home = mkdtempSync(join(tmpdir(), "ekstool-bench-"));
const account = join(home, "account");
const env = { ...process.env, KUBECONFIG: join(home, "kubeconfig"), NO_COLOR: "1" };

function ekstool(...args) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [tool, ...args], { env, encoding: "utf8" });
  if (status !== 0) throw new Error(`ekstool ${args.join(" ")} ended with ${status}:\n${stderr}`);
  return { stdout, seconds: (performance.now() - started) / 1000 };
}

/** The sandbox's journal, one request a line. */
const journal = () =>
  readFileSync(join(account, "journal.jsonl"), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

function measure(name, ...args) {
  const before = name === "create" ? 0 : journal().length;
  const { seconds } = ekstool(...args, `--sandbox=${account}`);
  const entries = journal().slice(before);
  const virtual = (entries.at(-1).at - entries[0].at) / 1000;
  return {
    verb: name,
    reads: entries.filter((entry) => !entry.changes).length,
    changes: entries.filter((entry) => entry.changes).length,
    "virtual s": Math.round(virtual),
    "wall s": Number(seconds.toFixed(1)),
  };
}

/** Median over runs, taken in turns so that noise falls on all alike. */
function startUp(commands, runs = 15) {
  const times = commands.map(() => []);
  for (let run = 0; run < runs; run++) {
    commands.forEach((args, index) => {
      const started = performance.now();
      spawnSync(process.execPath, args, { env, stdio: "ignore" });
      times[index].push(performance.now() - started);
    });
  }
  return times.map((list) => list.toSorted((a, b) => a - b)[Math.floor(runs / 2)]);
}

try {
  console.table([
    measure("create", "create", "cluster", "-f", file),
    measure("apply, nothing to do", "apply", "-f", file),
    measure("delete", "delete", "cluster", "--name=quickstart", "--region=us-west-2", "--yes"),
  ]);
  const commands = { "node -e 0": ["-e", "0"], "--help": [tool, "--help"], validate: [tool, "validate", "-f", file] };
  const [bare, ...rest] = startUp(Object.values(commands));
  console.table(
    Object.keys(commands)
      .slice(1)
      .map((name, index) => ({
        command: name,
        ms: Math.round(rest[index]),
        "bare node ms": Math.round(bare),
        ratio: Number((rest[index] / bare).toFixed(2)),
      })),
  );
} finally {
  rmSync(home, { recursive: true, force: true });
}
