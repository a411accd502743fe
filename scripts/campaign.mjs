// A kill, a lost answer, an error and an interrupt at every single request, and a run without each single permission, where
// `npm test` takes a sample of them. Takes hours.
// CAMPAIGN=10 takes ten times the sample, CAMPAIGN_SEED another one; arguments go to vitest (`--shard=1/2`, `-t SIGKILL`).
import { spawnSync } from "node:child_process";

const { status } = spawnSync(
  "node_modules/.bin/vitest",
  ["run", "test/campaign", "test/least-privilege", ...process.argv.slice(2)],
  {
    cwd: new URL("..", import.meta.url),
    env: { CAMPAIGN: "full", ...process.env },
    stdio: "inherit",
  },
);
process.exitCode = status ?? 1;
