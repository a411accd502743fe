import { CreateLoadBalancerCommand, DeleteLoadBalancerCommand } from "@aws-sdk/client-elastic-load-balancing";
import {
  AddTagsCommand,
  CreateListenerCommand,
  CreateLoadBalancerCommand as CreateV2,
  CreateTargetGroupCommand,
  DeleteListenerCommand,
  DeleteLoadBalancerCommand as DeleteV2,
  DeleteTargetGroupCommand,
  RemoveTagsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, it } from "vitest";
import { account, makeNetwork, present } from "../eks/account.ts";
import { allBut, allowed, heldTo, missing } from "./held.ts";

const ours = { StringEquals: { "aws:ResourceTag/elbv2.k8s.aws/cluster": "c" } };
const Tags = [{ Key: "elbv2.k8s.aws/cluster", Value: "c" }];
const prefix = "arn:aws:elasticloadbalancing:us-west-2:111122223333";

async function ground() {
  const here = await account();
  return { ...here, ...(await makeNetwork(here)) };
}

const classic = (Subnets: string[], name = "web") =>
  new CreateLoadBalancerCommand({
    LoadBalancerName: name,
    Listeners: [{ Protocol: "TCP", LoadBalancerPort: 80, InstancePort: 31_080 }],
    Subnets,
    Tags: [{ Key: "kubernetes.io/cluster/c", Value: "owned" }],
  });

/** A load balancer, its listener and the group that it forwards to. */
async function balanced({ elbv2, subnetIds, vpcId }: Awaited<ReturnType<typeof ground>>, name: string, tags = Tags) {
  const { LoadBalancers } = await elbv2.send(
    new CreateV2({ Name: name, Type: "network", Subnets: subnetIds, Tags: tags }),
  );
  const group = { Name: name, Protocol: "TCP", Port: 80, VpcId: vpcId, Tags: tags } as const;
  const { TargetGroups } = await elbv2.send(new CreateTargetGroupCommand(group));
  const LoadBalancerArn = present(LoadBalancers?.[0]?.LoadBalancerArn);
  const TargetGroupArn = present(TargetGroups?.[0]?.TargetGroupArn);
  const DefaultActions = [{ Type: "forward" as const, TargetGroupArn }];
  const listener = { LoadBalancerArn, Protocol: "TCP", Port: 80, DefaultActions, Tags: tags } as const;
  const { Listeners } = await elbv2.send(new CreateListenerCommand(listener));
  return { LoadBalancerArn, TargetGroupArn, ListenerArn: present(Listeners?.[0]?.ListenerArn) };
}

describe("load balancers", () => {
  it("classic ones are named, and narrowed by their tags", async () => {
    const here = await ground();
    await here.elb.send(classic(here.subnetIds));
    const remove = new DeleteLoadBalancerCommand({ LoadBalancerName: "web" });
    const owned = (value: string) =>
      allowed("elasticloadbalancing:DeleteLoadBalancer", {
        Resource: `${prefix}:loadbalancer/*`,
        Condition: { StringEquals: { "aws:ResourceTag/kubernetes.io/cluster/c": value } },
      });
    expect(await missing(heldTo(here.sandbox, here.region, [owned("shared")]).elb.send(remove))).toBe(
      `elasticloadbalancing:DeleteLoadBalancer on ${prefix}:loadbalancer/web`,
    );
    await heldTo(here.sandbox, here.region, [owned("owned")]).elb.send(remove);
  });

  it("newer ones, their groups and their listeners have ARNs, and are narrowed by their tags", async () => {
    const here = await ground();
    const mine = await balanced(here, "mine");
    const theirs = await balanced(here, "theirs", [{ Key: "elbv2.k8s.aws/cluster", Value: "other" }]);
    const { elbv2 } = heldTo(here.sandbox, here.region, [allowed("elasticloadbalancing:*", { Condition: ours })]);
    const removals = ({ LoadBalancerArn, TargetGroupArn, ListenerArn }: typeof mine) => [
      () => elbv2.send(new DeleteListenerCommand({ ListenerArn })),
      () => elbv2.send(new DeleteV2({ LoadBalancerArn })),
      () => elbv2.send(new DeleteTargetGroupCommand({ TargetGroupArn })),
    ];
    const refused: string[] = [];
    for (const remove of removals(theirs)) refused.push(await missing(remove()));
    expect(refused).toEqual([
      `elasticloadbalancing:DeleteListener on ${theirs.ListenerArn}`,
      `elasticloadbalancing:DeleteLoadBalancer on ${theirs.LoadBalancerArn}`,
      `elasticloadbalancing:DeleteTargetGroup on ${theirs.TargetGroupArn}`,
    ]);
    for (const remove of removals(mine)) await remove();
  });

  it("tagging is a right of its own, when they are made and later", async () => {
    const here = await ground();
    const { LoadBalancerArn } = await balanced(here, "mine");
    const untagging = heldTo(here.sandbox, here.region, [allBut("elasticloadbalancing:AddTags")]);
    expect(await missing(untagging.elb.send(classic(here.subnetIds)))).toBe(
      `elasticloadbalancing:AddTags on ${prefix}:loadbalancer/web`,
    );
    const add = new AddTagsCommand({ ResourceArns: [LoadBalancerArn], Tags: [{ Key: "team", Value: "blue" }] });
    expect(await missing(untagging.elbv2.send(add))).toBe(`elasticloadbalancing:AddTags on ${LoadBalancerArn}`);
    const only = { "ForAllValues:StringEquals": { "aws:TagKeys": ["team"] } };
    const { elbv2 } = heldTo(here.sandbox, here.region, [
      allowed(["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"], { Condition: only }),
    ]);
    await elbv2.send(add);
    const untag = (key: string) => new RemoveTagsCommand({ ResourceArns: [LoadBalancerArn], TagKeys: [key] });
    expect(await missing(elbv2.send(untag("elbv2.k8s.aws/cluster")))).toBe(
      `elasticloadbalancing:RemoveTags on ${LoadBalancerArn}`,
    );
    await elbv2.send(untag("team"));
  });

  it("with the first one comes the service's role, as the caller", async () => {
    const here = await ground();
    const { elb, elbv2 } = heldTo(here.sandbox, here.region, [allBut("iam:CreateServiceLinkedRole")]);
    const group = new CreateTargetGroupCommand({ Name: "g", Protocol: "TCP", Port: 80, VpcId: here.vpcId });
    const role = "role/aws-service-role/elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing";
    const refusal = `iam:CreateServiceLinkedRole on arn:aws:iam::111122223333:${role}`;
    expect(await missing(elb.send(classic(here.subnetIds)))).toBe(refusal);
    expect(await missing(elbv2.send(group))).toBe(refusal);
    await here.elb.send(classic(here.subnetIds));
    await elb.send(classic(here.subnetIds, "second"));
    await elbv2.send(group);
  });
});
