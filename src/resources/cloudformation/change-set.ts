import {
  CreateChangeSetCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
  type Parameter,
} from "@aws-sdk/client-cloudformation";
import type { AwsContext } from "../../aws/context.ts";
import { tagList, type Tags } from "../../aws/tags.ts";
import type { Live, Operation, OperationStatus } from "../../engine/kind.ts";
import { tagChanges } from "../tags-aspect.ts";
import { readStack, type StackDocument } from "./stack-document.ts";

/** What a stack is to be made from. */
interface StackSource {
  readonly template: string;
  readonly parameters: readonly Parameter[];
  /** All of the stack: an update takes those that it does not name away. */
  readonly tags: Tags;
  /** What is to be done where CloudFormation finds nothing to change. */
  unchanged?(): Promise<void>;
}

/** Proposes all that differs as one change set, and has it carried out when CloudFormation has worked it out. */
export async function changeStack(
  source: StackSource,
  token: string,
  live: Live<StackDocument>,
  ctx: AwsContext,
): Promise<Operation> {
  const { cloudformation } = ctx.clients;
  const ChangeSetName = `ekstool-${token.slice(0, 16)}-${Math.round(ctx.clock.now()).toString(36)}`;
  const named = { StackName: live.attrs.stackId, ChangeSetName };
  await cloudformation.send(
    new CreateChangeSetCommand({
      ...named,
      TemplateBody: source.template,
      Parameters: [...source.parameters],
      Capabilities: ["CAPABILITY_NAMED_IAM"],
      Tags: tagList(source.tags),
      ClientToken: token,
    }),
  );
  let executed = false;
  return {
    what: `change set ${ChangeSetName}`,
    async check(): Promise<OperationStatus> {
      if (executed) return progressOf(live, ctx);
      const { Status, StatusReason } = await cloudformation.send(new DescribeChangeSetCommand(named));
      if (Status === "FAILED" && /didn't contain changes/.test(StatusReason ?? "")) {
        await source.unchanged?.();
        return { state: "done" };
      }
      if (Status === "FAILED") return { state: "failed", detail: StatusReason ?? "CloudFormation gives no reason" };
      if (Status !== "CREATE_COMPLETE") return { state: "running", detail: "CloudFormation works the changes out" };
      await cloudformation.send(new ExecuteChangeSetCommand({ ...named, ClientRequestToken: token }));
      executed = true;
      return { state: "running", detail: "the changes are carried out" };
    },
  };
}

/** What is under way already. */
export function followStack(live: Live<StackDocument>, ctx: AwsContext): Operation {
  return { what: `update of ${live.ref}`, check: () => progressOf(live, ctx) };
}

async function progressOf(before: Live<StackDocument>, ctx: AwsContext): Promise<OperationStatus> {
  const live = await readStack(before.attrs.stackId, ctx);
  if (live === null) return { state: "failed", detail: `the stack ${before.ref} is gone` };
  const { status } = live.attrs;
  const detail = live.detail ?? status;
  if (live.phase === "pending") return { state: "running", detail };
  if (status === "UPDATE_COMPLETE") return { state: "done" };
  return { state: "failed", detail: live.detail ?? `the stack is ${status}: its events say why` };
}

/** The tags of a stack as they are, with the wanted ones. */
export function tagsWith(live: Tags, wanted: Tags): Tags {
  const { set, remove } = tagChanges(live, wanted);
  const kept = Object.entries(sameTags(live)).filter(([key]) => !remove.includes(key));
  return { ...Object.fromEntries(kept), ...set };
}

/** The tags of a stack as they are; AWS's own cannot be sent. */
export function sameTags(live: Tags): Tags {
  return Object.fromEntries(Object.entries(live).filter(([key]) => !key.startsWith("aws:")));
}
