import { expect } from "vitest";
import { type Sandbox, type SandboxOptions, type SeenRequest, startSandbox } from "../../src/sandbox/index.ts";
import { countChecked, violations } from "./aws-models.ts";
import { templateViolations } from "./resource-schemas.ts";

/**
 * A sandbox of a test's own. Closing it fails the test when it has done anything that AWS's published models do not accept:
 * then either the request is wrong, or the sandbox does what AWS would refuse.
 */
export async function startTestSandbox(options?: SandboxOptions): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  const earlier = sandbox.journal.length;
  const seen: SeenRequest[] = [];
  sandbox.onRequest((request) => {
    if (request.service !== "kubernetes") seen.push(request);
  });
  return {
    ...sandbox,
    async close() {
      await sandbox.close();
      // The models are of AWS's services.
      const entries = sandbox.journal.slice(earlier).filter(({ service }) => service !== "kubernetes");
      // What it refused of its own accord may have been meant to be wrong.
      const done = seen.filter((_, at) => entries[at]?.outcome === "ok" || entries[at]?.fault !== undefined);
      expect([...new Set(done.flatMap(violations))], "requests that AWS's published models do not accept").toEqual([]);
      const templates = done.flatMap(templateViolations);
      expect([...new Set(templates)], "templates that AWS's resource schemas do not accept").toEqual([]);
      countChecked(done.length);
    },
  };
}
