// `node --import ./scripts/typescript.mjs file.ts`: node runs TypeScript as it is, esbuild takes the types out.
import { readFile } from "node:fs/promises";
import { register } from "node:module";
import { isMainThread } from "node:worker_threads";
import { transform } from "esbuild";

if (isMainThread) register(import.meta.url);

export async function load(url, context, next) {
  if (!url.startsWith("file:") || !url.endsWith(".ts")) return next(url, context);
  const source = await readFile(new URL(url), "utf8");
  const { code } = await transform(source, { loader: "ts", target: "node20", sourcemap: "inline", sourcefile: url });
  return { format: "module", source: code, shortCircuit: true };
}
