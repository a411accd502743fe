// Everything that a clean clone lacks: the dependencies of the lockfile, and the built tool. Does nothing that is done already.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const root = new URL("..", import.meta.url);
process.chdir(root.pathname);

const needed = [20, 19];
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  console.error(`ekstool needs Node.js ${needed.join(".")} or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

const stamp = "node_modules/.ekstool-lock";
const lock = createHash("sha256").update(readFileSync("package-lock.json")).digest("hex");
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== lock) {
  console.error("installing dependencies (npm ci)");
  const options = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status } = spawnSync("npm", options, { stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
  if (status !== 0) {
    console.error(
      "npm ci failed: see above. ekstool needs npm and its registry once, to install what it is built from.",
    );
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}

const { build } = await import("./build.mjs");
await build();
