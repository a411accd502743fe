import { TagResourceCommand, UntagResourceCommand } from "@aws-sdk/client-eks";
import type { AwsContext } from "../../aws/context.ts";
import { allow, type EksType, ofCluster } from "../../aws/permissions.ts";
import type { Tags } from "../../aws/tags.ts";
import type { Action } from "../../engine/kind.ts";
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

/** Brings our tags of an EKS resource to the wanted ones. */
export async function updateTags(ctx: AwsContext, resource: EksResource, wanted: Tags): Promise<void> {
  const changes = tagChanges(resource.tags, wanted);
  if (changes.remove.length > 0) {
    const request = { resourceArn: resource.arn, tagKeys: [...changes.remove] };
    await ctx.clients.eks.send(new UntagResourceCommand(request));
  }
  await setTags(ctx, resource.arn, changes.set);
}

/** Sets tags of an EKS resource beside those that it has; nothing is sent for none. */
export async function setTags(ctx: AwsContext, resourceArn: string, tags: Tags): Promise<void> {
  if (Object.keys(tags).length === 0) return;
  await ctx.clients.eks.send(new TagResourceCommand({ resourceArn, tags }));
}
