import type { Command } from "commander";
import type { ExitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { carryOut } from "../../change.ts";
import { withSession } from "../../connect.ts";
import { addExamples } from "../../options/examples.ts";
import { required, requiredName } from "../../options/name.ts";
import { addSwitch } from "../../options/parse.ts";
import { nodegroupTable } from "../../render/nodegroups.ts";
import { renderTimes } from "../../render/summary.ts";

interface Flags {
  readonly cluster?: string;
  readonly name?: string;
  readonly kubernetesVersion?: string;
  readonly releaseVersion?: string;
  readonly launchTemplateVersion?: string;
  readonly forceUpgrade?: boolean;
  readonly wait?: boolean;
}

export function define(command: Command): void {
  command
    .argument("[name]", "nodegroup name")
    .option("-c, --cluster <name>", "cluster name")
    .option("-n, --name <name>", "nodegroup name")
    .option("--kubernetes-version <version>", "the newest AMI release of this Kubernetes version (default: as it is)")
    .option("--release-version <version>", "this very AMI release, as 1.34.1-20251016")
    .option("--launch-template-version <version>", "this version of its launch template");
  addSwitch(command, "--force-upgrade", "also where disruption budgets keep pods from being drained");
  addSwitch(command, "-w, --wait", "wait until EKS is done (default: true)");
  addExamples(command, [
    "upgrade nodegroup --cluster dev --name workers",
    "upgrade nodegroup --cluster dev --name workers --kubernetes-version 1.34",
  ]);
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  const { flags } = call;
  const request = {
    cluster: required(flags.cluster, "--cluster"),
    nodegroup: requiredName(call),
    force: flags.forceUpgrade === true,
    wait: flags.wait !== false,
    ...(flags.kubernetesVersion === undefined ? {} : { kubernetesVersion: flags.kubernetesVersion }),
    ...(flags.releaseVersion === undefined ? {} : { releaseVersion: flags.releaseVersion }),
    ...(flags.launchTemplateVersion === undefined ? {} : { launchTemplateVersion: flags.launchTemplateVersion }),
  };
  return withSession(call, {}, async (connected) => {
    const { proposeNodegroupUpgrade } = await import("../../../operations/upgrade-nodegroup.ts");
    return carryOut(call, connected, () => proposeNodegroupUpgrade(connected.session, request), {
      ask: "risks",
      onFailure: "keep",
      result: (output) => ({ document: output, table: () => nodegroupTable(output) }),
      summary: (_output, result) => renderTimes(result, call),
    });
  });
}
