import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import { addApproval, approved } from "../../approval.ts";
import type { Call } from "../../call.ts";
import { carryOut } from "../../change.ts";
import { withSession } from "../../connect.ts";
import { type DrainFlags, addDrainOptions, drainChoice, drainOptionNames } from "../../options/drain.ts";
import { addExamples } from "../../options/examples.ts";
import { type NodegroupTargetFlags, addNodegroupTarget, nodegroupTarget } from "../../options/nodegroup-target.ts";
import { addSwitch } from "../../options/parse.ts";
import { addUnsupported, refuseUnsupported, stackOptions } from "../../options/unsupported.ts";
import { nodegroupTable } from "../../render/nodegroups.ts";
import { renderTimes } from "../../render/summary.ts";

interface Flags extends NodegroupTargetFlags, DrainFlags {
  readonly undo?: boolean;
  readonly approve?: boolean;
}

export function define(command: Command): void {
  addNodegroupTarget(command);
  addSwitch(command, "--undo", "let pods come to the nodes again");
  addApproval(command);
  addDrainOptions(command);
  addUnsupported(command, stackOptions);
  addExamples(command, [
    "drain nodegroup --cluster dev --name old",
    "drain nodegroup --cluster dev --name old --undo",
    "drain nodegroup -f cluster.yaml --include 'spot-*'",
  ]);
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  refuseUnsupported(call, stackOptions);
  const { flags } = call;
  const { cluster, region, chosen } = await nodegroupTarget(call, ["--approve", "--undo", ...drainOptionNames]);
  const choose = (names: readonly string[]) => (typeof chosen === "string" ? [chosen] : names.filter(chosen));
  const choice = flags.undo === true ? "undo" : drainChoice(flags);
  return withSession(call, region === undefined ? {} : { region }, async (connected) => {
    const { proposeDrain } = await import("../../../operations/drain.ts");
    return carryOut(approved(call), connected, () => proposeDrain(connected.session, cluster, choose, choice), {
      ask: flags.undo === true ? "on a foreign cluster" : "risks",
      onFailure: "keep",
      result: (output) => ({ document: output, table: () => nodegroupTable(output) }),
      summary: (_output, result) => renderTimes(result, call),
    });
  });
}
