import type { Command } from "commander";
import { type ExitCode, FailedError, RefusedError } from "../../../errors.ts";
import type { ChooseParts } from "../../../operations/part-proposals.ts";
import { addApproval, approved } from "../../approval.ts";
import type { Call } from "../../call.ts";
import { carryOut } from "../../change.ts";
import { withSession } from "../../connect.ts";
import { type DrainFlags, addDrainOptions, drainChoiceUnlessOff, drainOptionNames } from "../../options/drain.ts";
import { addExamples } from "../../options/examples.ts";
import { type NodegroupTargetFlags, addNodegroupTarget, nodegroupTarget } from "../../options/nodegroup-target.ts";
import { addSwitch } from "../../options/parse.ts";
import { addUnsupported, refuseUnsupported, stackOptions } from "../../options/unsupported.ts";
import { renderTimes } from "../../render/summary.ts";

interface Flags extends NodegroupTargetFlags, DrainFlags {
  readonly approve?: boolean;
  readonly drain?: boolean;
}

const unsupported = {
  ...stackOptions,
  "--update-auth-configmap": "has no meaning here: nodes are let in by access entries",
};

export function define(command: Command): void {
  addNodegroupTarget(command);
  addApproval(command);
  command.option("-w, --wait", "as always: wait until they are gone");
  addSwitch(command, "--drain", "move what runs on the nodes away first (default: true)");
  addDrainOptions(command);
  addUnsupported(command, unsupported);
  addExamples(command, [
    "delete nodegroup --cluster dev --name old",
    "delete nodegroup -f cluster.yaml --include 'spot-*'",
    "delete nodegroup -f cluster.yaml --only-missing",
  ]);
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  refuseUnsupported(call, unsupported);
  const { cluster, region, chosen } = await nodegroupTarget(call, ["--approve", "--wait", ...drainOptionNames]);
  const choose: ChooseParts = (ours, others) =>
    typeof chosen === "string" ? [known(chosen, cluster, ours, others)] : ours.filter(chosen);
  const where = { drain: drainChoiceUnlessOff(call.flags), ...(region !== undefined && { region }) };
  return withSession(call, where, async (connected) => {
    const { proposeDeleteNodegroups } = await import("../../../operations/nodegroups.ts");
    return carryOut(approved(call), connected, () => proposeDeleteNodegroups(connected.session, cluster, choose), {
      ask: "always",
      onFailure: "keep",
      result: (output) => ({
        document: output,
        table: () => output.deleted.map((name) => `deleted nodegroup ${name}`),
      }),
      summary: (_output, result) => renderTimes(result, call),
    });
  });
}

function known(name: string, cluster: string, ours: readonly string[], others: readonly string[]): string {
  if (ours.includes(name)) return name;
  if (others.includes(name)) {
    throw new RefusedError(
      `the nodegroup ${name} of cluster ${cluster} was not made by ekstool, which deletes only its own`,
      {
        hint: `delete it with what made it, or: aws eks delete-nodegroup --cluster-name ${cluster} --nodegroup-name ${name}`,
      },
    );
  }
  throw new FailedError(`the cluster ${cluster} has no nodegroup ${name}`, {
    hint: ours.length === 0 ? "it has none that ekstool made" : `it has ${ours.join(", ")}`,
  });
}
