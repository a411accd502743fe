import {
  CreateLaunchTemplateCommand,
  CreateSecurityGroupCommand,
  DeleteRouteCommand,
  DescribeInstancesCommand,
  type Instance,
  ModifySubnetAttributeCommand,
  type RequestLaunchTemplateData,
} from "@aws-sdk/client-ec2";
import {
  type CreateNodegroupRequest,
  DeleteNodegroupCommand,
  ListNodegroupsCommand,
  UpdateClusterConfigCommand,
} from "@aws-sdk/client-eks";
import { DetachRolePolicyCommand } from "@aws-sdk/client-iam";
import { describe, expect, test } from "vitest";
import { durations } from "../../../src/sandbox/durations.ts";
import {
  type Account,
  cluster,
  clusterForNodes,
  clusterWithNodes,
  createAddon,
  createNodegroup,
  describeCluster,
  describeNodegroup,
  type Ground,
  makeNodeRole,
  makeRole,
  makeSubnet,
  makeVpc,
  present,
  refused,
} from "./account.ts";

const joinLimit = 15 * 60;

async function makeTemplate({ ec2 }: Account, data: RequestLaunchTemplateData, name = "template"): Promise<string> {
  const { LaunchTemplate } = await ec2.send(
    new CreateLaunchTemplateCommand({ LaunchTemplateName: name, LaunchTemplateData: data }),
  );
  return present(LaunchTemplate?.LaunchTemplateId);
}

async function running({ ec2 }: Account): Promise<Instance[]> {
  const Filters = [{ Name: "instance-state-name", Values: ["running"] }];
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ Filters }));
  return (Reservations ?? []).flatMap((each) => each.Instances ?? []);
}

/** What a nodegroup that was just made ends in. */
async function outcome(here: Ground) {
  await here.pass(durations.nodegroupCreate);
  const early = await describeNodegroup(here);
  await here.pass(joinLimit - durations.nodegroupCreate);
  const { status, health } = await describeNodegroup(here);
  return { early: early.status, status, issue: health?.issues?.[0] };
}

describe("CreateNodegroup", () => {
  test("nodes come up after their time, with EKS's defaults", async () => {
    const here = await clusterForNodes();
    expect((await createNodegroup(here)).nodegroup?.status).toBe("CREATING");
    await here.pass(durations.nodegroupCreate - 1);
    expect((await describeNodegroup(here)).status).toBe("CREATING");
    await here.pass(1);
    expect(await describeNodegroup(here)).toMatchObject({
      status: "ACTIVE",
      version: "1.34",
      releaseVersion: "1.34.6-20261105",
      amiType: "AL2023_x86_64_STANDARD",
      capacityType: "ON_DEMAND",
      instanceTypes: ["t3.medium"],
      diskSize: 20,
      scalingConfig: { minSize: 1, maxSize: 2, desiredSize: 2 },
      updateConfig: { maxUnavailable: 1, updateStrategy: "DEFAULT" },
      nodeRepairConfig: { enabled: false },
      labels: {},
      tags: {},
      health: { issues: [] },
      resources: { autoScalingGroups: [{ name: expect.stringMatching(/^eks-ng-/) }] },
    });
  });

  test("its instances are in the subnets and in the cluster's security group", async () => {
    const here = await clusterWithNodes();
    const group = (await describeCluster(here)).resourcesVpcConfig?.clusterSecurityGroupId;
    const instances = await running(here);
    expect(instances.map((each) => present(each.SubnetId)).toSorted()).toEqual(here.subnetIds.toSorted());
    for (const { SecurityGroups, Tags } of instances) {
      expect(SecurityGroups?.map((each) => each.GroupId)).toEqual([group]);
      expect(Tags).toContainEqual({ Key: "eks:nodegroup-name", Value: "ng" });
    }
  });

  test("its tags are its own: instances have those of their Auto Scaling group and template", async () => {
    const here = await clusterForNodes();
    const TagSpecifications = [{ ResourceType: "instance" as const, Tags: [{ Key: "from", Value: "template" }] }];
    const id = await makeTemplate(here, { TagSpecifications });
    await createNodegroup(here, { tags: { team: "platform" }, launchTemplate: { id } });
    await here.pass(durations.ec2Propagation);
    expect((await describeNodegroup(here)).tags).toEqual({ team: "platform" });
    const [instance] = await running(here);
    const keys = instance?.Tags?.map(({ Key }) => Key).toSorted();
    expect(keys).toEqual([
      "aws:autoscaling:groupName",
      "eks:cluster-name",
      "eks:nodegroup-name",
      "from",
      "kubernetes.io/cluster/c",
    ]);
  });

  test("security groups in the launch template replace the cluster's", async () => {
    const here = await clusterForNodes();
    const { GroupId } = await here.ec2.send(
      new CreateSecurityGroupCommand({ GroupName: "mine", Description: "mine", VpcId: here.vpcId }),
    );
    const id = await makeTemplate(here, { SecurityGroupIds: [present(GroupId)] });
    await createNodegroup(here, { launchTemplate: { id } });
    await here.pass(durations.ec2Propagation);
    const groups = (await running(here)).map((each) => each.SecurityGroups?.map((group) => group.GroupId));
    expect(groups).toEqual([[GroupId], [GroupId]]);
  });

  test("a launch template from which nothing can be launched is refused", async () => {
    const here = await clusterForNodes();
    const elsewhere = { GroupName: "mine", Description: "mine", VpcId: await makeVpc(here) };
    const { GroupId = "" } = await here.ec2.send(new CreateSecurityGroupCommand(elsewhere));
    const cases: [RequestLaunchTemplateData, string][] = [
      [{ KeyName: "nobody" }, "The key pair 'nobody' does not exist"],
      [{ SecurityGroupIds: ["sg-0000000000000000f"] }, "'sg-0000000000000000f' does not exist"],
      [{ SecurityGroupIds: [GroupId] }, "belong to different networks"],
      [{ NetworkInterfaces: [{ DeviceIndex: 0, Groups: [GroupId] }] }, "belong to different networks"],
    ];
    for (const [index, [data, message]] of cases.entries()) {
      const launchTemplate = { id: await makeTemplate(here, data, `broken-${index}`) };
      await refused(createNodegroup(here, { launchTemplate }), "InvalidRequestException", message);
    }
  });

  test("requests that cannot work are refused", async () => {
    const here = await clusterForNodes();
    const subnetElsewhere = await makeSubnet(here, await makeVpc(here), "192.168.0.0/24", "us-west-2a");
    const notForNodes = await makeRole(here, "pods", "pods.eks");
    await here.pass(60);
    const cases: [Partial<CreateNodegroupRequest>, string | RegExp][] = [
      [{ nodegroupName: "n".repeat(64) }, "63"],
      [{ nodeRole: "arn:aws:iam::111122223333:role/nobody" }, "nobody"],
      [{ nodeRole: notForNodes }, "[ec2.amazonaws.com] were not found in the trust relationships"],
      [{ subnets: ["subnet-0000000000000000f"] }, "subnet-0000000000000000f"],
      [{ subnets: [subnetElsewhere] }, "must belong to the VPC"],
      [{ instanceTypes: ["m9000.large"] }, "do not exist: [m9000.large]"],
      [{ instanceTypes: ["m7g.large"] }, "[m7g.large] is not a valid instance type for requested amiType AL2023_x86"],
      [{ amiType: "AL2_x86_64" }, "not supported for kubernetes version 1.34"],
      [{ version: "1.33" }, "should be equal to control plane kubernetes version 1.34"],
      [{ releaseVersion: "1.35.3-20261105" }, "1.35.3-20261105 is not valid for kubernetes version 1.34"],
      [{ labels: { "node-role.kubernetes.io/web": "x" } }, "reserved prefixes"],
      [{ labels: { "eks.amazonaws.com/x": "x" } }, "reserved prefixes"],
      [{ labels: { "bad key": "x" } }, "not a valid Kubernetes label"],
      [
        { amiType: "BOTTLEROCKET_x86_64", warmPoolConfig: { enabled: true, poolState: "HIBERNATED" } },
        "neither hibernation",
      ],
      [
        {
          taints: [
            { key: "a", effect: "NO_SCHEDULE" },
            { key: "a", effect: "NO_SCHEDULE" },
          ],
        },
        "two taints",
      ],
      [{ scalingConfig: { minSize: 3, maxSize: 4, desiredSize: 2 } }, "minSize can't be greater than desiredSize"],
      [{ scalingConfig: { minSize: 0, maxSize: 2, desiredSize: 3 } }, "desiredSize can't be greater than maxSize"],
      [{ updateConfig: { maxUnavailable: 1, maxUnavailablePercentage: 50 } }, "cannot be used together"],
      [{ tags: { "aws:x": "y" } }, "reserved"],
    ];
    for (const [changes, message] of cases) {
      await refused(createNodegroup(here, changes), "InvalidParameterException", message);
    }
  });

  test("a role that is not known everywhere is refused", async () => {
    const here = await clusterForNodes();
    const nodeRole = await makeNodeRole(here, "young");
    await refused(createNodegroup(here, { nodeRole }), "InvalidParameterException", "could not be assumed");
    await here.pass(60);
    await createNodegroup(here, { nodeRole });
  });

  test("the same request with its token gives the same nodegroup, any other one is refused", async () => {
    const here = await clusterForNodes();
    const first = await createNodegroup(here, { clientRequestToken: "once" });
    const again = await createNodegroup(here, { clientRequestToken: "once" });
    expect(again.nodegroup?.nodegroupArn).toBe(first.nodegroup?.nodegroupArn);
    await refused(createNodegroup(here), "ResourceInUseException", "NodeGroup already exists with name ng");
  });

  test("arm nodes, Bottlerocket and an older release are as asked for", async () => {
    const here = await clusterForNodes();
    await createNodegroup(here, {
      nodegroupName: "arm",
      amiType: "BOTTLEROCKET_ARM_64",
      instanceTypes: ["m7g.large", "m6g.large"],
      capacityType: "SPOT",
    });
    await createNodegroup(here, { nodegroupName: "old", releaseVersion: "1.34.5-20260924" });
    expect(await describeNodegroup(here, "arm")).toMatchObject({
      amiType: "BOTTLEROCKET_ARM_64",
      capacityType: "SPOT",
      instanceTypes: ["m7g.large", "m6g.large"],
    });
    expect((await describeNodegroup(here, "old")).releaseVersion).toBe("1.34.5-20260924");
  });
});

describe("launch templates", () => {
  test("by id or by name, and then described with id, name and version", async () => {
    const here = await clusterForNodes();
    const id = await makeTemplate(here, { InstanceType: "m5.large" });
    const both = createNodegroup(here, { launchTemplate: { id, name: "template" } });
    await refused(both, "InvalidParameterException", "Either provide launch template ID or launch template name");
    await createNodegroup(here, { launchTemplate: { name: "template" } });
    const nodegroup = await describeNodegroup(here);
    expect(nodegroup.launchTemplate).toEqual({ id, name: "template", version: "1" });
    expect([nodegroup.instanceTypes, nodegroup.diskSize]).toEqual([undefined, undefined]);
    await here.pass(durations.ec2Propagation);
    expect((await running(here)).map((each) => each.InstanceType)).toEqual(["m5.large", "m5.large"]);
  });

  test("what is in the template is not in the request, and some things are in neither", async () => {
    const here = await clusterForNodes();
    const typed = await makeTemplate(here, { InstanceType: "m5.large" });
    const imaged = await makeTemplate(here, { ImageId: "ami-0123456789abcdef0" }, "image");
    const profiled = await makeTemplate(here, { IamInstanceProfile: { Name: "p" } }, "profile");
    const cases: [Partial<CreateNodegroupRequest>, string][] = [
      [
        { launchTemplate: { id: typed }, instanceTypes: ["m5.large"] },
        "Cannot specify instance types in launch template",
      ],
      [{ launchTemplate: { id: typed }, diskSize: 50 }, "Disk size must be specified within the launch template"],
      [{ launchTemplate: { id: imaged }, version: "1.34" }, "kubernetesVersion when using custom AMIs"],
      [{ launchTemplate: { id: imaged }, releaseVersion: "1.34.6-20261105" }, "releaseVersion when using custom AMIs"],
      [{ launchTemplate: { id: imaged }, amiType: "AL2023_x86_64_STANDARD" }, "amiType when using custom AMIs"],
      [{ launchTemplate: { id: profiled } }, "should not specify an instance profile"],
      [{ launchTemplate: { id: "lt-0000000000000000f" } }, "does not exist"],
      [{ launchTemplate: { id: typed, version: "7" } }, "7"],
    ];
    for (const [changes, message] of cases) {
      await refused(createNodegroup(here, changes), "InvalidParameterException", message);
    }
    await createNodegroup(here, { launchTemplate: { id: imaged } });
    expect(await describeNodegroup(here)).toMatchObject({ amiType: "CUSTOM", releaseVersion: "ami-0123456789abcdef0" });
  });
});

describe("nodes that never join", () => {
  test("without vpc-cni they are not ready, and EKS gives up after 15 minutes", async () => {
    const here = await cluster();
    await createAddon(here, "kube-proxy");
    await createNodegroup(here);
    expect(await outcome(here)).toEqual({
      early: "CREATING",
      status: "CREATE_FAILED",
      issue: {
        code: "NodeCreationFailure",
        message: "Unhealthy nodes in the kubernetes cluster",
        resourceIds: [expect.stringMatching(/^i-/), expect.stringMatching(/^i-/)],
      },
    });
  });

  test("they join late when vpc-cni comes late", async () => {
    const here = await cluster();
    await createAddon(here, "kube-proxy");
    await createNodegroup(here);
    await here.pass(durations.nodegroupCreate + 60);
    await createAddon(here, "vpc-cni");
    expect((await describeNodegroup(here)).status).toBe("CREATING");
    await here.pass(durations.addonCreate + 10);
    expect((await describeNodegroup(here)).status).toBe("ACTIVE");
  });

  test("without a route out they do not reach the cluster", async () => {
    const here = await clusterForNodes();
    await here.ec2.send(new DeleteRouteCommand({ RouteTableId: here.routeTableId, DestinationCidrBlock: "0.0.0.0/0" }));
    await createNodegroup(here);
    expect(await outcome(here)).toMatchObject({
      early: "CREATING",
      status: "CREATE_FAILED",
      issue: { code: "NodeCreationFailure", message: "Instances failed to join the kubernetes cluster" },
    });
  });

  test("in a public subnet that gives no addresses EKS says so at once", async () => {
    const here = await clusterForNodes();
    const [SubnetId = ""] = here.subnetIds;
    await here.ec2.send(new ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value: false } }));
    await createNodegroup(here);
    expect(await outcome(here)).toMatchObject({
      early: "CREATE_FAILED",
      issue: { code: "Ec2SubnetInvalidConfiguration", resourceIds: [SubnetId] },
    });
  });

  test("the public access list keeps them out unless there is private access", async () => {
    const publicAccessCidrs = ["203.0.113.0/24"];
    for (const endpointPrivateAccess of [false, true]) {
      const here = await clusterForNodes();
      const resourcesVpcConfig = { publicAccessCidrs, endpointPrivateAccess };
      await here.eks.send(new UpdateClusterConfigCommand({ name: "c", resourcesVpcConfig }));
      await here.pass(durations.clusterConfigUpdate);
      await createNodegroup(here);
      expect((await outcome(here)).status).toBe(endpointPrivateAccess ? "ACTIVE" : "CREATE_FAILED");
    }
  });

  test("a role without the policies of a node is no use", async () => {
    for (const policy of ["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryPullOnly"]) {
      const here = await clusterForNodes();
      const PolicyArn = `arn:aws:iam::aws:policy/${policy}`;
      await here.iam.send(new DetachRolePolicyCommand({ RoleName: "node", PolicyArn }));
      await createNodegroup(here);
      expect([policy, (await outcome(here)).status]).toEqual([policy, "CREATE_FAILED"]);
    }
  });

  test("without access entries a role with a path is unknown to the cluster", async () => {
    const here = await clusterForNodes({ accessConfig: { authenticationMode: "CONFIG_MAP" } });
    const withPath = await makeNodeRole(here, "deep", "/a/path/");
    await here.pass(60);
    await createNodegroup(here, { nodeRole: withPath });
    expect((await outcome(here)).status).toBe("CREATE_FAILED");
    await createNodegroup(here, { nodegroupName: "flat" });
    await here.pass(durations.nodegroupCreate);
    expect((await describeNodegroup(here, "flat")).status).toBe("ACTIVE");
  });

  test("when no zone of theirs offers the type, nothing is launched", async () => {
    const here = await clusterForNodes();
    const zoneD = await makeSubnet(here, here.vpcId, "192.168.7.0/24", "us-west-2d");
    await createNodegroup(here, { subnets: [zoneD], amiType: "AL2023_x86_64_NVIDIA", instanceTypes: ["p4d.24xlarge"] });
    expect(await outcome(here)).toMatchObject({
      early: "CREATE_FAILED",
      issue: { code: "AsgInstanceLaunchFailures", message: expect.stringContaining("p4d.24xlarge") },
    });
  });

  test("a scenario lets creation fail, so many times", async () => {
    const here = await clusterForNodes();
    const failure = { resource: "nodegroup", name: "ng", code: "InstanceLimitExceeded", message: "quota" } as const;
    here.sandbox.scenario({ failures: [{ ...failure, times: 1 }] });
    await createNodegroup(here);
    expect(await outcome(here)).toMatchObject({
      status: "CREATE_FAILED",
      issue: { code: "InstanceLimitExceeded", message: "quota" },
    });
    await here.eks.send(new DeleteNodegroupCommand({ clusterName: "c", nodegroupName: "ng" }));
    await here.pass(durations.nodegroupDelete);
    await createNodegroup(here);
    expect((await outcome(here)).status).toBe("ACTIVE");
  });
});

test("a scenario strikes nothing that was over before it", async () => {
  const here = await clusterForNodes();
  await createNodegroup(here);
  await here.pass(durations.nodegroupCreate);
  const failure = { resource: "nodegroup", name: "ng", code: "InstanceLimitExceeded", message: "quota" } as const;
  here.sandbox.scenario({ failures: [failure] });
  expect((await describeNodegroup(here)).status).toBe("ACTIVE");
});

describe("DeleteNodegroup", () => {
  test("the nodegroup goes, and its instances with it", async () => {
    const here = await clusterWithNodes();
    const deleted = await here.eks.send(new DeleteNodegroupCommand({ clusterName: "c", nodegroupName: "ng" }));
    expect(deleted.nodegroup?.status).toBe("DELETING");
    await here.pass(durations.nodegroupDelete - 1);
    expect((await describeNodegroup(here)).status).toBe("DELETING");
    await here.pass(1);
    await refused(describeNodegroup(here), "ResourceNotFoundException", "No node group found for name: ng.");
    await here.pass(durations.networkInterfaceRelease);
    expect(await running(here)).toEqual([]);
    expect((await here.eks.send(new ListNodegroupsCommand({ clusterName: "c" }))).nodegroups).toEqual([]);
  });

  test("can begin while the nodegroup is still being made", async () => {
    const here = await clusterForNodes();
    await createNodegroup(here);
    await here.eks.send(new DeleteNodegroupCommand({ clusterName: "c", nodegroupName: "ng" }));
    await here.pass(joinLimit);
    await refused(describeNodegroup(here), "ResourceNotFoundException", "ng");
  });
});
