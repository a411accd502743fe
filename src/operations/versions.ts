import { gatherClusterVersions } from "../facts/gather-versions.ts";
import type { ClusterVersion } from "../facts/types.ts";
import type { Session } from "./session.ts";

export interface VersionFilter {
  /** As `1.34`; empty: all. */
  readonly versions: readonly string[];
  /** As EKS spells it in `status`; absent: all. */
  readonly status?: string;
  readonly defaultOnly: boolean;
  /** Also those that EKS supports no more. */
  readonly includeAll: boolean;
}

/** The Kubernetes versions that EKS offers in the session's region, newest first (EKS DescribeClusterVersions). */
export async function describeClusterVersions(
  session: Session,
  filter: VersionFilter,
): Promise<readonly ClusterVersion[]> {
  const offered = await gatherClusterVersions(session.clients);
  return offered
    .filter(({ version }) => filter.versions.length === 0 || filter.versions.includes(version))
    .filter(({ status }) => filter.includeAll || normal(status) !== "unsupported")
    .filter(({ status }) => filter.status === undefined || normal(status) === normal(filter.status))
    .filter((one) => !filter.defaultOnly || one.default);
}

function normal(status: string): string {
  return status.toLowerCase().replaceAll("_", "-");
}
