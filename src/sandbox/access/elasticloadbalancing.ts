import type * as Classic from "@aws-sdk/client-elastic-load-balancing";
import type * as V2 from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Call } from "../service.ts";
import { serviceLinkedRole } from "../services/iam/internal.ts";
import { creatingServiceLinkedRole } from "./iam.ts";
import {
  arn,
  type Context,
  each,
  need,
  removedTags,
  type Requirement,
  requestTags,
  resourceTags,
  type Rows,
  tagsIn,
} from "./requirement.ts";

const service = "elasticloadbalancing";

function read(action: string) {
  return () => [need(`${service}:${action}`)];
}

/** An action on whatever has this ARN, of either API. */
function on(action: string, resource: string, call: Call, ...contexts: readonly Context[]): Requirement {
  const { elb, elbv2 } = call.world.region(call.region);
  const classic = Object.values(elb.loadBalancers).find(({ name }) => classicArn(name, call) === resource);
  const { loadBalancers, targetGroups, listeners } = elbv2;
  const found =
    classic ?? [loadBalancers, targetGroups, listeners].find((all) => Object.hasOwn(all, resource))?.[resource];
  return need(`${service}:${action}`, resource, resourceTags(found?.tags, service), ...contexts);
}

function classicArn(name: string, call: Call): string {
  return arn(call, service, `loadbalancer/${name}`);
}

/** The classic API and the newer one share the name: one names its load balancers, the other has their ARNs. */
type EitherLoadBalancer = Partial<Classic.DeleteAccessPointInput & V2.DeleteLoadBalancerInput>;

function onLoadBalancer(action: string) {
  return ({ LoadBalancerName = "", LoadBalancerArn }: EitherLoadBalancer, call: Call) => [
    on(action, LoadBalancerArn ?? classicArn(LoadBalancerName, call), call),
  ];
}

type EitherTagged = Partial<Pick<Classic.AddTagsInput, "LoadBalancerNames"> & Pick<V2.AddTagsInput, "ResourceArns">>;

function tagged({ LoadBalancerNames = [], ResourceArns = [] }: EitherTagged, call: Call): readonly string[] {
  return [...LoadBalancerNames.map((name) => classicArn(name, call)), ...ResourceArns];
}

/** Tags on creation are a right of their own. */
function tagging(action: string, made: string, tags: readonly V2.Tag[] | undefined): Requirement[] {
  if (!tags?.length) return [];
  const created = { "elasticloadbalancing:CreateAction": action };
  return [need(`${service}:AddTags`, made, requestTags(tagsIn(tags)), created)];
}

function creating(action: string, made: string, tags: readonly V2.Tag[] | undefined): Requirement[] {
  return [need(`${service}:${action}`, made, requestTags(tagsIn(tags))), ...tagging(action, made, tags)];
}

/** With the first load balancer or target group comes the role (Elastic Load Balancing user guide, "Service-linked role"). */
function workingRole(call: Call): Requirement[] {
  const principal = "elasticloadbalancing.amazonaws.com";
  return serviceLinkedRole(call.world, principal).exists ? [] : [creatingServiceLinkedRole(principal, call)];
}

const kinds: Readonly<Record<string, string>> = { application: "app", network: "net", gateway: "gwy" };

type EitherNewLoadBalancer = Partial<Classic.CreateAccessPointInput & V2.CreateLoadBalancerInput>;

function newLoadBalancer({ LoadBalancerName, Name = "", Type = "application" }: EitherNewLoadBalancer, call: Call) {
  if (LoadBalancerName !== undefined) return classicArn(LoadBalancerName, call);
  return arn(call, service, `loadbalancer/${kinds[Type]}/${Name}/*`);
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
  CreateLoadBalancer: (input: EitherNewLoadBalancer, call: Call) => [
    ...creating("CreateLoadBalancer", newLoadBalancer(input, call), input.Tags),
    ...workingRole(call),
  ],
  CreateTargetGroup: ({ Name = "", Tags }: V2.CreateTargetGroupInput, call: Call) => [
    ...creating("CreateTargetGroup", arn(call, service, `targetgroup/${Name}/*`), Tags),
    ...workingRole(call),
  ],
  DeleteTargetGroup: ({ TargetGroupArn = "" }: V2.DeleteTargetGroupInput, call: Call) => [
    on("DeleteTargetGroup", TargetGroupArn, call),
  ],
  CreateListener: ({ LoadBalancerArn = "", Tags }: V2.CreateListenerInput, call: Call) => [
    on("CreateListener", LoadBalancerArn, call, requestTags(tagsIn(Tags))),
    ...tagging("CreateListener", `${LoadBalancerArn.replace(":loadbalancer/", ":listener/")}/*`, Tags),
  ],
  DeleteListener: ({ ListenerArn = "" }: V2.DeleteListenerInput, call: Call) => [
    on("DeleteListener", ListenerArn, call),
  ],

  AddTags: ({ Tags, ...named }: EitherTagged & Partial<V2.AddTagsInput>, call: Call) =>
    tagged(named, call).map((resource) => on("AddTags", resource, call, requestTags(tagsIn(Tags)))),
  RemoveTags({ Tags = [], TagKeys = [], ...named }: Partial<Classic.RemoveTagsInput & V2.RemoveTagsInput>, call: Call) {
    const keys = removedTags([...TagKeys, ...Tags.map(({ Key = "" }) => Key)]);
    return tagged(named, call).map((resource) => on("RemoveTags", resource, call, keys));
  },
} satisfies Rows;
