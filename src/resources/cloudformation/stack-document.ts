import {
  type CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateDescribeStackEvents,
  paginateDescribeStacks,
  type Stack,
} from "@aws-sdk/client-cloudformation";
import { collect } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { idOf, owned, type Tags, tagsOf } from "../../aws/tags.ts";
import type { Live, Phase } from "../../engine/kind.ts";
import { taggedLive } from "../tags-aspect.ts";

/** What CloudFormation says of a stack. */
export interface StackDocument {
  readonly name: string;
  readonly stackId: string;
  readonly status: string;
  /** As it was sent. */
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly createdAt: string;
  readonly tags: Tags;
}

/** The stacks of ours whose logical ids are of one kind. */
export async function listStacks(
  ctx: AwsContext,
  isOfKind: (id: string) => boolean,
): Promise<readonly Live<StackDocument>[]> {
  const wanted = (await allStacks(ctx.clients.cloudformation)).filter(
    ({ Tags }) => owned(tagsOf(Tags), ctx.owner) && isOfKind(idOf(tagsOf(Tags))),
  );
  return Promise.all(wanted.map((one) => toLive(one, ctx)));
}

/** CloudFormation tells stacks apart by name alone: an account may have hundreds. Kinds that look at the same time look once. */
function allStacks(client: CloudFormationClient): Promise<readonly Stack[]> {
  const started =
    looks.get(client) ??
    collect(paginateDescribeStacks({ client }, {}), (page) => page.Stacks).finally(() => looks.delete(client));
  looks.set(client, started);
  return started;
}

/** Under way. */
const looks = new WeakMap<CloudFormationClient, Promise<readonly Stack[]>>();

/** A stack by its name or id, whoever made it. */
export async function readStack(name: string, ctx: AwsContext): Promise<Live<StackDocument> | null> {
  const request = new DescribeStacksCommand({ StackName: name });
  const answer = await absentAsNull(() => ctx.clients.cloudformation.send(request));
  const [found] = answer?.Stacks ?? [];
  return found === undefined || found.StackStatus === "DELETE_COMPLETE" ? null : toLive(found, ctx);
}

async function toLive(described: Stack, ctx: AwsContext): Promise<Live<StackDocument>> {
  const { StackName: name = "", StackId: stackId = "", StackStatus: status = "" } = described;
  const attrs: StackDocument = {
    name,
    stackId,
    status,
    template: await templateIn(stackId, ctx),
    parameters: Object.fromEntries(
      (described.Parameters ?? []).map(({ ParameterKey = "", ParameterValue = "" }) => [ParameterKey, ParameterValue]),
    ),
    outputs: Object.fromEntries(
      (described.Outputs ?? []).map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]),
    ),
    createdAt: described.CreationTime?.toISOString() ?? "",
    tags: tagsOf(described.Tags),
  };
  const phase = phaseOf(status);
  const asWanted = status === "CREATE_COMPLETE" || status === "UPDATE_COMPLETE";
  const detail = asWanted ? undefined : await latestEvent(stackId, phase, ctx);
  const live = taggedLive(ctx, name, phase, attrs, { uid: stackId, detail });
  if (described.EnableTerminationProtection !== true) return live;
  return {
    ...live,
    protection: `its termination protection is on: turn it off with \`aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${name}\``,
  };
}

async function templateIn(StackName: string, { clients }: AwsContext): Promise<string> {
  const request = new GetTemplateCommand({ StackName, TemplateStage: "Original" });
  const answer = await absentAsNull(() => clients.cloudformation.send(request));
  return answer?.TemplateBody ?? "{}";
}

function phaseOf(status: string): Phase {
  switch (status) {
    case "CREATE_COMPLETE":
    case "UPDATE_COMPLETE":
    case "UPDATE_ROLLBACK_COMPLETE":
    case "IMPORT_COMPLETE":
      return "ready";
    case "CREATE_FAILED":
    case "ROLLBACK_COMPLETE":
    case "ROLLBACK_FAILED":
    case "REVIEW_IN_PROGRESS":
      return "failed";
    case "DELETE_FAILED":
    case "UPDATE_FAILED":
    case "UPDATE_ROLLBACK_FAILED":
      return "degraded";
    case "DELETE_IN_PROGRESS":
      return "deleting";
    default:
      return "pending";
  }
}

/** What went wrong first, where something did; else what happened last. In CloudFormation's words. */
async function latestEvent(StackName: string, phase: Phase, { clients }: AwsContext): Promise<string | undefined> {
  const failures: string[] = [];
  let latest: string | undefined;
  for await (const page of paginateDescribeStackEvents({ client: clients.cloudformation }, { StackName })) {
    for (const event of page.StackEvents ?? []) {
      const { LogicalResourceId: id, ResourceStatus: status = "", ResourceStatusReason: reason } = event;
      latest ??= `${id} ${status}${reason === undefined ? "" : `: ${reason}`}`;
      if (status.endsWith("_FAILED") && reason !== undefined && !reason.includes("cancelled")) {
        failures.push(`${id}: ${reason}`);
      }
      // Events go back to the stack's beginning: those of this operation end where it began.
      if (reason === "User Initiated") return failures.at(-1) ?? (phase === "pending" ? latest : undefined);
    }
  }
  return failures.at(-1) ?? latest;
}
