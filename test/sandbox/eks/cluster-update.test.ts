import {
  AssociateEncryptionConfigCommand,
  DescribeClusterVersionsCommand,
  DescribeUpdateCommand,
  ListAccessEntriesCommand,
  ListUpdatesCommand,
  type ScoringStrategy,
  UpdateClusterConfigCommand,
  type UpdateClusterConfigRequest,
  UpdateClusterVersionCommand,
  UpdateNodegroupVersionCommand,
} from "@aws-sdk/client-eks";
import { describe, expect, test } from "vitest";
import { durations } from "../../../src/sandbox/durations.ts";
import {
  type Account,
  cluster,
  clusterWithNodes,
  createAddon,
  createNodegroup,
  describeCluster,
  describeUpdate,
  makeSubnet,
  present,
  refused,
} from "./account.ts";

function configure({ eks }: Account, changes: Omit<UpdateClusterConfigRequest, "name">) {
  return eks.send(new UpdateClusterConfigCommand({ name: "c", ...changes }));
}

function upgrade({ eks }: Account, version: string) {
  return eks.send(new UpdateClusterVersionCommand({ name: "c", version }));
}

const apiLogs = { clusterLogging: [{ types: ["api" as const], enabled: true }] };

describe("UpdateClusterConfig", () => {
  test("an update runs its time, then the cluster has changed", async () => {
    const here = await cluster();
    const { update } = await configure(here, { resourcesVpcConfig: { endpointPrivateAccess: true } });
    expect(update).toMatchObject({ status: "InProgress", type: "EndpointAccessUpdate", errors: [] });
    expect(update?.params).toContainEqual({ type: "EndpointPrivateAccess", value: "true" });
    await here.pass(durations.clusterConfigUpdate - 1);
    expect(await describeCluster(here)).toMatchObject({
      status: "UPDATING",
      resourcesVpcConfig: { endpointPrivateAccess: false },
    });
    await here.pass(1);
    expect(await describeCluster(here)).toMatchObject({
      status: "ACTIVE",
      resourcesVpcConfig: { endpointPrivateAccess: true, endpointPublicAccess: true },
    });
    expect((await describeUpdate(here, present(update))).status).toBe("Successful");
  });

  test("takes one kind of change a call", async () => {
    const here = await cluster();
    const both = { logging: apiLogs, resourcesVpcConfig: { endpointPrivateAccess: true } };
    await refused(configure(here, both), "InvalidParameterException", "Only one type of update can be allowed");
    const [first = ""] = here.subnetIds;
    const two = { resourcesVpcConfig: { endpointPrivateAccess: true, subnetIds: [first] } };
    await refused(configure(here, two), "InvalidParameterException", "Only one type of update can be allowed");
  });

  test("a change that changes nothing is refused", async () => {
    const here = await cluster();
    const cases: [Omit<UpdateClusterConfigRequest, "name">, RegExp][] = [
      [{}, /No changes needed/],
      [{ resourcesVpcConfig: { endpointPublicAccess: true } }, /already at the desired configuration with endpointPri/],
      [{ resourcesVpcConfig: { subnetIds: here.subnetIds } }, /already at the desired configuration/],
      [{ logging: { clusterLogging: [{ types: ["api"], enabled: false }] } }, /No changes needed for the logging/],
      [{ accessConfig: { authenticationMode: "API" } }, /already at the desired configuration/],
      [{ upgradePolicy: { supportType: "EXTENDED" } }, /already at the desired configuration/],
      [{ zonalShiftConfig: { enabled: false } }, /already at the desired configuration/],
      [{ controlPlaneScalingConfig: { tier: "standard" } }, /already at the desired configuration/],
      [{ deletionProtection: false }, /already at the desired configuration/],
    ];
    for (const [changes, message] of cases) {
      await refused(configure(here, changes), "InvalidParameterException", message);
    }
  });

  test("every kind of change arrives", async () => {
    const here = await cluster();
    const changes: Omit<UpdateClusterConfigRequest, "name">[] = [
      { logging: apiLogs },
      { upgradePolicy: { supportType: "STANDARD" } },
      { zonalShiftConfig: { enabled: true } },
      { controlPlaneScalingConfig: { tier: "tier-xl" } },
      { deletionProtection: true },
    ];
    for (const change of changes) {
      await configure(here, change);
      await here.pass(durations.clusterConfigUpdate);
    }
    const { logging, ...others } = await describeCluster(here);
    expect(logging?.clusterLogging?.[0]).toEqual({ types: ["api"], enabled: true });
    expect(others).toMatchObject({
      upgradePolicy: { supportType: "STANDARD" },
      zonalShiftConfig: { enabled: true },
      controlPlaneScalingConfig: { tier: "tier-xl" },
      deletionProtection: true,
    });
  });

  test("settings of components merge with those that are there, within EKS's ranges", async () => {
    const here = await cluster({ kubeApiServerConfig: { eventTtl: "30m" } });
    const range = { minPort: 20_000 };
    await configure(here, { kubeApiServerConfig: { serviceNodePortRange: range } });
    expect((await describeCluster(here)).status).toBe("UPDATING");
    await here.pass(durations.clusterComponentsUpdate);
    expect(await describeCluster(here)).toMatchObject({
      status: "ACTIVE",
      kubeApiServerConfig: { eventTtl: "30m", serviceNodePortRange: { minPort: 20_000, maxPort: 32_767 } },
      kubeSchedulerConfig: { nodeResourcesFit: { scoringStrategy: { type: "LeastAllocated" } } },
    });
    const strategy = (scoringStrategy: ScoringStrategy) => ({
      kubeSchedulerConfig: { nodeResourcesFit: { scoringStrategy } },
    });
    const wrong: [Omit<UpdateClusterConfigRequest, "name">, RegExp][] = [
      [{ kubeApiServerConfig: { eventTtl: "2h" } }, /eventTtl must be from 10m to 60m: 2h/],
      [{ kubeApiServerConfig: { eventTtl: "1h30m" } }, /eventTtl must be/],
      [{ kubeApiServerConfig: { serviceNodePortRange: { minPort: 10_250 } } }, /minPort must be from 10260/],
      [{ kubeApiServerConfig: { serviceNodePortRange: { minPort: 32_000, maxPort: 31_000 } } }, /greater than maxPort/],
      [strategy({ resources: [{ name: "disk", weight: 1 }] }), /Unsupported resource: disk/],
      [strategy({ resources: [{ name: "cpu", weight: 101 }] }), /weight must be from 1 to 100: 101/],
      [{ kubeApiServerConfig: { eventTtl: "30m" } }, /already at the desired configuration/],
    ];
    for (const [changes, message] of wrong) {
      await refused(configure(here, changes), "InvalidParameterException", message);
    }
  });

  test("the autoscaler's period needs capacity that is kept, and keeps it", async () => {
    const here = await cluster();
    const period = (horizontalPodAutoscalerSyncPeriod: string) =>
      configure(here, {
        kubeControllerManagerConfig: { horizontalPodAutoscalerControllerConfig: { horizontalPodAutoscalerSyncPeriod } },
      });
    const tier = (to: "standard" | "tier-xl") => configure(here, { controlPlaneScalingConfig: { tier: to } });
    await refused(period("10s"), "InvalidParameterException", "requires a Provisioned Control Plane");
    await tier("tier-xl");
    await here.pass(durations.clusterConfigUpdate);
    await period("10s");
    await here.pass(durations.clusterComponentsUpdate);
    await refused(tier("standard"), "InvalidParameterException", "horizontalPodAutoscalerSyncPeriod is 10s");
    await period("15s");
    await here.pass(durations.clusterComponentsUpdate);
    await tier("standard");
  });

  test("the way out of the control plane can become the customer's, and never AWS's again", async () => {
    const here = await cluster();
    const mode = (controlPlaneEgressMode: "AWS_MANAGED" | "CUSTOMER_ROUTED") =>
      configure(here, { resourcesVpcConfig: { controlPlaneEgressMode } });
    await mode("CUSTOMER_ROUTED");
    await here.pass(durations.clusterEgressUpdate);
    expect((await describeCluster(here)).resourcesVpcConfig?.controlPlaneEgressMode).toBe("CUSTOMER_ROUTED");
    await refused(mode("AWS_MANAGED"), "InvalidParameterException", "cannot be changed from CUSTOMER_ROUTED");
  });

  test("the control plane moves only within its VPC and zones", async () => {
    const here = await cluster();
    const [first = "", second = ""] = here.subnetIds;
    const sameZone = await makeSubnet(here, here.vpcId, "192.168.8.0/24", "us-west-2b");
    const otherZone = await makeSubnet(here, here.vpcId, "192.168.9.0/24", "us-west-2c");
    const elsewhere = configure(here, { resourcesVpcConfig: { subnetIds: [first, second, otherZone] } });
    await refused(elsewhere, "InvalidParameterException", "same set of AZs");
    await configure(here, { resourcesVpcConfig: { subnetIds: [first, sameZone] } });
    await here.pass(durations.clusterConfigUpdate);
    expect((await describeCluster(here)).resourcesVpcConfig?.subnetIds).toEqual([first, sameZone]);
  });

  test("authentication modes only move forward, one at a time", async () => {
    const here = await cluster({ accessConfig: { authenticationMode: "CONFIG_MAP" } });
    const entries = new ListAccessEntriesCommand({ clusterName: "c" });
    await refused(here.eks.send(entries), "InvalidRequestException", "one of [API, API_AND_CONFIG_MAP]");
    const jump = configure(here, { accessConfig: { authenticationMode: "API" } });
    await refused(jump, "InvalidParameterException", "Unsupported authentication mode update from CONFIG_MAP to API");
    for (const authenticationMode of ["API_AND_CONFIG_MAP", "API"] as const) {
      await configure(here, { accessConfig: { authenticationMode } });
      await here.pass(durations.clusterConfigUpdate);
    }
    expect((await here.eks.send(entries)).accessEntries).toHaveLength(1);
    const back = configure(here, { accessConfig: { authenticationMode: "API_AND_CONFIG_MAP" } });
    await refused(back, "InvalidParameterException", "from API to API_AND_CONFIG_MAP");
  });

  test("the same request with its token starts one update", async () => {
    const here = await cluster();
    const request = { logging: apiLogs, clientRequestToken: "once" };
    const first = await configure(here, request);
    const again = await configure(here, request);
    expect(again.update?.id).toBe(first.update?.id);
    const other = configure(here, { zonalShiftConfig: { enabled: true }, clientRequestToken: "once" });
    await refused(other, "InvalidParameterException", "token");
  });
});

describe("while an update runs", () => {
  test("every other one is refused, even when the status says ACTIVE", async () => {
    const here = await clusterWithNodes();
    const { update } = await configure(here, { logging: apiLogs });
    expect((await describeCluster(here)).status).toBe("ACTIVE");
    const keyArn = "arn:aws:kms:us-west-2:111122223333:key/1";
    const encryptionConfig = [{ resources: ["secrets"], provider: { keyArn } }];
    const updates = [
      configure(here, { zonalShiftConfig: { enabled: true } }),
      upgrade(here, "1.35"),
      here.eks.send(new AssociateEncryptionConfigCommand({ clusterName: "c", encryptionConfig })),
      here.eks.send(new UpdateNodegroupVersionCommand({ clusterName: "c", nodegroupName: "ng" })),
      createAddon(here, "coredns"),
    ];
    for (const each of updates) await refused(each, "ResourceInUseException", "update in progress");
    await refused(createNodegroup(here, { nodegroupName: "x" }), "InvalidRequestException", "not in ACTIVE status");
    await here.pass(durations.clusterConfigUpdate);
    expect((await describeUpdate(here, present(update))).status).toBe("Successful");
    await upgrade(here, "1.35");
  });
});

describe("UpdateClusterVersion", () => {
  test("moves one minor, up", async () => {
    const here = await cluster({ version: "1.33" });
    for (const version of ["1.32", "1.33", "1.35"]) {
      const message = `Unsupported Kubernetes minor version update from 1.33 to ${version}`;
      await refused(upgrade(here, version), "InvalidParameterException", message);
    }
    await refused(upgrade(here, "1.99"), "InvalidParameterException", "unsupported Kubernetes version");
    const { update } = await upgrade(here, "1.34");
    expect(update?.params).toContainEqual({ type: "Version", value: "1.34" });
    await here.pass(durations.clusterVersionUpdate - 1);
    expect(await describeCluster(here)).toMatchObject({ status: "UPDATING", version: "1.33" });
    await here.pass(1);
    expect(await describeCluster(here)).toMatchObject({ status: "ACTIVE", version: "1.34" });
  });

  test("does not leave nodes more than three minors behind", async () => {
    const here = await clusterWithNodes({}, { version: "1.31" });
    for (const version of ["1.32", "1.33", "1.34"]) {
      await upgrade(here, version);
      await here.pass(durations.clusterVersionUpdate);
    }
    await refused(upgrade(here, "1.35"), "InvalidRequestException", "Nodegroups [ng] must be updated");
  });
});

test("secrets are encrypted once and for all", async () => {
  const here = await cluster();
  const keyArn = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  here.sandbox.residents({ keys: [{ region: "us-west-2", name: keyArn }] });
  const associate = () =>
    here.eks.send(
      new AssociateEncryptionConfigCommand({
        clusterName: "c",
        encryptionConfig: [{ resources: ["secrets"], provider: { keyArn } }],
      }),
    );
  await associate();
  await here.pass(durations.clusterEncryptionUpdate);
  expect((await describeCluster(here)).encryptionConfig).toEqual([{ resources: ["secrets"], provider: { keyArn } }]);
  await refused(associate(), "InvalidParameterException", "already");
});

test("updates are listed newest first, page by page", async () => {
  const here = await cluster();
  const ids: (string | undefined)[] = [];
  for (let turn = 0; turn < 6; turn++) {
    const { update } = await configure(here, { zonalShiftConfig: { enabled: turn % 2 === 0 } });
    ids.unshift(update?.id);
    await here.pass(durations.clusterConfigUpdate);
  }
  const first = await here.eks.send(new ListUpdatesCommand({ name: "c" }));
  const second = await here.eks.send(new ListUpdatesCommand({ name: "c", nextToken: first.nextToken }));
  expect([...present(first.updateIds), ...present(second.updateIds)]).toEqual(ids);
  const unknown = here.eks.send(new DescribeUpdateCommand({ name: "c", updateId: "none" }));
  await refused(unknown, "ResourceNotFoundException", "No update found for ID: none");
});

test("DescribeClusterVersions names the supported minors and the default", async () => {
  const here = await cluster();
  const ask = async (input: ConstructorParameters<typeof DescribeClusterVersionsCommand>[0]) =>
    present((await here.eks.send(new DescribeClusterVersionsCommand({ maxResults: 100, ...input }))).clusterVersions);
  const all = await ask({});
  expect(all.map((each) => each.clusterVersion)).toEqual(["1.36", "1.35", "1.34", "1.33", "1.32", "1.31"]);
  expect(await ask({ defaultOnly: true })).toMatchObject([
    {
      clusterVersion: "1.34",
      defaultVersion: true,
      versionStatus: "STANDARD_SUPPORT",
      endOfStandardSupportDate: new Date("2026-12-02"),
    },
  ]);
  expect(await ask({ includeAll: true })).toHaveLength(7);
  expect(await ask({ clusterVersions: ["1.30"] })).toMatchObject([{ versionStatus: "UNSUPPORTED" }]);
});
