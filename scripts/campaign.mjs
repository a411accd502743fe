// The campaign: every command, hit by everything that can go wrong, at every request. `--help` says how to choose among its cases.
import { spawnSync } from "node:child_process";
import { build } from "./build.mjs";

await build();
const node = ["--enable-source-maps", "--import", "./scripts/typescript.mjs", "test/campaign/program.ts"];
// Ctrl-C is for the program, which prints its table then.
process.on("SIGINT", () => undefined);
const { status } = spawnSync(process.execPath, [...node, ...process.argv.slice(2)], {
  cwd: new URL("..", import.meta.url),
  env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true", NO_COLOR: "1" },
  stdio: "inherit",
});
process.exitCode = status ?? 1;
