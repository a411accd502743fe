import { resolve } from "node:path";
import type { Command } from "commander";
import { type ExitCode, FailedError, RefusedError, exitCode } from "../../errors.ts";
import { replaceFile } from "../../files.ts";
import { obstacles } from "../../operations/proposal.ts";
import { jsonText } from "../../text.ts";
import type { Call } from "../call.ts";
import { withSession } from "../connect.ts";
import { reasonOf } from "../reason.ts";
import { addExamples } from "../options/examples.ts";
import { type FileFlags, addFileOption, loadConfigFile, refuseBesideFile } from "../options/file.ts";
import { kubeconfigChoice } from "../options/kubeconfig.ts";
import { required } from "../options/name.ts";
import { addSwitch } from "../options/parse.ts";
import { printResult } from "../output.ts";
import { planDocument, renderPlan } from "../render/plan.ts";
import { whileLooking } from "../report/looking.ts";
import { terminal } from "../terminal.ts";
import { toolVersion } from "../version.ts";

interface Flags extends FileFlags {
  readonly out?: string;
  readonly prune?: boolean;
}

export function define(command: Command): void {
  addFileOption(command);
  command.option("--out <file>", "save the plan, for `ekstool apply <file>`");
  addSwitch(command, "--prune", "also delete what is no longer in the file");
  addExamples(command, [
    "plan -f cluster.yaml",
    "plan -f cluster.yaml -o json",
    "plan -f cluster.yaml --out change.plan",
  ]);
  command.addHelpText("after", "\nExit codes: 0 nothing to change, 2 changes, 4 something is in the way.");
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  const { flags, io } = call;
  const file = required(flags.configFile, "--config-file/-f");
  refuseBesideFile(call, ["--out", "--prune"]);
  const config = await loadConfigFile(call, file);
  const prune = flags.prune === true;
  return withSession(call, { config }, async ({ session }) => {
    const { proposeApply } = await import("../../operations/cluster.ts");
    const kubeconfig = kubeconfigChoice({ authenticator: "ekstool" }, call);
    const proposed = await whileLooking(call.terminal, () => proposeApply(session, config, { prune, kubeconfig }));
    const proposal = { ...proposed, title: `plan for cluster ${config.metadata.name}` };
    if (flags.out !== undefined) {
      const { savedPlan } = await import("../../operations/saved-plan.ts");
      save(resolve(io.cwd, flags.out), savedPlan(proposal, { config, prune, version: toolVersion }));
    }
    await printResult(call, {
      document: planDocument(proposal),
      table: () => renderPlan(proposal, terminal(io.stdout, io.env)),
    });
    if (obstacles(proposal).length > 0) return exitCode.refused;
    return proposal.changes ? exitCode.changes : exitCode.done;
  });
}

/** Only for the user: a plan quotes what is in the account. */
function save(path: string, plan: object): void {
  try {
    replaceFile(path, `${jsonText(plan, 2)}\n`, { lasting: true });
  } catch (error) {
    if (error instanceof RefusedError) throw error;
    throw new FailedError(`the plan cannot be saved: ${reasonOf(error)}`, { cause: error });
  }
}
