import { expect } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/index.ts";
import { countChecked, violations } from "./aws-models.ts";

/**
 * A sandbox of a test's own. Closing it fails the test when it has done anything that AWS's published models do not accept:
 * then either the request is wrong, or the sandbox does what AWS would refuse.
 */
export async function startTestSandbox(options?: SandboxOptions): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  return {
    ...sandbox,
    async close() {
      await sandbox.close();
      // What it refused of its own accord may have been meant to be wrong.
      const done = sandbox.journal.filter(({ outcome, fault }) => outcome === "ok" || fault !== undefined);
      const broken = done.flatMap(({ service, operation, input }) => violations(service, operation, input));
      expect([...new Set(broken)], "requests that AWS's published models do not accept").toEqual([]);
      countChecked(done.length);
    },
  };
}
