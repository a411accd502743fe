import type * as Elb from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Call, Checked, Service } from "../../service.ts";
import type { Place } from "../elb/placement.ts";
import type { Tags } from "../elb/state.ts";
import { tagList, withoutTags, withTags } from "../elb/tags.ts";
import { listenerHandlers } from "./listeners.ts";
import { loadBalancerHandlers } from "./load-balancers.ts";
import { elbOf, loadBalancerOf, targetGroupOf } from "./place.ts";
import { targetGroupHandlers } from "./target-groups.ts";

/** Elastic Load Balancing, version 2015-12-01: application and network load balancers. */
export const elbV2Service: Service = {
  name: "elasticloadbalancing",
  version: "2015-12-01",
  handlers: {
    ...loadBalancerHandlers,
    ...targetGroupHandlers,
    ...listenerHandlers,

    DescribeTags({ ResourceArns }: Checked<Elb.DescribeTagsInput>, call: Call): Elb.DescribeTagsOutput {
      const found = ResourceArns.map((arn) => ({ ResourceArn: arn, Tags: tagList(taggedOf(call, arn).tags) }));
      return { TagDescriptions: found };
    },

    AddTags({ ResourceArns, Tags }: Checked<Elb.AddTagsInput>, call: Call): Elb.AddTagsOutput {
      for (const record of ResourceArns.map((arn) => taggedOf(call, arn))) record.tags = withTags(record.tags, Tags);
      return {};
    },

    RemoveTags({ ResourceArns, TagKeys }: Checked<Elb.RemoveTagsInput>, call: Call): Elb.RemoveTagsOutput {
      for (const record of ResourceArns.map((arn) => taggedOf(call, arn))) {
        record.tags = withoutTags(record.tags, TagKeys);
      }
      return {};
    },
  },
};

/** Throws LoadBalancerNotFound or TargetGroupNotFound. */
function taggedOf(place: Place, arn: string): { tags: Tags } {
  const listener = elbOf(place).listeners[arn];
  if (listener) return listener;
  return arn.includes(":targetgroup/") ? targetGroupOf(place, arn) : loadBalancerOf(place, arn);
}
