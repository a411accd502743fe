import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The environment variable that says where each sandbox of a test notes how many requests it has checked. */
export const countFile = "EKSTOOL_TEST_REQUESTS";

/** Tells at the end of all tests how many requests were held to AWS's published models; returns what does so. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "ekstool-requests-"));
  const file = join(folder, "counts");
  writeFileSync(file, "");
  process.env[countFile] = file;
  return () => {
    const counts = readFileSync(file, "utf8").split("\n").map(Number);
    const total = counts.reduce((sum, count) => sum + count, 0);
    rmSync(folder, { recursive: true });
    process.stdout.write(`AWS's published models accept all ${total} requests that the tests' sandboxes carried out\n`);
  };
}
