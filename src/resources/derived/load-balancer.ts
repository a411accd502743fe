import {
  DeleteLoadBalancerCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeTagsCommand,
  type LoadBalancer,
  paginateDescribeLoadBalancers,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { collect } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { allow, loadBalancers } from "../../aws/permissions.ts";
import { type Tags, tagsOf } from "../../aws/tags.ts";
import type { DerivedKind, Live } from "../../engine/kind.ts";
import { isAtHome } from "../home.ts";
import { listingLoadBalancers, lookingAmongLoadBalancers } from "../load-balancing.ts";
import { allowOnMade, derivedLive } from "../made-for-cluster.ts";
import { moments } from "../timings.ts";

export interface LoadBalancerAttrs {
  readonly arn: string;
  readonly name: string;
  readonly tags: Tags;
}

/** An application or network load balancer of an Ingress, Gateway or Service. */
export const loadBalancer: DerivedKind<LoadBalancerAttrs, AwsContext> = {
  name: "elb.load-balancer",
  title: "load balancer",
  deletedBefore: [
    "elb.target-group",
    "ec2.derived-security-group-rule",
    "ec2.derived-security-group",
    "ec2.subnet",
    "ec2.internet-gateway",
  ],
  madeFor: "eks.cluster",
  timing: () => moments,
  actions: {
    list: listingLoadBalancers,
    read: allow([
      "elasticloadbalancing:DescribeLoadBalancers",
      "elasticloadbalancing:DescribeLoadBalancerAttributes",
      "elasticloadbalancing:DescribeTags",
    ]),
    delete: allowOnMade("loadBalancer", "elasticloadbalancing:DeleteLoadBalancer", loadBalancers),
  },

  ...lookingAmongLoadBalancers({ describe, vpcOf: ({ VpcId }: LoadBalancer) => VpcId, toLive }),
  async delete({ ref }, { clients }) {
    await clients.elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: ref }));
  },
};

function describe(arn: string | undefined, { clients }: AwsContext) {
  const request = arn === undefined ? {} : { LoadBalancerArns: [arn] };
  return collect(paginateDescribeLoadBalancers({ client: clients.elbv2 }, request), (page) => page.LoadBalancers);
}

async function toLive(one: LoadBalancer, ctx: AwsContext): Promise<Live<LoadBalancerAttrs>> {
  const { elbv2 } = ctx.clients;
  const { LoadBalancerArn: arn = "", LoadBalancerName: name = "", VpcId } = one;
  const { TagDescriptions } = await elbv2.send(new DescribeTagsCommand({ ResourceArns: [arn] }));
  const attrs = { arn, name, tags: tagsOf(TagDescriptions?.[0]?.Tags) };
  const live = derivedLive(ctx, "loadBalancer", { ref: arn, attrs, isHere: await isAtHome(VpcId, ctx) });
  return live.owner === "derived" && (await isProtected(arn, ctx))
    ? { ...live, protection: howToUnprotect(arn) }
    : live;
}

async function isProtected(arn: string, { clients }: AwsContext): Promise<boolean> {
  const request = new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: arn });
  const { Attributes = [] } = await clients.elbv2.send(request);
  return Attributes.some(({ Key, Value }) => Key === "deletion_protection.enabled" && Value === "true");
}

function howToUnprotect(arn: string): string {
  const attribute = "Key=deletion_protection.enabled,Value=false";
  return (
    "its deletion protection is on; take the annotation away that asks for it, or: " +
    `aws elbv2 modify-load-balancer-attributes --load-balancer-arn ${arn} --attributes ${attribute}`
  );
}
