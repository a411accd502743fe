import { DescribeUpdateCommand, EKSClient, ListUpdatesCommand, type Update } from "@aws-sdk/client-eks";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { issuesText, runningUpdate, updateOperation } from "../../src/aws/eks-updates.ts";

// Mocks one client, never the class: test files share their modules.
const mocked = () => {
  const client = new EKSClient({ region: "us-west-2" });
  return { client, eks: mockClient(client) };
};
let { client, eks } = mocked();
beforeEach(() => {
  ({ client, eks } = mocked());
});

const target = { cluster: "blue", nodegroup: "workers" };

function describeAs(...updates: readonly Update[]): void {
  for (const update of updates) eks.on(DescribeUpdateCommand, { updateId: update.id }).resolves({ update });
}
const described = () => eks.commandCalls(DescribeUpdateCommand).map((call) => call.args[0].input);

describe("an update that EKS has accepted", () => {
  it("runs, then is done, and does last what depends on its success", async () => {
    const done: string[] = [];
    const accepted: Update = { id: "u-1", type: "ConfigUpdate", status: "InProgress" };
    const operation = updateOperation(client, target, accepted, async () => {
      done.push("after");
      await Promise.resolve();
    });
    expect(operation.what).toBe("ConfigUpdate u-1");
    describeAs(accepted);
    expect(await operation.check()).toEqual({ state: "running", detail: "ConfigUpdate in progress" });
    expect(done).toEqual([]);
    describeAs({ ...accepted, status: "Successful" });
    expect(await operation.check()).toEqual({ state: "done" });
    expect(done).toEqual(["after"]);
    const asked = { name: "blue", nodegroupName: "workers", updateId: "u-1" };
    expect(described()).toEqual([asked, asked]);
  });

  it("fails with EKS's own reasons", async () => {
    const errors: Update["errors"] = [
      {
        errorCode: "PodEvictionFailure",
        errorMessage: "Too many retries while evicting pods",
        resourceIds: ["i-1", "i-2"],
      },
      { errorCode: "NodeCreationFailure", errorMessage: "" },
    ];
    describeAs({ id: "u-1", type: "VersionUpdate", status: "Failed", errors });
    const operation = updateOperation(client, target, { id: "u-1" });
    expect(await operation.check()).toEqual({
      state: "failed",
      detail:
        "VersionUpdate failed: PodEvictionFailure: Too many retries while evicting pods (i-1, i-2); NodeCreationFailure",
    });
  });

  it("says so when EKS gives no reason", async () => {
    describeAs({ id: "u-1", type: "LoggingUpdate", status: "Cancelled" });
    expect(await updateOperation(client, target, { id: "u-1" }).check()).toEqual({
      state: "failed",
      detail: "LoggingUpdate cancelled: EKS gives no reason",
    });
  });
});

describe("the update that is running", () => {
  it("is found among all, over pages", async () => {
    eks
      .on(ListUpdatesCommand)
      .resolvesOnce({ updateIds: ["u-1", "u-2"], nextToken: "more" })
      .resolves({ updateIds: ["u-3"] });
    describeAs(
      { id: "u-1", status: "Successful" },
      { id: "u-2", status: "Failed" },
      { id: "u-3", status: "InProgress" },
    );
    expect(await runningUpdate(client, { cluster: "blue" })).toMatchObject({ id: "u-3" });
  });

  it("is asked for once when it has ended", async () => {
    eks.on(ListUpdatesCommand).resolves({ updateIds: ["u-1", "u-2"] });
    describeAs({ id: "u-1", status: "Successful" }, { id: "u-2", status: "InProgress" });
    expect(await runningUpdate(client, { cluster: "blue" })).toMatchObject({ id: "u-2" });
    describeAs({ id: "u-2", status: "Successful" });
    expect(await runningUpdate(client, { cluster: "blue" })).toBeUndefined();
    expect(await runningUpdate(client, { cluster: "blue" })).toBeUndefined();
    expect(described().map((input) => input.updateId)).toEqual(["u-1", "u-2", "u-2"]);
  });
});

describe("issues", () => {
  it("are quoted with what they concern", () => {
    expect(
      issuesText([{ code: "AccessDenied", message: " No. ", resourceIds: ["role", "i-1"] }, { code: "Unknown" }]),
    ).toBe("AccessDenied: No. (role, i-1); Unknown");
    expect(issuesText([])).toBeUndefined();
    expect(issuesText(undefined)).toBeUndefined();
  });
});
