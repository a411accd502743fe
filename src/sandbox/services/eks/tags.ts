import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  TagResourceRequest,
  UntagResourceRequest,
} from "@aws-sdk/client-eks";
import { AwsError } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import { eksOf, type Place } from "./place.ts";
import { checkedTags } from "./tag-rules.ts";

interface Tagged {
  readonly arn: string;
  tags: Record<string, string>;
}

/** Whatever has this ARN. Throws NotFoundException. */
function taggedBy(place: Place, arn = ""): Tagged {
  for (const cluster of Object.values(eksOf(place).clusters)) {
    const { nodegroups, fargateProfiles, addons, capabilities, accessEntries, podIdentityAssociations } = cluster;
    const { identityProvider } = cluster;
    const children = [
      nodegroups,
      fargateProfiles,
      addons,
      capabilities,
      accessEntries,
      podIdentityAssociations,
    ].flatMap((each): Tagged[] => Object.values(each));
    const found = [cluster, ...(identityProvider ? [identityProvider] : []), ...children].find(
      (each) => each.arn === arn,
    );
    if (found) return found;
  }
  throw new AwsError("NotFoundException", `Resource with ARN ${arn} was not found.`, { status: 404 });
}

function tagResource(input: TagResourceRequest, call: Call): void {
  const tagged = taggedBy(call, input.resourceArn);
  tagged.tags = checkedTags({ ...tagged.tags, ...input.tags }, {});
}

function untagResource(input: UntagResourceRequest, call: Call): void {
  const tagged = taggedBy(call, input.resourceArn);
  for (const key of input.tagKeys ?? []) delete tagged.tags[key];
}

function listTagsForResource(input: ListTagsForResourceRequest, call: Call): ListTagsForResourceResponse {
  return { tags: taggedBy(call, input.resourceArn).tags };
}

export const tagHandlers = {
  TagResource: tagResource,
  UntagResource: untagResource,
  ListTagsForResource: listTagsForResource,
};
