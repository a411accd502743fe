import {
  DeleteLogGroupCommand,
  ListTagsForResourceCommand,
  paginateDescribeLogGroups,
} from "@aws-sdk/client-cloudwatch-logs";
import { collect } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { allow, logGroupOfCluster } from "../../aws/permissions.ts";
import { owned } from "../../aws/tags.ts";
import type { DerivedKind, Live } from "../../engine/kind.ts";
import { moments } from "../timings.ts";

interface LateLogGroupAttrs {
  readonly name: string;
}

/** Runs that have seen the log group of their cluster while it was ours: what has its name afterwards is EKS's doing. */
const sawOurs = new WeakSet<AwsContext>();

/** Seconds after the end of a control plane within which EKS delivers the last of its logs. */
const lastDelivery = 120;

/**
 * EKS makes the log group anew when it delivers logs after its deletion (terraform-aws-modules/terraform-aws-eks#920). One that
 * never was ours is somebody's: it stays.
 */
export const lateLogGroup: DerivedKind<LateLogGroupAttrs, AwsContext> = {
  name: "logs.late-log-group",
  title: "log group",
  deletedBefore: [],
  deletedLast: true,
  madeFor: "eks.cluster",
  appearsWithin: (ctx) => (sawOurs.has(ctx) ? lastDelivery : 0),
  timing: () => moments,
  actions: {
    list: allow("logs:DescribeLogGroups"),
    read: [...allow("logs:DescribeLogGroups"), ...allow("logs:ListTagsForResource", logGroupOfCluster)],
    delete: allow("logs:DeleteLogGroup", logGroupOfCluster),
  },

  async list(ctx) {
    const live = await read(`/aws/eks/${ctx.owner.cluster}/cluster`, ctx);
    return live === null || live.owner === "foreign" ? [] : [live];
  },
  read,
  async delete({ ref }, { clients }) {
    await clients.logs.send(new DeleteLogGroupCommand({ logGroupName: ref }));
  },
};

/** Our own is a kind of its own: foreign, as far as this one is concerned. */
async function read(name: string, ctx: AwsContext): Promise<Live<LateLogGroupAttrs> | null> {
  const pages = paginateDescribeLogGroups({ client: ctx.clients.logs }, { logGroupNamePrefix: name });
  const found = (await collect(pages, (page) => page.logGroups)).find((group) => group.logGroupName === name);
  if (!found) return null;
  const resourceArn = found.logGroupArn ?? found.arn?.replace(/:\*$/, "") ?? "";
  const answer = await absentAsNull(() => ctx.clients.logs.send(new ListTagsForResourceCommand({ resourceArn })));
  if (answer === null) return null;
  const live = { id: "", ref: name, phase: "ready", attrs: { name } } as const;
  if (owned(answer.tags ?? {}, ctx.owner)) {
    sawOurs.add(ctx);
    return { ...live, owner: "foreign" };
  }
  if (sawOurs.has(ctx)) return { ...live, owner: "derived", detail: "made anew by EKS for its last logs" };
  return { ...live, owner: "shared", detail: "it carries no ekstool tags: made by somebody else" };
}
