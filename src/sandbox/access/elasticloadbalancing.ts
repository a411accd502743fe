import type * as Classic from "@aws-sdk/client-elastic-load-balancing";
import type * as V2 from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Call } from "../service.ts";
import { arn, each, need, requestTags, type Rows, tagsIn } from "./requirement.ts";

const service = "elasticloadbalancing";

function read(action: string) {
  return () => [need(`${service}:${action}`)];
}

/** The classic API and the newer one share the name: one names its load balancers, the other has their ARNs. */
type EitherLoadBalancer = Partial<Classic.DeleteAccessPointInput & V2.DeleteLoadBalancerInput>;

function onLoadBalancer(action: string) {
  return ({ LoadBalancerName = "", LoadBalancerArn }: EitherLoadBalancer, call: Call) => [
    need(`${service}:${action}`, LoadBalancerArn ?? arn(call, service, `loadbalancer/${LoadBalancerName}`)),
  ];
}

/** Tags on creation are a right of their own. */
function creating(action: string, made: string, tags: readonly V2.Tag[] | undefined) {
  const asked = requestTags(tagsIn(tags));
  const tagging = need(`${service}:AddTags`, made, asked, { "elasticloadbalancing:CreateAction": action });
  return [need(`${service}:${action}`, made, asked), ...(tags?.length ? [tagging] : [])];
}

const kinds: Readonly<Record<string, string>> = { application: "app", network: "net", gateway: "gwy" };

function newLoadBalancer(
  {
    LoadBalancerName,
    Name = "",
    Type = "application",
  }: Partial<Classic.CreateAccessPointInput & V2.CreateLoadBalancerInput>,
  call: Call,
): string {
  return arn(call, service, `loadbalancer/${LoadBalancerName ?? `${kinds[Type]}/${Name}/*`}`);
}

export const elasticLoadBalancingRows = {
  ...each(
    [
      "DescribeListeners",
      "DescribeLoadBalancerAttributes",
      "DescribeLoadBalancers",
      "DescribeRules",
      "DescribeTags",
      "DescribeTargetGroups",
      "DescribeTargetHealth",
    ],
    read,
  ),
  ...each(["ModifyLoadBalancerAttributes", "DeleteLoadBalancer"], onLoadBalancer),
  CreateLoadBalancer: (input: Partial<Classic.CreateAccessPointInput & V2.CreateLoadBalancerInput>, call: Call) =>
    creating("CreateLoadBalancer", newLoadBalancer(input, call), input.Tags),
  CreateTargetGroup: ({ Name = "", Tags }: V2.CreateTargetGroupInput, call: Call) =>
    creating("CreateTargetGroup", arn(call, service, `targetgroup/${Name}/*`), Tags),
  DeleteTargetGroup: ({ TargetGroupArn = "" }: V2.DeleteTargetGroupInput) => [
    need(`${service}:DeleteTargetGroup`, TargetGroupArn),
  ],
  CreateListener: ({ LoadBalancerArn = "", Tags }: V2.CreateListenerInput) =>
    creating("CreateListener", LoadBalancerArn, Tags),
  DeleteListener: ({ ListenerArn = "" }: V2.DeleteListenerInput) => [need(`${service}:DeleteListener`, ListenerArn)],
} satisfies Rows;
