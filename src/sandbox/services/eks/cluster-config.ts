import type {
  UpdateClusterConfigRequest,
  UpdateClusterConfigResponse,
  UpdateClusterVersionRequest,
  UpdateClusterVersionResponse,
} from "@aws-sdk/client-eks";
import type { Call } from "../../service.ts";
import { askedBy } from "./asked.ts";
import { configKinds } from "./cluster-config-kinds.ts";
import { updateCluster } from "./cluster-update.ts";
import { encryptionHandlers } from "./encryption.ts";
import { invalidParameter, invalidRequest, refuseUnsimulated } from "./errors.ts";
import { minorsAhead, supportedVersion } from "./kubernetes-versions.ts";
import { clusterOf } from "./lookup.ts";

function updateClusterConfig(input: UpdateClusterConfigRequest, call: Call): UpdateClusterConfigResponse {
  refuseUnsimulated(input, [
    "computeConfig",
    "storageConfig",
    "kubernetesNetworkConfig",
    "remoteNetworkConfig",
    "kubeApiServerConfig",
    "kubeSchedulerConfig",
    "kubeControllerManagerConfig",
  ]);
  refuseUnsimulated(input.resourcesVpcConfig ?? {}, ["controlPlaneEgressMode"]);
  const cluster = clusterOf(call, input.name ?? "");
  return updateCluster(call, cluster, askedBy(input), () => {
    const about = { clusterName: cluster.name };
    const [kind, ...others] = configKinds.filter(({ asks }) => asks(input));
    if (!kind) throw invalidParameter("No changes needed: the request names nothing to update", about);
    if (others.length > 0) throw invalidParameter("Only one type of update can be allowed.", about);
    return { ...kind.prepare(cluster, input, call), duration: "clusterConfigUpdate" };
  });
}

function updateClusterVersion(input: UpdateClusterVersionRequest, call: Call): UpdateClusterVersionResponse {
  refuseUnsimulated(input, ["rollbackConfig"]);
  const cluster = clusterOf(call, input.name ?? "");
  return updateCluster(call, cluster, askedBy(input), () => {
    const about = { clusterName: cluster.name };
    const version = supportedVersion(input.version ?? "");
    if (!version) throw invalidParameter("unsupported Kubernetes version", about);
    if (minorsAhead(version.minor, cluster.version) !== 1) {
      throw invalidParameter(
        `Unsupported Kubernetes minor version update from ${cluster.version} to ${version.minor}`,
        about,
      );
    }
    const behind = Object.values(cluster.nodegroups).filter((each) => minorsAhead(version.minor, each.version) > 3);
    if (behind.length > 0) {
      const names = behind.map((nodegroup) => nodegroup.name).join(", ");
      throw invalidRequest(`Nodegroups [${names}] must be updated before updating the cluster version`, about);
    }
    return {
      type: "VersionUpdate",
      duration: "clusterVersionUpdate",
      params: { Version: version.minor, PlatformVersion: version.platformVersion },
      change: { version: version.minor, platformVersion: version.platformVersion },
    };
  });
}

export const clusterConfigHandlers = {
  UpdateClusterConfig: updateClusterConfig,
  UpdateClusterVersion: updateClusterVersion,
  ...encryptionHandlers,
};
