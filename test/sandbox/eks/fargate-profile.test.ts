import { CreateRouteTableCommand, AssociateRouteTableCommand } from "@aws-sdk/client-ec2";
import {
  CreateFargateProfileCommand,
  type CreateFargateProfileRequest,
  DeleteClusterCommand,
  DeleteFargateProfileCommand,
  DescribeAccessEntryCommand,
  DescribeFargateProfileCommand,
  ListFargateProfilesCommand,
  ListUpdatesCommand,
  UpdateClusterConfigCommand,
} from "@aws-sdk/client-eks";
import { describe, expect, test } from "vitest";
import { durations } from "../../../src/sandbox/durations.ts";
import {
  type Account,
  cluster,
  createAddon,
  describeCluster,
  type Ground,
  makeRole,
  makeSubnet,
  present,
  refused,
} from "./account.ts";

interface PodGround extends Ground {
  readonly podRole: string;
  readonly privateSubnet: string;
}

async function forPods(changes: Parameters<typeof cluster>[0] = {}): Promise<PodGround> {
  const here = await cluster(changes);
  const podRole = await makeRole(here, "pods", "eks-fargate-pods", ["AmazonEKSFargatePodExecutionRolePolicy"]);
  const privateSubnet = await makeSubnet(here, here.vpcId, "192.168.100.0/24", "us-west-2a");
  const { RouteTable } = await here.ec2.send(new CreateRouteTableCommand({ VpcId: here.vpcId }));
  const RouteTableId = present(RouteTable?.RouteTableId);
  await here.ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId: privateSubnet }));
  await here.pass(60);
  return { ...here, podRole, privateSubnet };
}

function create(here: PodGround, fargateProfileName: string, changes: Partial<CreateFargateProfileRequest> = {}) {
  return here.eks.send(
    new CreateFargateProfileCommand({
      clusterName: "c",
      fargateProfileName,
      podExecutionRoleArn: here.podRole,
      subnets: [here.privateSubnet],
      selectors: [{ namespace: "default" }],
      ...changes,
    }),
  );
}

const named = (fargateProfileName: string) => ({ clusterName: "c", fargateProfileName });

async function statusOf({ eks }: Account, name: string): Promise<string | undefined> {
  return (await eks.send(new DescribeFargateProfileCommand(named(name)))).fargateProfile?.status;
}

describe("Fargate profiles", () => {
  test("come and go, one at a time", async () => {
    const here = await forPods();
    expect((await create(here, "a")).fargateProfile).toMatchObject({
      status: "CREATING",
      subnets: [here.privateSubnet],
    });
    const message = "because cluster c currently has Fargate profile a in status CREATING";
    await refused(create(here, "b"), "ResourceInUseException", message);
    await refused(here.eks.send(new DeleteFargateProfileCommand(named("a"))), "ResourceInUseException", message);
    await here.pass(durations.fargateProfileCreate);
    expect(await statusOf(here, "a")).toBe("ACTIVE");

    await refused(create(here, "a"), "ResourceInUseException", "already exists with this name");
    await create(here, "b");
    await here.pass(durations.fargateProfileCreate);
    expect(await here.eks.send(new ListFargateProfilesCommand({ clusterName: "c" }))).toMatchObject({
      fargateProfileNames: ["a", "b"],
    });
    await here.eks.send(new DeleteFargateProfileCommand(named("a")));
    await refused(create(here, "d"), "ResourceInUseException", "Fargate profile a in status DELETING");
    await here.pass(durations.fargateProfileDelete);
    await refused(statusOf(here, "a"), "ResourceNotFoundException", "a");
    await create(here, "d");
  });

  test("are not made while the cluster is updated, and keep it from being deleted", async () => {
    const here = await forPods();
    const resourcesVpcConfig = { endpointPrivateAccess: true };
    await here.eks.send(new UpdateClusterConfigCommand({ name: "c", resourcesVpcConfig }));
    await refused(create(here, "a"), "ResourceInUseException", "update in progress");
    await here.pass(durations.clusterConfigUpdate);
    await create(here, "a");
    const deletion = () => here.eks.send(new DeleteClusterCommand({ name: "c" }));
    await refused(deletion(), "ResourceInUseException", "Fargate profiles");
    await here.pass(durations.fargateProfileCreate);
    await here.eks.send(new DeleteFargateProfileCommand(named("a")));
    await here.pass(durations.fargateProfileDelete);
    await deletion();
  });

  test("the same request with its token gives the same profile", async () => {
    const here = await forPods();
    const first = await create(here, "a", { clientRequestToken: "once" });
    const again = await create(here, "a", { clientRequestToken: "once" });
    expect(again.fargateProfile?.fargateProfileArn).toBe(present(first.fargateProfile?.fargateProfileArn));
  });

  test("let their role in by an access entry, and cannot have that of nodes", async () => {
    const here = await forPods();
    await create(here, "a");
    const { accessEntry } = await here.eks.send(
      new DescribeAccessEntryCommand({ clusterName: "c", principalArn: here.podRole }),
    );
    expect(accessEntry).toMatchObject({
      type: "FARGATE_LINUX",
      kubernetesGroups: ["system:node-proxier", "system:nodes"],
    });
  });

  test("requests that cannot work are refused", async () => {
    const here = await forPods();
    const [publicSubnet = ""] = here.subnetIds;
    const selectors = (count: number) => Array.from({ length: count }, (_, index) => ({ namespace: `n${index}` }));
    const cases: [Partial<CreateFargateProfileRequest>, string][] = [
      [{ fargateProfileName: "eks-mine" }, "reserved prefix eks-"],
      [{ podExecutionRoleArn: here.nodeRole }, "Misconfigured PodExecutionRole Trust Policy"],
      [{ podExecutionRoleArn: "arn:aws:iam::111122223333:role/nobody" }, "Misconfigured PodExecutionRole Trust Policy"],
      [{ subnets: [publicSubnet] }, `Subnet ${publicSubnet} provided in Fargate Profile is not a private subnet`],
      [{ subnets: undefined }, "No private subnets"],
      [{ selectors: [] }, "at least one selector"],
      [{ selectors: selectors(6) }, "at most 5 selectors"],
      [{ selectors: [{ labels: { a: "b" } }] }, "must have a namespace"],
      [
        { selectors: [{ namespace: "a", labels: { a: "1", b: "1", c: "1", d: "1", e: "1", f: "1" } }] },
        "at most 5 labels",
      ],
    ];
    for (const [changes, message] of cases) {
      await refused(create(here, "a", changes), "InvalidParameterException", message);
    }
  });

  test("without access entries the role has no path", async () => {
    const here = await forPods({ accessConfig: { authenticationMode: "CONFIG_MAP" } });
    const withPath = await makeRole(here, "deep", "eks-fargate-pods", [], "/a/path/");
    await here.pass(60);
    const changes = { podExecutionRoleArn: withPath };
    await refused(create(here, "a", changes), "InvalidParameterException", "cannot have a path");
    await create(here, "a");
  });

  test("fail by scenario, with their health issue", async () => {
    const here = await forPods();
    const failure = { resource: "fargateProfile", name: "a", code: "ClusterUnreachable", message: "no way" } as const;
    here.sandbox.scenario({ failures: [failure] });
    await create(here, "a");
    await here.pass(durations.fargateProfileCreate);
    const { fargateProfile } = await here.eks.send(new DescribeFargateProfileCommand(named("a")));
    expect(fargateProfile).toMatchObject({
      status: "CREATE_FAILED",
      health: { issues: [{ code: "ClusterUnreachable", message: "no way" }] },
    });
  });
});

describe("updates that begin by themselves", () => {
  const updatesOf = async ({ eks }: Account) =>
    (await eks.send(new ListUpdatesCommand({ name: "c" }))).updateIds?.length ?? 0;

  test("follow a creation, hidden behind the status ACTIVE", async () => {
    const here = await forPods();
    here.sandbox.scenario({ ownUpdates: [{ cluster: "c", after: "addon", delaySeconds: 5, seconds: 90 }] });
    expect(await updatesOf(here)).toBe(0);
    await createAddon(here, "kube-proxy");
    await here.pass(5);
    expect([await updatesOf(here), (await describeCluster(here)).status]).toEqual([1, "ACTIVE"]);
    await refused(create(here, "a"), "ResourceInUseException", "currently has an update in progress");
    await here.pass(90);
    await create(here, "a");
  });

  test("wait for the update that runs", async () => {
    const here = await forPods();
    here.sandbox.scenario({ ownUpdates: [{ cluster: "c", after: "addon", delaySeconds: 5, seconds: 30 }] });
    await createAddon(here, "kube-proxy");
    const resourcesVpcConfig = { endpointPrivateAccess: true };
    await here.eks.send(new UpdateClusterConfigCommand({ name: "c", resourcesVpcConfig }));
    await here.pass(durations.clusterConfigUpdate - 1);
    expect(await updatesOf(here)).toBe(1);
    await here.pass(20);
    expect(await updatesOf(here)).toBe(2);
  });
});
