import type { World } from "../../world.ts";
import { dropLoadBalancer } from "./load-balancers.ts";
import type { LoadBalancerRecord } from "./state.ts";

/** Deletes the load balancers with this tag, and their target groups. Returns the security groups that they had. */
export function dropLoadBalancers(world: World, region: string, [key, value]: readonly [string, string]): string[] {
  const { loadBalancers, targetGroups } = world.region(region).elbv2;
  const isMarked = ({ tags }: Pick<LoadBalancerRecord, "tags">) => tags[key] === value;
  const dropped = Object.values(loadBalancers).filter(isMarked);
  for (const each of dropped) dropLoadBalancer({ world, region }, each);
  for (const each of Object.values(targetGroups)) if (isMarked(each)) delete targetGroups[each.arn];
  return dropped.flatMap(({ securityGroupIds }) => securityGroupIds);
}
