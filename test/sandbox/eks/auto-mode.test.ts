import {
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { DescribeLoadBalancersCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  CreateClusterCommand,
  type CreateClusterRequest,
  DeleteClusterCommand,
  DescribeAccessEntryCommand,
  UpdateClusterConfigCommand,
  type UpdateClusterConfigRequest,
} from "@aws-sdk/client-eks";
import { AttachRolePolicyCommand, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import { describe, expect, test } from "vitest";
import type { WrittenScenario } from "../../../src/sandbox/scenario.ts";
import { durations } from "../../../src/sandbox/durations.ts";
import { type Ground, clusterRequest, describeCluster, ground, makeRole, refused } from "./account.ts";

const clusterPolicies = ["Compute", "BlockStorage", "LoadBalancing", "Networking"].map(
  (name) => `AmazonEKS${name}Policy`,
);

/** With a role for the control plane that may do what Auto Mode does, and one for nodes. */
async function autoModeGround(): Promise<Ground & { readonly autoNodes: string }> {
  const here = await ground();
  for (const name of clusterPolicies) {
    const PolicyArn = `arn:aws:iam::aws:policy/${name}`;
    await here.iam.send(new AttachRolePolicyCommand({ RoleName: "cluster", PolicyArn }));
  }
  const policies = ["AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly"];
  const autoNodes = await makeRole(here, "auto", "ec2", policies);
  await here.pass(60);
  return { ...here, autoNodes };
}

function autoMode(nodeRoleArn: string, nodePools = ["general-purpose", "system"]) {
  return {
    computeConfig: { enabled: true, nodePools, nodeRoleArn },
    storageConfig: { blockStorage: { enabled: true } },
    kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: true } },
  } satisfies Partial<CreateClusterRequest>;
}

const off = {
  computeConfig: { enabled: false },
  storageConfig: { blockStorage: { enabled: false } },
  kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: false } },
};

function update({ eks }: Ground, change: Omit<UpdateClusterConfigRequest, "name">) {
  return eks.send(new UpdateClusterConfigCommand({ name: "c", ...change }));
}

/** A cluster with Auto Mode, in which it has launched two nodes and a load balancer. */
async function atWork() {
  const here = await autoModeGround();
  await here.eks.send(new CreateClusterCommand(clusterRequest(here, autoMode(here.autoNodes))));
  await here.pass(durations.clusterCreate);
  const loadBalancers = [{ name: "shop", type: "application" as const }];
  await launched(here, { cluster: "c", autoModeNodes: 2, loadBalancers });
  return here;
}

/** A request lets Auto Mode work; what it made shows a moment later. */
async function launched(here: Ground, work: NonNullable<WrittenScenario["kubernetes"]>[number]): Promise<void> {
  here.sandbox.scenario({ kubernetes: [work] });
  await describeCluster(here);
  await here.pass(60);
}

async function instances({ ec2 }: Ground, state = "running") {
  const Filters = [{ Name: "instance-state-name", Values: [state] }];
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
  return Reservations.flatMap(({ Instances = [] }) => Instances);
}

async function loadBalancers({ elbv2 }: Ground) {
  return (await elbv2.send(new DescribeLoadBalancersCommand({}))).LoadBalancers ?? [];
}

async function ownGroups({ ec2 }: Ground) {
  const Filters = [{ Name: "tag:eks:eks-cluster-name", Values: ["c"] }];
  return (await ec2.send(new DescribeSecurityGroupsCommand({ Filters }))).SecurityGroups ?? [];
}

describe("EKS Auto Mode", () => {
  test("has three parts, which are on or off together", async () => {
    const here = await autoModeGround();
    const { storageConfig: _without, ...parts } = autoMode(here.autoNodes);
    const incomplete = here.eks.send(new CreateClusterCommand(clusterRequest(here, parts)));
    await refused(incomplete, "InvalidParameterException", "all either fully enabled or fully disabled");
    const roleless = { ...autoMode(here.autoNodes), computeConfig: { enabled: true, nodePools: ["system"] } };
    const without = here.eks.send(new CreateClusterCommand(clusterRequest(here, roleless)));
    await refused(without, "InvalidParameterException", "nodeRoleArn is required");
  });

  test("needs a role that may launch what it launches, and tag its sessions", async () => {
    const here = await ground();
    const autoNodes = await makeRole(here, "auto", "ec2");
    const AssumeRolePolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "eks.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
    await here.iam.send(
      new UpdateAssumeRolePolicyCommand({ RoleName: "cluster", PolicyDocument: AssumeRolePolicyDocument }),
    );
    await here.pass(60);
    const made = here.eks.send(new CreateClusterCommand(clusterRequest(here, autoMode(autoNodes))));
    await refused(made, "InvalidParameterException", /AmazonEKSComputePolicy, .*, sts:TagSession in its trust policy/);
  });

  test("lets its nodes in, and nobody else end them", async () => {
    const here = await atWork();
    const entry = { clusterName: "c", principalArn: here.autoNodes };
    const { accessEntry } = await here.eks.send(new DescribeAccessEntryCommand(entry));
    expect(accessEntry?.type).toBe("EC2");
    const [one, ...others] = await instances(here);
    expect(others).toHaveLength(1);
    expect(one?.Operator).toEqual({ Managed: true, Principal: "eks.amazonaws.com" });
    const ended = here.ec2.send(new TerminateInstancesCommand({ InstanceIds: [one?.InstanceId ?? ""] }));
    await refused(ended, "OperationNotPermitted", "managed by eks.amazonaws.com");
  });

  test("takes nodes and load balancers back when it is turned off, and nodes of a pool that goes", async () => {
    const here = await atWork();
    expect(await loadBalancers(here)).toHaveLength(1);
    expect(await ownGroups(here)).toHaveLength(1);
    const role = here.autoNodes;
    await update(here, autoMode(role, ["system"]));
    here.sandbox.scenario({});
    await here.pass(durations.clusterConfigUpdate + 600);
    expect(await instances(here)).toEqual([]);

    await launched(here, { cluster: "c", autoModeNodes: 2 });
    expect(await instances(here)).toHaveLength(2);
    await update(here, off);
    await here.pass(durations.clusterConfigUpdate + 600);
    expect((await describeCluster(here)).computeConfig).toEqual({ enabled: false });
    expect(await instances(here)).toEqual([]);
    expect(await loadBalancers(here)).toEqual([]);
    expect(await ownGroups(here)).toEqual([]);
  });

  test("has a node role that stays while it is on", async () => {
    const here = await atWork();
    const changed = update(here, autoMode(here.nodeRole));
    await refused(changed, "InvalidParameterException", "nodeRoleArn cannot be changed");
  });

  test("takes its nodes back with the cluster", async () => {
    const here = await atWork();
    await here.eks.send(new DeleteClusterCommand({ name: "c" }));
    await here.pass(durations.clusterDelete + 600);
    expect(await instances(here)).toEqual([]);
    expect(await instances(here, "terminated")).toHaveLength(2);
  });
});
