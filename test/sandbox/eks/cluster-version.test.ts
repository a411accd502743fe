import {
  DescribeInsightCommand,
  type InsightsFilter,
  ListInsightsCommand,
  UpdateClusterConfigCommand,
  UpdateClusterVersionCommand,
  type UpdateClusterVersionRequest,
  UpdateNodegroupVersionCommand,
} from "@aws-sdk/client-eks";
import { describe, expect, test } from "vitest";
import { durations } from "../../../src/sandbox/durations.ts";
import {
  type Account,
  cluster,
  clusterWithNodes,
  describeCluster,
  describeUpdate,
  present,
  refused,
} from "./account.ts";

const day = 24 * 3600;

function moveTo({ eks }: Account, version: string, changes: Partial<UpdateClusterVersionRequest> = {}) {
  return eks.send(new UpdateClusterVersionCommand({ name: "c", version, ...changes }));
}

async function insights({ eks }: Account, filter?: InsightsFilter) {
  return (await eks.send(new ListInsightsCommand({ clusterName: "c", filter }))).insights ?? [];
}

const insight = (status: "ERROR" | "WARNING", name = "Deprecated APIs removed in Kubernetes v1.35") => ({
  cluster: "c",
  name,
  kubernetesVersion: "1.35",
  status,
  reason: "somebody still calls them",
  recommendation: "move on",
});

describe("upgrade insights", () => {
  test("that report an error keep the control plane from moving, unless forced", async () => {
    const here = await cluster();
    here.sandbox.scenario({ insights: [insight("ERROR")] });
    await refused(moveTo(here, "1.35"), "InvalidStateException", "Upgrade readiness issues detected");
    const { update } = await moveTo(here, "1.35", { force: true });
    await here.pass(durations.clusterVersionUpdate);
    expect(await describeUpdate(here, present(update))).toMatchObject({ status: "Successful" });
  });

  test("that only warn do not, nor those of another version", async () => {
    const here = await cluster();
    here.sandbox.scenario({ insights: [insight("WARNING"), { ...insight("ERROR"), kubernetesVersion: "1.36" }] });
    await moveTo(here, "1.35");
  });

  test("are listed by category, version and status, and described", async () => {
    const here = await cluster();
    here.sandbox.scenario({
      insights: [insight("ERROR"), insight("WARNING", "other"), { ...insight("ERROR"), cluster: "another" }],
    });
    expect((await insights(here)).map(({ name }) => name)).toEqual([insight("ERROR").name, "other"]);
    expect(await insights(here, { statuses: ["WARNING"] })).toHaveLength(1);
    expect(await insights(here, { kubernetesVersions: ["1.36"] })).toEqual([]);
    expect(await insights(here, { categories: ["MISCONFIGURATION"] })).toEqual([]);
    const [first] = await insights(here);
    const described = await here.eks.send(new DescribeInsightCommand({ clusterName: "c", id: first?.id }));
    expect(described.insight).toMatchObject({
      kubernetesVersion: "1.35",
      insightStatus: { status: "ERROR", reason: "somebody still calls them" },
      recommendation: "move on",
    });
    const unknown = here.eks.send(new DescribeInsightCommand({ clusterName: "c", id: "nothing" }));
    await refused(unknown, "ResourceNotFoundException", "nothing");
  });
});

describe("a version rollback", () => {
  test("takes the latest upgrade back, for seven days", async () => {
    const here = await cluster();
    await refused(moveTo(here, "1.33"), "InvalidParameterException", "version update from 1.34 to 1.33");
    await moveTo(here, "1.35");
    await here.pass(durations.clusterVersionUpdate + 6 * day);
    const { update } = await moveTo(here, "1.34");
    expect(update?.type).toBe("VersionRollback");
    await here.pass(durations.clusterVersionUpdate);
    expect((await describeCluster(here)).version).toBe("1.34");
    await refused(moveTo(here, "1.33"), "InvalidParameterException", "from 1.34 to 1.33");

    await moveTo(here, "1.35");
    await here.pass(durations.clusterVersionUpdate + 8 * day);
    await refused(moveTo(here, "1.34"), "InvalidParameterException", "from 1.35 to 1.34");
  });

  test("is refused while nodes are newer than it would be, unless forced", async () => {
    const here = await clusterWithNodes();
    await moveTo(here, "1.35");
    await here.pass(durations.clusterVersionUpdate);
    const category = { categories: ["ROLLBACK_READINESS" as const] };
    expect(await insights(here, category)).toMatchObject([{ insightStatus: { status: "PASSING" } }]);
    const ng = { clusterName: "c", nodegroupName: "ng", version: "1.35" };
    await here.eks.send(new UpdateNodegroupVersionCommand(ng));
    await here.pass(3 * durations.nodegroupNodeRoll);
    expect(await insights(here, category)).toMatchObject([
      { insightStatus: { status: "ERROR", reason: "nodegroup ng runs 1.35" } },
    ]);
    await refused(moveTo(here, "1.34"), "InvalidStateException", "Rollback readiness issues detected");
    await moveTo(here, "1.34", { force: true });
  });

  test("comes after its nodegroups, which go back by as much", async () => {
    const here = await clusterWithNodes();
    const back = { clusterName: "c", nodegroupName: "ng", version: "1.33" };
    const wrong = "Nodegroup Kubernetes version should be equal to control plane kubernetes version 1.34";
    await refused(here.eks.send(new UpdateNodegroupVersionCommand(back)), "InvalidParameterException", wrong);
    await moveTo(here, "1.35");
    await here.pass(durations.clusterVersionUpdate);
    await here.eks.send(new UpdateNodegroupVersionCommand({ ...back, version: "1.35" }));
    await here.pass(3 * durations.nodegroupNodeRoll);
    await here.eks.send(new UpdateNodegroupVersionCommand({ ...back, version: "1.34" }));
    await here.pass(3 * durations.nodegroupNodeRoll);
    await moveTo(here, "1.34");
  });

  test("has a timeout within bounds, and needs extended support where the version does", async () => {
    const here = await cluster({ version: "1.33" });
    await moveTo(here, "1.34", { clientRequestToken: "up" });
    await here.pass(durations.clusterVersionUpdate);
    const impatient = moveTo(here, "1.33", { rollbackConfig: { timeoutMinutes: 5 } });
    await refused(impatient, "InvalidParameterException", "between 120 and 10080");
    await here.eks.send(new UpdateClusterConfigCommand({ name: "c", upgradePolicy: { supportType: "STANDARD" } }));
    await here.pass(durations.clusterConfigUpdate);
    await refused(moveTo(here, "1.33"), "InvalidParameterException", "extended support");
  });
});
