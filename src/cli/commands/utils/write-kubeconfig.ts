import type { Command } from "commander";
import { type ExitCode, exitCode } from "../../../errors.ts";
import type { Call } from "../../call.ts";
import { withSession } from "../../connect.ts";
import { addExamples } from "../../options/examples.ts";
import { clusterOf } from "../../options/cluster.ts";
import { type FileFlags, addFileOption } from "../../options/file.ts";
import {
  type KubeconfigFlags,
  addKubeconfigOptions,
  kubeconfigChoice,
  kubeconfigFile,
  kubeconfigOptionNames,
} from "../../options/kubeconfig.ts";
import { printResult } from "../../output.ts";

interface Flags extends FileFlags, KubeconfigFlags {
  readonly cluster?: string;
}

export function define(command: Command): void {
  command.argument("[cluster]", "cluster name");
  addFileOption(command);
  command.option("-c, --cluster <name>", "cluster name");
  addKubeconfigOptions(command);
  addExamples(command, [
    "utils write-kubeconfig --cluster dev --region eu-west-1",
    "utils write-kubeconfig --cluster dev --kubeconfig ./dev.kubeconfig --authenticator aws",
  ]);
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  const { flags } = call;
  const { cluster, region } = await clusterOf(call, "--cluster", flags.cluster, kubeconfigOptionNames);
  const kubeconfig = kubeconfigFile(flags, cluster, call);
  const where = { ...(region === undefined ? {} : { region }), ...(kubeconfig === undefined ? {} : { kubeconfig }) };
  return withSession(call, where, async ({ session }) => {
    const { writeKubeconfig } = await import("../../../operations/kubeconfig.ts");
    const written = await writeKubeconfig(session, cluster, kubeconfigChoice(flags, call));
    await printResult(call, {
      document: written,
      table: () => [`wrote the context ${written.context} to ${written.path}`],
    });
    return exitCode.done;
  });
}
