import { DeleteLogGroupCommand, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  DeleteSecurityGroupCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeVolumesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { DeleteClusterCommand, DeleteNodegroupCommand } from "@aws-sdk/client-eks";
import {
  DeleteLoadBalancerCommand as DeleteClassic,
  DescribeLoadBalancersCommand as DescribeClassic,
} from "@aws-sdk/client-elastic-load-balancing";
import {
  DeleteLoadBalancerCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { ListInstanceProfilesCommand } from "@aws-sdk/client-iam";
import { describe, expect, it } from "vitest";
import { durations } from "../../../src/sandbox/durations.ts";
import { addNetworkInterface } from "../../../src/sandbox/services/ec2/internal.ts";
import { cluster, clusterWithNodes, type Ground, present, refused } from "../eks/account.ts";

const name = { clusterName: "c", nodegroupName: "ng" };

async function loadBalancers({ elb, elbv2 }: Ground) {
  const { LoadBalancerDescriptions = [] } = await elb.send(new DescribeClassic({}));
  const { LoadBalancers = [] } = await elbv2.send(new DescribeLoadBalancersCommand({}));
  return { classic: LoadBalancerDescriptions, modern: LoadBalancers };
}

async function groupNames({ ec2 }: Ground) {
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
  return SecurityGroups.map(({ GroupName = "" }) => GroupName);
}

describe("load balancers of Services and Ingresses", () => {
  const scenario = {
    kubernetes: [
      {
        cluster: "c",
        loadBalancers: [
          { name: "web", type: "classic" as const },
          { name: "shop", type: "application" as const },
        ],
      },
    ],
  };

  it("are made with their groups, rules and tags while the control plane is up, and made again", async () => {
    const here = await cluster();
    expect(await loadBalancers(here)).toEqual({ classic: [], modern: [] });
    here.sandbox.scenario(scenario);
    const { classic, modern } = await loadBalancers(here);
    expect([classic.length, modern.length]).toEqual([1, 1]);
    await here.pass(1);
    expect(await groupNames(here)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^k8s-elb-a[0-9a-f]+$/),
        expect.stringMatching(/^k8s-traffic-c-/),
        expect.stringMatching(/^k8s-default-shop-/),
      ]),
    );
    const arn = present(modern[0]?.LoadBalancerArn);
    const { TagDescriptions } = await here.elbv2.send(new DescribeTagsCommand({ ResourceArns: [arn] }));
    expect(TagDescriptions?.[0]?.Tags).toContainEqual({ Key: "elbv2.k8s.aws/cluster", Value: "c" });

    await here.elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: arn }));
    await here.elb.send(new DeleteClassic({ LoadBalancerName: classic[0]?.LoadBalancerName }));
    const again = await loadBalancers(here);
    expect([again.classic.length, again.modern.length]).toEqual([1, 1]);
    expect(again.modern[0]?.LoadBalancerArn).not.toBe(arn);

    await here.eks.send(new DeleteClusterCommand({ name: "c" }));
    await here.elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: again.modern[0]?.LoadBalancerArn }));
    expect((await loadBalancers(here)).modern).toEqual([]);
  });

  it("keep their groups from being deleted, for minutes after they are gone", async () => {
    const here = await cluster();
    here.sandbox.scenario(scenario);
    const { modern } = await loadBalancers(here);
    await here.eks.send(new DeleteClusterCommand({ name: "c" }));
    await here.pass(durations.clusterDelete + durations.networkInterfaceRelease);
    expect(await groupNames(here)).not.toContainEqual(expect.stringMatching(/^eks-cluster-sg-c-/));
    await here.elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: modern[0]?.LoadBalancerArn }));
    const { SecurityGroups = [] } = await here.ec2.send(new DescribeSecurityGroupsCommand({}));
    const shared = SecurityGroups.find(({ GroupName }) => GroupName?.startsWith("k8s-traffic"));
    const drop = () => here.ec2.send(new DeleteSecurityGroupCommand({ GroupId: shared?.GroupId }));
    await refused(drop(), "DependencyViolation", "dependent object");
    await here.pass(durations.loadBalancerRelease);
    await drop();
  });
});

it("EKS leaves its own group behind where something still uses it", async () => {
  const here = await cluster();
  const { clusterSecurityGroupId } = present(here.sandbox.world.region("us-west-2").eks.clusters["c"]);
  const used = { subnetId: present(here.subnetIds[0]), groupIds: [clusterSecurityGroupId], description: "theirs" };
  addNetworkInterface(here.sandbox.world, "us-west-2", used);
  await here.eks.send(new DeleteClusterCommand({ name: "c" }));
  await here.pass(durations.clusterDelete + 2 * durations.networkInterfaceRelease);
  expect(await groupNames(here)).toContainEqual(expect.stringMatching(/^eks-cluster-sg-c-/));
});

describe("Karpenter", () => {
  const scenario = { kubernetes: [{ cluster: "c", karpenterNodes: 2, secondaryInterfaces: true }] };
  const nodes = async ({ ec2 }: Ground) => {
    const Filters = [
      { Name: "tag-key", Values: ["karpenter.sh/nodepool"] },
      { Name: "instance-state-name", Values: ["running"] },
    ];
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
    return Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId = "" }) => InstanceId));
  };

  it("launches instances, with a profile for the nodes' role, as long as a nodegroup has a node", async () => {
    const here = await clusterWithNodes();
    here.sandbox.scenario(scenario);
    await here.pass(0);
    await nodes(here);
    await here.pass(2);
    const launched = await nodes(here);
    expect(launched).toHaveLength(2);
    const path = { PathPrefix: "/karpenter/us-west-2/c/" };
    const { InstanceProfiles } = await here.iam.send(new ListInstanceProfilesCommand(path));
    expect(InstanceProfiles?.flatMap(({ Roles }) => Roles?.map(({ RoleName }) => RoleName))).toEqual(["node"]);
    await here.ec2.send(new TerminateInstancesCommand({ InstanceIds: launched }));
    await nodes(here);
    await here.pass(2);
    expect(await nodes(here)).toHaveLength(2);
    expect(await nodes(here)).not.toEqual(launched);

    await here.eks.send(new DeleteNodegroupCommand(name));
    await here.pass(durations.nodegroupDelete + durations.networkInterfaceRelease);
    const left = await nodes(here);
    await here.ec2.send(new TerminateInstancesCommand({ InstanceIds: left }));
    expect(await nodes(here)).toEqual([]);
  });

  it("and the CNI leave interfaces behind when nodes die", async () => {
    const here = await clusterWithNodes();
    here.sandbox.scenario({ kubernetes: [{ cluster: "c", secondaryInterfaces: true }] });
    const interfaces = async () => {
      const Filters = [{ Name: "tag:cluster.k8s.amazonaws.com/name", Values: ["c"] }];
      const { NetworkInterfaces = [] } = await here.ec2.send(new DescribeNetworkInterfacesCommand({ Filters }));
      return NetworkInterfaces.map(({ Status }) => Status);
    };
    await interfaces();
    await here.pass(2);
    const seen = await interfaces();
    expect(new Set(seen)).toEqual(new Set(["in-use"]));
    await here.eks.send(new DeleteNodegroupCommand(name));
    await here.pass(durations.nodegroupDelete + durations.networkInterfaceRelease);
    await interfaces();
    await here.pass(durations.networkInterfaceRelease);
    expect(await interfaces()).toEqual(seen.map(() => "available"));
  });
});

it("volumes are attached to a node, and outlive it", async () => {
  const here = await clusterWithNodes();
  here.sandbox.scenario({ kubernetes: [{ cluster: "c", volumes: [{ name: "data" }] }] });
  const volumes = async () => {
    const Filters = [{ Name: "tag:kubernetes.io/created-for/pvc/name", Values: ["data"] }];
    const { Volumes = [] } = await here.ec2.send(new DescribeVolumesCommand({ Filters }));
    return Volumes.map(({ State, Size }) => [State, Size]);
  };
  await volumes();
  await here.pass(2);
  expect(await volumes()).toEqual([["in-use", 10]]);
  await here.eks.send(new DeleteNodegroupCommand(name));
  await here.pass(durations.nodegroupDelete + 2 * durations.networkInterfaceRelease);
  await volumes();
  await here.pass(durations.networkInterfaceRelease);
  expect(await volumes()).toEqual([["available", 10]]);
});

it("the last logs may come late, into a group that is made anew", async () => {
  const here = await cluster({ logging: { clusterLogging: [{ types: ["api"], enabled: true }] } });
  here.sandbox.scenario({ kubernetes: [{ cluster: "c", lateLogs: 60 }] });
  const groups = async () => (await here.logs.send(new DescribeLogGroupsCommand({}))).logGroups?.length;
  await here.eks.send(new DeleteClusterCommand({ name: "c" }));
  await here.pass(durations.clusterDelete + 1);
  await here.logs.send(new DeleteLogGroupCommand({ logGroupName: "/aws/eks/c/cluster" }));
  expect(await groups()).toBe(0);
  await here.pass(60);
  expect(await groups()).toBe(1);
});
