import type { UpdateClusterVersionRequest, UpdateClusterVersionResponse } from "@aws-sdk/client-eks";
import type { Call } from "../../service.ts";
import { askedBy } from "./asked.ts";
import { type ClusterUpdate, updateCluster } from "./cluster-update.ts";
import { type About, invalidParameter, invalidRequest } from "./errors.ts";
import { requireReadiness } from "./insights.ts";
import { type KubernetesVersion, minorsAhead, supportedVersion } from "./kubernetes-versions.ts";
import { clusterOf } from "./lookup.ts";
import type { Place } from "./place.ts";
import type { ClusterRecord } from "./state.ts";
import { versionBefore } from "./version-rollback.ts";

function updateClusterVersion(input: UpdateClusterVersionRequest, call: Call): UpdateClusterVersionResponse {
  const cluster = clusterOf(call, input.name ?? "");
  return updateCluster(call, cluster, askedBy(input), () => {
    const about = { clusterName: cluster.name };
    const version = supportedVersion(input.version ?? "");
    if (!version) throw invalidParameter("unsupported Kubernetes version", about);
    const ahead = minorsAhead(version.minor, cluster.version);
    if (ahead === 1 && input.rollbackConfig === undefined) return upgrade(call, cluster, version, input, about);
    if (ahead === -1 && versionBefore(call, cluster).includes(version.minor))
      return rollback(call, cluster, version, input, about);
    throw invalidParameter(
      `Unsupported Kubernetes minor version update from ${cluster.version} to ${version.minor}`,
      about,
    );
  });
}

function upgrade(
  place: Place,
  cluster: ClusterRecord,
  version: KubernetesVersion,
  { force = false }: UpdateClusterVersionRequest,
  about: About,
): ClusterUpdate {
  const behind = Object.values(cluster.nodegroups).filter((each) => minorsAhead(version.minor, each.version) > 3);
  if (behind.length > 0) {
    const names = behind.map((nodegroup) => nodegroup.name).join(", ");
    throw invalidRequest(`Nodegroups [${names}] must be updated before updating the cluster version`, about);
  }
  if (!force) requireReadiness(place, cluster, "UPGRADE_READINESS", version.minor);
  return moveTo("VersionUpdate", version);
}

function rollback(
  place: Place,
  cluster: ClusterRecord,
  version: KubernetesVersion,
  { force = false, rollbackConfig }: UpdateClusterVersionRequest,
  about: About,
): ClusterUpdate {
  const { timeoutMinutes = 720 } = rollbackConfig ?? {};
  if (timeoutMinutes < 120 || timeoutMinutes > 10_080) {
    throw invalidParameter("rollbackConfig.timeoutMinutes must be between 120 and 10080", about);
  }
  if (version.status === "EXTENDED_SUPPORT" && cluster.supportType === "STANDARD") {
    throw invalidParameter(
      `Kubernetes version ${version.minor} is in extended support, which supportType STANDARD does not allow`,
      about,
    );
  }
  if (!force) requireReadiness(place, cluster, "ROLLBACK_READINESS", version.minor);
  return moveTo("VersionRollback", version);
}

function moveTo(
  type: "VersionUpdate" | "VersionRollback",
  { minor, platformVersion }: KubernetesVersion,
): ClusterUpdate {
  return {
    type,
    duration: "clusterVersionUpdate",
    params: { Version: minor, PlatformVersion: platformVersion },
    change: { version: minor, platformVersion },
  };
}

export const clusterVersionUpdateHandlers = { UpdateClusterVersion: updateClusterVersion };
