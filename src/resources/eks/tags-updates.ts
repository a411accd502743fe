import { TagResourceCommand, UntagResourceCommand } from "@aws-sdk/client-eks";
import type { AwsContext } from "../../aws/context.ts";
import { allow, type EksType, ofCluster } from "../../aws/permissions.ts";
import type { Tags } from "../../aws/tags.ts";
import type { Action, Live, Want } from "../../engine/kind.ts";
import { tagChanges, type Tagged } from "../tags-aspect.ts";

interface EksResource extends Tagged {
  readonly arn: string;
}

/** The permission to change the tags of what exists. */
export function tagging(type: EksType): readonly Action[] {
  return allow(["eks:TagResource", "eks:UntagResource"], ofCluster(type));
}

/** Tags that go with a creating call are a permission of their own. */
export function taggingNew(type: EksType, operation: string): readonly Action[] {
  return allow("eks:TagResource", ofCluster(type), `tags go with ${operation}`);
}

/** The update group `tags` of every EKS kind. */
export async function updateTags(
  want: Want<Tagged, unknown>,
  { attrs }: Live<EksResource>,
  ctx: AwsContext,
): Promise<undefined> {
  const { set, remove } = tagChanges(attrs.tags, want.spec.tags);
  if (remove.length > 0) {
    await ctx.clients.eks.send(new UntagResourceCommand({ resourceArn: attrs.arn, tagKeys: [...remove] }));
  }
  await setTags(ctx, attrs.arn, set);
}

/** Sets tags of an EKS resource beside those that it has; nothing is sent for none. */
export async function setTags(ctx: AwsContext, resourceArn: string, tags: Tags): Promise<void> {
  if (Object.keys(tags).length === 0) return;
  await ctx.clients.eks.send(new TagResourceCommand({ resourceArn, tags }));
}
