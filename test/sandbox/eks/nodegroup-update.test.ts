import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DescribeInstancesCommand,
  type RequestLaunchTemplateData,
} from "@aws-sdk/client-ec2";
import {
  DeleteNodegroupCommand,
  UpdateClusterVersionCommand,
  UpdateNodegroupConfigCommand,
  type UpdateNodegroupConfigRequest,
  UpdateNodegroupVersionCommand,
  type UpdateNodegroupVersionRequest,
} from "@aws-sdk/client-eks";
import { describe, expect, test } from "vitest";
import { durations } from "../../../src/sandbox/durations.ts";
import {
  type Account,
  clusterForNodes,
  clusterWithNodes,
  createNodegroup,
  describeNodegroup,
  describeUpdate,
  present,
  refused,
} from "./account.ts";

const of = { clusterName: "c", nodegroupName: "ng" };

function configure({ eks }: Account, changes: Partial<UpdateNodegroupConfigRequest>) {
  return eks.send(new UpdateNodegroupConfigCommand({ ...of, ...changes }));
}

function upgrade({ eks }: Account, changes: Partial<UpdateNodegroupVersionRequest> = {}) {
  return eks.send(new UpdateNodegroupVersionCommand({ ...of, ...changes }));
}

/** Ids of the instances that run. */
async function nodes({ ec2 }: Account): Promise<string[]> {
  const Filters = [{ Name: "instance-state-name", Values: ["running"] }];
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ Filters }));
  return (Reservations ?? []).flatMap((each) => (each.Instances ?? []).map(({ InstanceId }) => present(InstanceId)));
}

describe("UpdateNodegroupConfig", () => {
  test("scales", async () => {
    const here = await clusterWithNodes();
    const { update } = await configure(here, { scalingConfig: { minSize: 1, maxSize: 5, desiredSize: 4 } });
    expect(update).toMatchObject({ type: "ConfigUpdate", status: "InProgress" });
    expect(update?.params).toContainEqual({ type: "DesiredSize", value: "4" });
    expect((await describeNodegroup(here)).status).toBe("UPDATING");
    await here.pass(durations.nodegroupConfigUpdate);
    expect(await describeNodegroup(here)).toMatchObject({
      status: "ACTIVE",
      scalingConfig: { minSize: 1, maxSize: 5, desiredSize: 4 },
    });
    expect((await describeUpdate(here, present(update), { nodegroupName: "ng" })).status).toBe("Successful");
    await here.pass(durations.ec2Propagation);
    expect(await nodes(here)).toHaveLength(4);
    await configure(here, { scalingConfig: { desiredSize: 1 } });
    await here.pass(durations.nodegroupConfigUpdate + durations.networkInterfaceRelease);
    expect(await nodes(here)).toHaveLength(1);
  });

  test("min <= desired <= max holds with what is live", async () => {
    const here = await clusterWithNodes();
    const cases: [UpdateNodegroupConfigRequest["scalingConfig"], string][] = [
      [{ minSize: 3, maxSize: 5 }, "Minimum capacity 3 can't be greater than desired size 2"],
      [{ desiredSize: 3 }, "desired capacity 3 can't be greater than max size 2"],
      [{ minSize: 0, desiredSize: 0, maxSize: 0 }, "maxSize must be at least 1"],
    ];
    for (const [scalingConfig, message] of cases) {
      await refused(configure(here, { scalingConfig }), "InvalidParameterException", message);
    }
  });

  test("labels and taints are added, changed and removed one by one", async () => {
    const here = await clusterWithNodes({
      labels: { a: "1", b: "2" },
      taints: [{ key: "t", value: "x", effect: "NO_SCHEDULE" }],
    });
    await configure(here, {
      labels: { addOrUpdateLabels: { b: "3", c: "4" }, removeLabels: ["a"] },
      taints: {
        addOrUpdateTaints: [{ key: "u", effect: "NO_EXECUTE" }],
        removeTaints: [{ key: "t", value: "x", effect: "NO_SCHEDULE" }],
      },
      updateConfig: { maxUnavailablePercentage: 50 },
      nodeRepairConfig: { enabled: true },
    });
    await here.pass(durations.nodegroupConfigUpdate);
    expect(await describeNodegroup(here)).toMatchObject({
      labels: { b: "3", c: "4" },
      taints: [{ key: "u", effect: "NO_EXECUTE" }],
      updateConfig: { maxUnavailablePercentage: 50 },
      nodeRepairConfig: { enabled: true },
    });
    await configure(here, { labels: { addOrUpdateLabels: { "node.kubernetes.io/lifecycle": "spot" } } });
    await here.pass(durations.nodegroupConfigUpdate);
    expect((await describeNodegroup(here)).labels).toMatchObject({ "node.kubernetes.io/lifecycle": "spot" });
    const reserved = configure(here, { labels: { addOrUpdateLabels: { "k8s.io/x": "y" } } });
    await refused(reserved, "InvalidParameterException", "reserved prefixes");
    await refused(configure(here, {}), "InvalidParameterException", "No changes needed");
  });

  test("a warm pool is added, changed in parts, and taken away", async () => {
    const here = await clusterForNodes();
    await createNodegroup(here);
    await here.pass(durations.nodegroupCreate);
    const told = async (warmPoolConfig: NonNullable<UpdateNodegroupConfigRequest["warmPoolConfig"]>) => {
      await configure(here, { warmPoolConfig });
      await here.pass(durations.nodegroupConfigUpdate);
      return (await describeNodegroup(here)).warmPoolConfig;
    };
    expect((await describeNodegroup(here)).warmPoolConfig).toBeUndefined();
    const pool = { enabled: true, minSize: 2, poolState: "STOPPED", reuseOnScaleIn: false };
    expect(await told({ enabled: true, minSize: 2 })).toEqual(pool);
    expect(await told({ poolState: "RUNNING" })).toEqual({ ...pool, poolState: "RUNNING" });
    await refused(
      configure(here, { warmPoolConfig: { maxGroupPreparedCapacity: 1 } }),
      "InvalidParameterException",
      "maxGroupPreparedCapacity",
    );
    expect(await told({ enabled: false })).toBeUndefined();
  });

  test("one update at a time, and none before the nodegroup is up", async () => {
    const here = await clusterForNodes();
    await createNodegroup(here);
    const scale = () => configure(here, { scalingConfig: { desiredSize: 1 } });
    await refused(scale(), "InvalidRequestException", "not in Active State");
    await here.pass(durations.nodegroupCreate);
    await scale();
    await refused(scale(), "ResourceInUseException", "update in progress");
    await refused(upgrade(here), "ResourceInUseException", "update in progress");
    await refused(here.eks.send(new DeleteNodegroupCommand(of)), "ResourceInUseException", "update in progress");
  });

  test("a scale-out that fails leaves it degraded until one succeeds", async () => {
    const here = await clusterWithNodes();
    expect((await describeNodegroup(here)).status).toBe("ACTIVE");
    const failure = { resource: "nodegroup", name: "ng", code: "AsgInstanceLaunchFailures", message: "none" } as const;
    here.sandbox.scenario({ failures: [{ ...failure, times: 1 }] });
    const { update } = await configure(here, { scalingConfig: { maxSize: 3, desiredSize: 3 } });
    await here.pass(durations.nodegroupConfigUpdate);
    expect(await describeNodegroup(here)).toMatchObject({
      status: "DEGRADED",
      health: { issues: [{ code: "AsgInstanceLaunchFailures", message: "none" }] },
    });
    expect((await describeUpdate(here, present(update), { nodegroupName: "ng" })).status).toBe("Successful");
    await refused(upgrade(here), "InvalidRequestException", "not in Active State");
    await configure(here, { labels: { addOrUpdateLabels: { a: "b" } } });
    await here.pass(durations.nodegroupConfigUpdate);
    expect(await describeNodegroup(here)).toMatchObject({ status: "DEGRADED", labels: { a: "b" } });
    await configure(here, { scalingConfig: { maxSize: 3, desiredSize: 3 } });
    await here.pass(durations.nodegroupConfigUpdate);
    expect(await describeNodegroup(here)).toMatchObject({ status: "ACTIVE", health: { issues: [] } });
  });
});

/** A nodegroup one minor behind its control plane. */
async function behind(nodegroup: Parameters<typeof clusterWithNodes>[0] = {}) {
  const here = await clusterWithNodes(nodegroup, { version: "1.33" });
  await here.eks.send(new UpdateClusterVersionCommand({ name: "c", version: "1.34" }));
  await here.pass(durations.clusterVersionUpdate);
  return here;
}

async function template({ ec2 }: Account, data: RequestLaunchTemplateData, LaunchTemplateName = "template") {
  const { LaunchTemplate } = await ec2.send(
    new CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData: data }),
  );
  return present(LaunchTemplate?.LaunchTemplateId);
}

describe("UpdateNodegroupVersion", () => {
  test("replaces node after node, and then has the new version", async () => {
    const here = await behind();
    const before = await nodes(here);
    const { update } = await upgrade(here, { version: "1.34" });
    expect(update).toMatchObject({ type: "VersionUpdate" });
    expect(update?.params).toEqual(
      expect.arrayContaining([
        { type: "Version", value: "1.34" },
        { type: "ReleaseVersion", value: "1.34.6-20261105" },
      ]),
    );
    await here.pass(durations.nodegroupNodeRoll + durations.ec2Propagation);
    const during = await nodes(here);
    expect(during.filter((id) => before.includes(id))).toHaveLength(1);
    expect(await describeNodegroup(here)).toMatchObject({ status: "UPDATING", version: "1.33" });
    await here.pass(durations.nodegroupNodeRoll);
    expect(await describeNodegroup(here)).toMatchObject({
      status: "ACTIVE",
      version: "1.34",
      releaseVersion: "1.34.6-20261105",
    });
    const after = await nodes(here);
    expect([after.length, after.filter((id) => before.includes(id))]).toEqual([2, []]);
  });

  test("takes as many nodes at once as maxUnavailable says", async () => {
    const here = await behind({ updateConfig: { maxUnavailable: 2 } });
    await upgrade(here, { version: "1.34" });
    await here.pass(durations.nodegroupNodeRoll);
    expect((await describeNodegroup(here)).status).toBe("ACTIVE");
  });

  test("versions are the control plane's or the nodegroup's, releases those of the version", async () => {
    const here = await behind();
    for (const version of ["1.32", "1.35"]) {
      await refused(upgrade(here, { version }), "InvalidParameterException", "should be equal to control plane");
    }
    const newer = upgrade(here, { releaseVersion: "1.34.6-20261105" });
    await refused(newer, "InvalidParameterException", "1.34.6-20261105 is not valid for kubernetes version 1.33");
    await upgrade(here, { version: "1.34", releaseVersion: "1.34.6-20261015" });
    await here.pass(2 * durations.nodegroupNodeRoll);
    expect((await describeNodegroup(here)).releaseVersion).toBe("1.34.6-20261015");
  });

  test("the control plane's next version is refused until it has got there", async () => {
    const here = await clusterWithNodes({}, { version: "1.33" });
    await here.eks.send(new UpdateClusterVersionCommand({ name: "c", version: "1.34" }));
    await here.pass(durations.clusterVersionUpdate - 1);
    await refused(upgrade(here, { version: "1.34" }), "InvalidParameterException", "should be equal to control plane");
    await here.pass(1);
    expect((await upgrade(here, { version: "1.34" })).update?.status).toBe("InProgress");
  });

  test("replaces no node when there is nothing new", async () => {
    const here = await clusterWithNodes();
    const before = await nodes(here);
    const { update } = await upgrade(here);
    await here.pass(durations.nodegroupConfigUpdate);
    expect((await describeUpdate(here, present(update), { nodegroupName: "ng" })).status).toBe("Successful");
    expect(await nodes(here)).toEqual(before);
  });

  test("fails when pods cannot be evicted, unless forced", async () => {
    const here = await behind();
    const failure = { resource: "nodegroup", name: "ng", code: "PodEvictionFailure", message: "budget" } as const;
    here.sandbox.scenario({ failures: [failure] });
    const { update } = await upgrade(here, { version: "1.34" });
    await here.pass(durations.nodegroupNodeRoll);
    expect(await describeUpdate(here, present(update), { nodegroupName: "ng" })).toMatchObject({
      status: "Failed",
      errors: [
        { errorCode: "PodEvictionFailure", errorMessage: "budget", resourceIds: [expect.stringMatching(/^i-/)] },
      ],
    });
    expect(await describeNodegroup(here)).toMatchObject({ status: "ACTIVE", version: "1.33" });
    await upgrade(here, { version: "1.34", force: true });
    await here.pass(2 * durations.nodegroupNodeRoll);
    expect(await describeNodegroup(here)).toMatchObject({ status: "ACTIVE", version: "1.34" });
  });

  describe("with a launch template", () => {
    test("a new version recycles every node, the same one none", async () => {
      const here = await clusterForNodes();
      const id = await template(here, { InstanceType: "m5.large" });
      await createNodegroup(here, { launchTemplate: { id, version: "1" } });
      await here.pass(durations.nodegroupCreate);
      const before = await nodes(here);
      await upgrade(here, { launchTemplate: { id, version: "1" } });
      await here.pass(durations.nodegroupConfigUpdate);
      expect(await nodes(here)).toEqual(before);

      const LaunchTemplateData = { InstanceType: "m5.xlarge" as const };
      await here.ec2.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateId: id, LaunchTemplateData }));
      await upgrade(here, { launchTemplate: { id, version: "2" } });
      await here.pass(2 * durations.nodegroupNodeRoll + durations.ec2Propagation);
      expect(await describeNodegroup(here)).toMatchObject({ status: "ACTIVE", launchTemplate: { id, version: "2" } });
      const after = await nodes(here);
      expect([after.length, after.filter((each) => before.includes(each))]).toEqual([2, []]);
    });

    test("it stays the same template, and the kind of image stays", async () => {
      const here = await clusterForNodes();
      const id = await template(here, { EbsOptimized: true });
      const other = await template(here, { EbsOptimized: true }, "other");
      await createNodegroup(here, { launchTemplate: { id } });
      await createNodegroup(here, { nodegroupName: "plain" });
      await here.pass(durations.nodegroupCreate);
      const LaunchTemplateData = { ImageId: "ami-0123456789abcdef0" };
      await here.ec2.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateId: id, LaunchTemplateData }));
      const cases: [Partial<UpdateNodegroupVersionRequest>, string][] = [
        [{ launchTemplate: { id: other } }, "cannot be replaced by another one"],
        [{ launchTemplate: { id, version: "2" } }, "custom AMIs"],
        [{ nodegroupName: "plain", launchTemplate: { id } }, "made without one"],
      ];
      for (const [changes, message] of cases) {
        await refused(upgrade(here, changes), "InvalidParameterException", message);
      }
    });

    test("who brings the image brings the version", async () => {
      const here = await clusterForNodes();
      const id = await template(here, { ImageId: "ami-0123456789abcdef0" });
      await createNodegroup(here, { launchTemplate: { id } });
      await here.pass(durations.nodegroupCreate);
      const message = "You cannot specify the field kubernetesVersion when using custom AMIs.";
      await refused(upgrade(here, { version: "1.34" }), "InvalidParameterException", message);
    });

    test("version and template change in one call", async () => {
      const here = await clusterForNodes();
      const id = await template(here, { EbsOptimized: true });
      await createNodegroup(here, { launchTemplate: { id }, releaseVersion: "1.34.5-20260924" });
      await here.pass(durations.nodegroupCreate);
      const LaunchTemplateData = { EbsOptimized: false };
      await here.ec2.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateId: id, LaunchTemplateData }));
      await upgrade(here, { version: "1.34", launchTemplate: { id, version: "2" } });
      await here.pass(2 * durations.nodegroupNodeRoll);
      expect(await describeNodegroup(here)).toMatchObject({
        status: "ACTIVE",
        releaseVersion: "1.34.6-20261105",
        launchTemplate: { version: "2" },
      });
    });

    test("a type moves only within the template, which it is in from the beginning", async () => {
      const here = await clusterForNodes();
      const id = await template(here, { EbsOptimized: true });
      await createNodegroup(here, { launchTemplate: { id }, instanceTypes: ["m5.large"] });
      await here.pass(durations.nodegroupCreate);
      const LaunchTemplateData = { InstanceType: "m5.xlarge" as const };
      await here.ec2.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateId: id, LaunchTemplateData }));
      const typed = upgrade(here, { launchTemplate: { id, version: "2" } });
      await refused(typed, "InvalidParameterException", "Cannot specify instance types in launch template");
    });
  });
});
