import type {
  ClusterVersionInformation,
  ClusterVersionStatus,
  DescribeClusterVersionsRequest,
  DescribeClusterVersionsResponse,
  VersionStatus,
} from "@aws-sdk/client-eks";
import { componentLimits } from "./control-plane-components.ts";
import { paged } from "./pages.ts";
import { kubernetesVersions, type KubernetesVersion } from "./kubernetes-versions.ts";

function describeClusterVersions(input: DescribeClusterVersionsRequest): DescribeClusterVersionsResponse {
  const { clusterVersions: names = [], defaultOnly, includeAll, versionStatus, status } = input;
  const asked = kubernetesVersions.filter(
    (version) =>
      (names.length === 0 || names.includes(version.minor)) &&
      (!defaultOnly || version.default) &&
      (versionStatus === undefined || version.status === versionStatus) &&
      (status === undefined || oldStatus[version.status] === status) &&
      (version.status !== "UNSUPPORTED" || includeAll || names.length > 0 || versionStatus || status),
  );
  const { items, nextToken } = paged(asked, input);
  return { clusterVersions: items.map(view), ...nextToken };
}

/** As the deprecated member `status` spells it. */
const oldStatus: Readonly<Record<VersionStatus, ClusterVersionStatus>> = {
  STANDARD_SUPPORT: "standard-support",
  EXTENDED_SUPPORT: "extended-support",
  UNSUPPORTED: "unsupported",
};

function view(version: KubernetesVersion): ClusterVersionInformation {
  const components = componentLimits(version.minor);
  return {
    clusterVersion: version.minor,
    clusterType: "eks",
    defaultPlatformVersion: version.platformVersion,
    defaultVersion: version.default ?? false,
    kubernetesPatchVersion: version.patch,
    releaseDate: new Date(version.released),
    endOfStandardSupportDate: new Date(version.endOfStandardSupport),
    endOfExtendedSupportDate: new Date(version.endOfExtendedSupport),
    status: oldStatus[version.status],
    versionStatus: version.status,
    ...(components && { controlPlaneComponentConfig: components }),
  };
}

export const clusterVersionHandlers = { DescribeClusterVersions: describeClusterVersions };
