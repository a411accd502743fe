import { CreateClusterCommand, type RemoteNetworkConfigRequest, UpdateClusterConfigCommand } from "@aws-sdk/client-eks";
import { expect, test } from "vitest";
import { durations } from "../../../src/sandbox/durations.ts";
import { clusterRequest, describeCluster, ground, refused } from "./account.ts";

const nodesIn = (...cidrs: string[]): RemoteNetworkConfigRequest => ({
  remoteNodeNetworks: [{ cidrs }],
  remotePodNetworks: [],
});

test("networks of hybrid nodes are private, apart from everything else, and need access entries", async () => {
  const here = await ground();
  const create = (remoteNetworkConfig: RemoteNetworkConfigRequest, more: object = {}) =>
    here.eks.send(new CreateClusterCommand(clusterRequest(here, { remoteNetworkConfig, ...more })));
  const code = "InvalidParameterException";
  await refused(create(nodesIn("11.0.0.0/16")), code, /must be within/);
  await refused(create(nodesIn("192.168.0.0/20")), code, /overlaps with 192\.168\.0\.0\/24/);
  await refused(create(nodesIn("10.80.0.0/16", "10.80.1.0/24")), code, /overlaps with 10\.80\.0\.0\/16/);
  await refused(
    create(nodesIn("10.80.0.0/16"), { accessConfig: { authenticationMode: "CONFIG_MAP" } }),
    code,
    /authentication mode/,
  );
  await refused(create({ remotePodNetworks: [{ cidrs: ["10.80.0.0/16"] }] }), code, /without remoteNodeNetworks/);
});

test("they can be changed later, and taken away", async () => {
  const here = await ground();
  await here.eks.send(new CreateClusterCommand(clusterRequest(here, { remoteNetworkConfig: nodesIn("10.80.0.0/16") })));
  await here.pass(durations.clusterCreate);
  const update = (remoteNetworkConfig: RemoteNetworkConfigRequest) =>
    here.eks.send(new UpdateClusterConfigCommand({ name: "c", remoteNetworkConfig }));
  await refused(update(nodesIn("10.80.0.0/16")), "InvalidParameterException", /already at the desired configuration/);
  await update(nodesIn("10.81.0.0/16"));
  await here.pass(durations.clusterConfigUpdate);
  expect((await describeCluster(here)).remoteNetworkConfig?.remoteNodeNetworks).toEqual([{ cidrs: ["10.81.0.0/16"] }]);
  await update({ remoteNodeNetworks: [], remotePodNetworks: [] });
  await here.pass(durations.clusterConfigUpdate);
  expect((await describeCluster(here)).remoteNetworkConfig).toBeUndefined();
});
