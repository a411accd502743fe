import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AwsContext } from "../../aws/context.ts";
import { withoutSecrets } from "../../aws/secrets.ts";
import { UnobservableError } from "../../engine/kind.ts";
import { FailedError } from "../../errors.ts";
import { commandText } from "../../programs.ts";
import { usableApi } from "./reached-api.ts";

/** Why it cannot be done from here, where it cannot. */
export function refuseWithout(name: string, { programs }: AwsContext): void {
  if (!programs?.has(name)) throw new UnobservableError(`there is no ${name} on PATH`);
}

/** Seconds of real time that a program is given. */
const limit = 600;

/**
 * Runs one of the user's programs on the cluster. It gets a kubeconfig of its own, with a token that ends by itself; what it
 * needs beside is in its environment.
 *
 * @param secrets what it is told that nobody else should read.
 * @throws UnobservableError where there is no such program, or the API cannot be reached: then a person has to do it.
 * @throws FailedError with its last words where it fails.
 */
export async function runOnCluster(
  ctx: AwsContext,
  name: string,
  args: readonly string[],
  secrets: readonly string[] = [],
): Promise<void> {
  refuseWithout(name, ctx);
  const api = await usableApi(ctx);
  const directory = mkdtempSync(join(tmpdir(), "ekstool-"));
  try {
    const kubeconfig = join(directory, "config");
    writeFileSync(kubeconfig, JSON.stringify(await api.kubeconfig()), { mode: 0o600 });
    const env = { KUBECONFIG: kubeconfig };
    const ended = await ctx.clock.hold(async () => ctx.programs?.run(name, args, { env, limit }));
    if (ended?.code === 0) return;
    const output = secrets.reduce((text, secret) => text.replaceAll(secret, "***"), ended?.output ?? "");
    throw new FailedError(`${name} failed: ${lastWords(withoutSecrets(output))}`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * Takes away what a program has put into the cluster.
 *
 * @throws FailedError with the command for a person where it cannot be run from here.
 */
export async function uninstall(ctx: AwsContext, name: string, args: readonly string[]): Promise<void> {
  try {
    await runOnCluster(ctx, name, args);
  } catch (error) {
    if (!(error instanceof UnobservableError)) throw error;
    throw new FailedError(error.message, { hint: `run ${commandText(name, args)}`, cause: error });
  }
}

function lastWords(output: string): string {
  return output.split("\n").slice(-5).join("\n") || "it said nothing";
}
