import type * as Classic from "@aws-sdk/client-elastic-load-balancing";
import type * as V2 from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Call } from "../service.ts";
import { arn, need, type Rows } from "./requirement.ts";

function read(action: string) {
  return () => [need(`elasticloadbalancing:${action}`)];
}

/** Both APIs have the operation: the classic one names the load balancer, the other one has its ARN. */
type EitherLoadBalancer = Partial<Classic.DeleteAccessPointInput & V2.DeleteLoadBalancerInput>;

export const elasticLoadBalancingRows = {
  DescribeLoadBalancers: read("DescribeLoadBalancers"),
  DescribeTags: read("DescribeTags"),
  DescribeTargetGroups: read("DescribeTargetGroups"),
  DescribeTargetHealth: read("DescribeTargetHealth"),
  DescribeListeners: read("DescribeListeners"),
  DescribeRules: read("DescribeRules"),
  DescribeLoadBalancerAttributes: read("DescribeLoadBalancerAttributes"),
  DeleteLoadBalancer: ({ LoadBalancerName = "", LoadBalancerArn }: EitherLoadBalancer, call: Call) => [
    need(
      "elasticloadbalancing:DeleteLoadBalancer",
      LoadBalancerArn ?? arn(call, "elasticloadbalancing", `loadbalancer/${LoadBalancerName}`),
    ),
  ],
  ModifyLoadBalancerAttributes: ({ LoadBalancerName = "", LoadBalancerArn }: EitherLoadBalancer, call: Call) => [
    need(
      "elasticloadbalancing:ModifyLoadBalancerAttributes",
      LoadBalancerArn ?? arn(call, "elasticloadbalancing", `loadbalancer/${LoadBalancerName}`),
    ),
  ],
  DeleteListener: ({ ListenerArn = "" }: V2.DeleteListenerInput) => [
    need("elasticloadbalancing:DeleteListener", ListenerArn),
  ],
  DeleteTargetGroup: ({ TargetGroupArn = "" }: V2.DeleteTargetGroupInput) => [
    need("elasticloadbalancing:DeleteTargetGroup", TargetGroupArn),
  ],
} satisfies Rows;
