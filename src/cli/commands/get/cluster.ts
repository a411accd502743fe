import type { Command } from "commander";
import { type ExitCode, InputError, exitCode } from "../../../errors.ts";
import type { ClusterSummary } from "../../../operations/outputs.ts";
import type { Call } from "../../call.ts";
import { withSession } from "../../connect.ts";
import { addExamples } from "../../options/examples.ts";
import { type FileFlags, addFileOption } from "../../options/file.ts";
import { clusterOf } from "../../options/cluster.ts";
import { nameOf } from "../../options/name.ts";
import { addSwitch } from "../../options/parse.ts";
import { printResult } from "../../output.ts";
import { renderTable } from "../../render/table.ts";

interface Flags extends FileFlags {
  readonly name?: string;
  readonly allRegions?: boolean;
}

export function define(command: Command): void {
  command.argument("[name]", "one cluster (default: all)");
  addFileOption(command);
  command.option("-n, --name <name>", "one cluster (default: all)");
  addSwitch(command, "-A, --all-regions", "look in all regions");
  addExamples(command, [
    "get cluster",
    "get cluster --name dev --region eu-west-1",
    "get cluster --all-regions -o json",
  ]);
}

export async function run(call: Call<Flags>): Promise<ExitCode> {
  const { configFile, name, allRegions } = call.flags;
  const named = configFile !== undefined || nameOf(call, "--name", name) !== undefined;
  if (!named) return allRegions === true ? listEverywhere(call) : list(call);
  if (allRegions === true) {
    throw new InputError("--all-regions lists all clusters; it cannot be used for one by name");
  }
  const { cluster, region } = await clusterOf(call, "--name", name);
  return withSession(call, region === undefined ? {} : { region }, async ({ session }) => {
    const { getCluster } = await import("../../../operations/inventory.ts");
    const found = await getCluster(session, cluster);
    await printResult(call, {
      document: [found],
      table: () => [...describe(found), ...(found.detail === undefined ? [] : [found.detail])],
    });
    return exitCode.done;
  });
}

async function list(call: Call): Promise<ExitCode> {
  return withSession(call, {}, async ({ session }) => {
    const { listClusters } = await import("../../../operations/inventory.ts");
    return print(call, await listClusters(session));
  });
}

/** All regions at once: one after the other would take minutes. */
async function listEverywhere(call: Call): Promise<ExitCode> {
  const { listClusters, listRegions } = await import("../../../operations/inventory.ts");
  const regions = await withSession(call, {}, ({ session }) => listRegions(session));
  const found = await Promise.all(
    regions.map((region) => withSession(call, { region }, ({ session }) => listClusters(session))),
  );
  return print(call, found.flat());
}

async function print(call: Call, clusters: readonly ClusterSummary[]): Promise<ExitCode> {
  const rows = clusters.map((one) => [
    one.name,
    one.region,
    one.version,
    one.status,
    one.owned ? "ekstool" : "elsewhere",
  ]);
  await printResult(call, {
    document: clusters,
    table: () =>
      rows.length === 0 ? ["No clusters found"] : renderTable(["NAME", "REGION", "VERSION", "STATUS", "MADE BY"], rows),
  });
  return exitCode.done;
}

function describe(cluster: ClusterSummary): readonly string[] {
  return renderTable(
    ["NAME", "VERSION", "STATUS", "CREATED", "VPC", "SUBNETS", "SECURITYGROUPS", "MADE BY"],
    [
      [
        cluster.name,
        cluster.version,
        cluster.status,
        cluster.createdAt,
        cluster.vpcId,
        cluster.subnetIds.join(","),
        cluster.securityGroupIds.join(","),
        cluster.owned ? "ekstool" : "elsewhere",
      ],
    ],
  );
}
