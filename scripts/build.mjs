// Bundles the tool into dist/. tsc only checks types; esbuild makes the code that runs.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const options = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  splitting: true,
  outdir: "dist.new",
  chunkNames: "chunks/[name]-[hash]",
  // The SDK's ES modules can be shaken: without this a CLI chunk carries every operation of EC2.
  mainFields: ["module", "main"],
  // Bundled CommonJS packages ask for node's modules by `require`.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: "warning",
};

/** All that goes into the bundles, so that nothing is built twice. */
function inputs() {
  const files = readdirSync("src", { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash("sha256");
  for (const file of ["package.json", "package-lock.json", "scripts/build.mjs", ...files])
    hash.update(file).update(readFileSync(file));
  return hash.digest("hex");
}

export async function build() {
  const hash = inputs();
  if (existsSync("dist/.inputs") && readFileSync("dist/.inputs", "utf8") === hash) return;
  console.error("building");
  const { build: bundle } = await import("esbuild");
  rmSync("dist.new", { recursive: true, force: true });
  // The sandbox is a bundle of its own: it carries the schemas of whole services, which the tool's chunks must not.
  await bundle({ ...options, entryPoints: { cli: "src/cli/main.ts" }, external: ["./sandbox.js", "../sandbox.js"] });
  await bundle({
    ...options,
    entryPoints: { sandbox: "src/cli/sandbox-entry.ts" },
    chunkNames: "sandbox-chunks/[name]-[hash]",
  });
  writeFileSync("dist.new/.inputs", hash);
  // Swapped in as a whole: a build that fails leaves the last one that worked.
  rmSync("dist", { recursive: true, force: true });
  renameSync("dist.new", "dist");
}

if (process.argv[1] === new URL(import.meta.url).pathname) await build();
