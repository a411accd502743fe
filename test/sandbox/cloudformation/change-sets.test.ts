import {
  CreateChangeSetCommand,
  type CreateChangeSetInput,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
  ListChangeSetsCommand,
} from "@aws-sdk/client-cloudformation";
import { describe, expect, it } from "vitest";
import { type Account, account, refused } from "../eks/account.ts";
import { createStack, describeStack, eventsOf, profileTemplate, resourcesOf } from "./account.ts";

const named = { StackName: "s", ChangeSetName: "c" };

async function propose({ cloudformation }: Account, input: Partial<CreateChangeSetInput>): Promise<void> {
  await cloudformation.send(new CreateChangeSetCommand({ ...named, Capabilities: ["CAPABILITY_NAMED_IAM"], ...input }));
}

const describeSet = ({ cloudformation }: Account) => cloudformation.send(new DescribeChangeSetCommand(named));
const execute = ({ cloudformation }: Account) => cloudformation.send(new ExecuteChangeSetCommand(named));

async function stack(): Promise<Account> {
  const here = await account();
  await createStack(here, { TemplateBody: profileTemplate() });
  await here.pass(200);
  return here;
}

describe("a change set", () => {
  it("says what would change, and changes it when it is executed", async () => {
    const here = await stack();
    const before = await resourcesOf(here);
    const changed = profileTemplate({ Description: "of nodes" });
    await propose(here, { TemplateBody: changed, Parameters: [{ ParameterKey: "Path", ParameterValue: "/other/" }] });
    await refused(execute(here), "InvalidChangeSetStatusException", "UNAVAILABLE");
    await here.pass(10);
    expect(await describeSet(here)).toMatchObject({
      Status: "CREATE_COMPLETE",
      ExecutionStatus: "AVAILABLE",
      Changes: [
        { ResourceChange: { Action: "Modify", LogicalResourceId: "Profile", Replacement: "True" } },
        {
          ResourceChange: {
            Action: "Modify",
            LogicalResourceId: "Role",
            Replacement: "False",
            Details: [{ Target: { Attribute: "Properties", Name: "Description", RequiresRecreation: "Never" } }],
          },
        },
      ],
    });
    await execute(here);
    await here.pass(200);
    expect((await describeStack(here)).StackStatus).toBe("UPDATE_COMPLETE");
    const after = await resourcesOf(here);
    expect(after["Role"]).toBe(before["Role"]);
    expect(after["Profile"]).not.toBe(before["Profile"]);
    expect(Object.keys(after)).toEqual(Object.keys(before));
  });

  it("without changes has failed", async () => {
    const here = await stack();
    await propose(here, { UsePreviousTemplate: true });
    await here.pass(10);
    expect(await describeSet(here)).toMatchObject({
      Status: "FAILED",
      StatusReason: expect.stringMatching(/didn't contain changes/),
    });
    await refused(execute(here), "InvalidChangeSetStatusException", "FAILED");
    await here.cloudformation.send(new DeleteChangeSetCommand(named));
    expect((await here.cloudformation.send(new ListChangeSetsCommand({ StackName: "s" }))).Summaries).toEqual([]);
  });

  it("can be of a stack that is yet to be made", async () => {
    const here = await account();
    await propose(here, { ChangeSetType: "CREATE", TemplateBody: profileTemplate() });
    await here.pass(10);
    expect((await describeStack(here)).StackStatus).toBe("REVIEW_IN_PROGRESS");
    expect((await describeSet(here)).Changes?.map(({ ResourceChange }) => ResourceChange?.Action)).toEqual([
      "Add",
      "Add",
    ]);
    await execute(here);
    await here.pass(200);
    expect((await eventsOf(here)).slice(0, 2)).toEqual(["s REVIEW_IN_PROGRESS", "s CREATE_IN_PROGRESS"]);
    expect((await describeStack(here)).StackStatus).toBe("CREATE_COMPLETE");
  });

  it("is refused where there is nothing to change, or one of its name", async () => {
    const here = await stack();
    await refused(propose(here, { StackName: "t", UsePreviousTemplate: true }), "ValidationError", "does not exist");
    const again = () => propose(here, { ChangeSetType: "CREATE", TemplateBody: profileTemplate() });
    await refused(again(), "ValidationError", "already exists");
    await propose(here, { TemplateBody: profileTemplate({ Description: "d" }), ClientToken: "t" });
    await propose(here, { TemplateBody: profileTemplate({ Description: "d" }), ClientToken: "t" });
    await refused(propose(here, { UsePreviousTemplate: true }), "AlreadyExistsException", "c");
  });
});
