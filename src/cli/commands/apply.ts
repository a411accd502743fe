import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { type ExitCode, InputError } from "../../errors.ts";
import type { ClusterConfig } from "../../config/types.ts";
import type { OnFailure } from "../../operations/proposal.ts";
import type { SavedPlan } from "../../operations/saved-plan.ts";
import type { Call } from "../call.ts";
import { carryOut } from "../change.ts";
import { withSession } from "../connect.ts";
import { reasonOf } from "../reason.ts";
import { type DrainFlags, addDrainOptions, drainChoiceUnlessOff, drainOptionNames } from "../options/drain.ts";
import { addExamples } from "../options/examples.ts";
import { type FileFlags, addFileOption, loadConfigFile, refuseBesideFile } from "../options/file.ts";
import {
  type KubeconfigFlags,
  addKubeconfigOptions,
  kubeconfigChoice,
  kubeconfigFile,
  kubeconfigOptionNames,
} from "../options/kubeconfig.ts";
import { required } from "../options/name.ts";
import { addOnFailureOption } from "../options/on-failure.ts";
import { addSwitch } from "../options/parse.ts";
import { clusterTable, renderClusterSummary } from "../render/summary.ts";

interface Flags extends FileFlags, KubeconfigFlags, DrainFlags {
  readonly prune?: boolean;
  readonly drain?: boolean;
  readonly onFailure: OnFailure;
}

export function define(command: Command): void {
  command.argument("[plan]", "a plan that `ekstool plan --out` saved; refused when something has changed since");
  addFileOption(command);
  addSwitch(command, "--prune", "also delete what is no longer in the file");
  addOnFailureOption(command);
  command.optionsGroup("Nodegroups that are replaced or pruned:");
  addSwitch(command, "--drain", "move what runs on the nodes away first (default: true)");
  addDrainOptions(command);
  addKubeconfigOptions(command);
  addExamples(command, ["apply -f cluster.yaml", "apply -f cluster.yaml --yes", "apply change.plan --yes"]);
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  const [planFile] = call.args;
  if (planFile !== undefined && call.flags.configFile === undefined) return applySaved(call, planFile);
  const file = required(call.flags.configFile, "--config-file/-f, or a saved plan,");
  refuseBesideFile(call, ["--prune", "--on-failure", ...drainOptionNames, ...kubeconfigOptionNames]);
  const config = await loadConfigFile(call, file);
  return apply(call, { config, prune: call.flags.prune === true });
}

async function applySaved(call: Call<Flags>, file: string): Promise<ExitCode> {
  if (call.given.includes("--prune")) {
    throw new InputError("cannot use --prune with a saved plan", { hint: "it says already what is deleted" });
  }
  const { readSavedPlan } = await import("../../operations/saved-plan.ts");
  const saved = readSavedPlan(await read(resolve(call.io.cwd, file)), file);
  return apply(call, { config: saved.config, prune: saved.prune, saved });
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new InputError(`the plan cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}

interface Wanted {
  readonly config: ClusterConfig;
  readonly prune: boolean;
  /** The plan that this is; absent: whatever the plan is now. */
  readonly saved?: SavedPlan;
}

async function apply(call: Call<Flags>, { config, prune, saved }: Wanted): Promise<ExitCode> {
  const { flags } = call;
  const path = kubeconfigFile(flags, config.metadata.name, call);
  const drain = drainChoiceUnlessOff(flags);
  return withSession(
    call,
    { config, drain, ...(path === undefined ? {} : { kubeconfig: path }) },
    async (connected) => {
      const { proposeApply } = await import("../../operations/cluster.ts");
      const { assertUnchanged } = await import("../../operations/saved-plan.ts");
      const options = { prune, kubeconfig: kubeconfigChoice(flags, call) };
      return carryOut(call, connected, () => proposeApply(connected.session, config, options), {
        ask: "risks",
        check: (proposal) => saved && assertUnchanged(saved, proposal),
        onFailure: flags.onFailure,
        result: (output) => ({ document: output, table: () => clusterTable(output) }),
        summary: (output, result) => renderClusterSummary(output, result, call),
      });
    },
  );
}
