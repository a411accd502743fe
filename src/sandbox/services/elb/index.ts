import type * as Elb from "@aws-sdk/client-elastic-load-balancing";
import type { Call, Checked, Service } from "../../service.ts";
import { loadBalancerHandlers, loadBalancerNamed } from "./load-balancers.ts";
import { tagList, withoutTags, withTags } from "./tags.ts";

/** Elastic Load Balancing, version 2012-06-01: classic load balancers. */
export const elbService: Service = {
  name: "elasticloadbalancing",
  version: "2012-06-01",
  handlers: {
    ...loadBalancerHandlers,

    DescribeTags({ LoadBalancerNames }: Checked<Elb.DescribeTagsInput>, call: Call): Elb.DescribeTagsOutput {
      const found = LoadBalancerNames.map((name) => loadBalancerNamed(call, name));
      return { TagDescriptions: found.map(({ name, tags }) => ({ LoadBalancerName: name, Tags: tagList(tags) })) };
    },

    AddTags({ LoadBalancerNames, Tags }: Checked<Elb.AddTagsInput>, call: Call): Elb.AddTagsOutput {
      for (const record of LoadBalancerNames.map((name) => loadBalancerNamed(call, name))) {
        record.tags = withTags(record.tags, Tags);
      }
      return {};
    },

    RemoveTags({ LoadBalancerNames, Tags }: Checked<Elb.RemoveTagsInput>, call: Call): Elb.RemoveTagsOutput {
      const keys = Tags.map(({ Key = "" }) => Key);
      for (const record of LoadBalancerNames.map((name) => loadBalancerNamed(call, name))) {
        record.tags = withoutTags(record.tags, keys);
      }
      return {};
    },
  },
};
