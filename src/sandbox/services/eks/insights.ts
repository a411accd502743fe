import type {
  DescribeInsightRequest,
  DescribeInsightResponse,
  Insight,
  InsightSummary,
  ListInsightsRequest,
  ListInsightsResponse,
} from "@aws-sdk/client-eks";
import { createHash } from "node:crypto";
import { AwsError } from "../../aws-error.ts";
import type { Scenario } from "../../scenario.ts";
import type { Call } from "../../service.ts";
import { resourceNotFound } from "./errors.ts";
import { minorsAhead } from "./kubernetes-versions.ts";
import { clusterOf } from "./lookup.ts";
import { paged } from "./pages.ts";
import type { Place } from "./place.ts";
import type { ClusterRecord } from "./state.ts";

type Finding = Scenario["insights"][number];

/** What the scenario has EKS find about a cluster, and whether its nodes could follow it back. */
function findingsOn({ world }: Place, cluster: ClusterRecord): readonly Finding[] {
  const told = world.state.scenario.insights.filter((each) => each.cluster === cluster.name);
  return cluster.upgraded ? [...told, kubeletSkew(cluster, cluster.upgraded.from)] : told;
}

/** No kubelet can be newer than its control plane (EKS user guide, cluster version rollback). */
function kubeletSkew({ name, nodegroups }: ClusterRecord, kubernetesVersion: string): Finding {
  const newer = Object.values(nodegroups).filter((each) => minorsAhead(each.version, kubernetesVersion) > 0);
  const reason = newer.map((each) => `nodegroup ${each.name} runs ${each.version}`).join("; ");
  return {
    cluster: name,
    name: "Kubelet version skew",
    category: "ROLLBACK_READINESS",
    kubernetesVersion,
    status: newer.length > 0 ? "ERROR" : "PASSING",
    reason: reason || "No node is newer than the version to go back to.",
    description: "Checks that no node is newer than the control plane would be.",
    recommendation: "Take nodes back before the control plane.",
  };
}

/**
 * Throws InvalidStateException when an insight of the category stands in the way to a version. Warnings do not, nor what is
 * not known.
 */
export function requireReadiness(
  place: Place,
  cluster: ClusterRecord,
  category: Finding["category"],
  version: string,
): void {
  const hindrance = findingsOn(place, cluster).some(
    (each) => each.category === category && each.kubernetesVersion === version && each.status === "ERROR",
  );
  if (!hindrance) return;
  const way = category === "ROLLBACK_READINESS" ? "rollback" : "upgrade";
  throw new AwsError(
    "InvalidStateException",
    `${way === "upgrade" ? "Upgrade" : "Rollback"} readiness issues detected. Call the EKS ListInsights API to view ` +
      `${way} blocking issues detected by EKS. Pass the force flag to override ${way} readiness errors and proceed ` +
      `with ${way}.`,
    { members: { clusterName: cluster.name } },
  );
}

function listInsights(input: ListInsightsRequest, call: Call): ListInsightsResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  const { categories, kubernetesVersions, statuses } = input.filter ?? {};
  const fits = <T>(wanted: readonly T[] | undefined, value: T) => !wanted?.length || wanted.includes(value);
  const found = findingsOn(call, cluster).filter(
    (each) =>
      fits(categories, each.category) &&
      fits(kubernetesVersions, each.kubernetesVersion) &&
      fits(statuses, each.status),
  );
  const { items, nextToken } = paged(found, input);
  return { insights: items.map((each) => summary(each, cluster, call)), ...nextToken };
}

function describeInsight(input: DescribeInsightRequest, call: Call): DescribeInsightResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  const found = findingsOn(call, cluster).find((each) => idOf(each) === input.id);
  if (!found) throw resourceNotFound(`No insight found for ID: ${input.id}`, { clusterName: cluster.name });
  return { insight: inFull(found, cluster, call) };
}

function summary(finding: Finding, cluster: ClusterRecord, { world }: Place): InsightSummary {
  const { name, category, kubernetesVersion, description, status, reason } = finding;
  return {
    id: idOf(finding),
    name,
    category,
    kubernetesVersion,
    lastRefreshTime: new Date(world.now()),
    lastTransitionTime: new Date(cluster.createdAt),
    description,
    insightStatus: { status, reason },
  };
}

function inFull(finding: Finding, cluster: ClusterRecord, place: Place): Insight {
  return {
    ...summary(finding, cluster, place),
    recommendation: finding.recommendation,
    additionalInfo: {},
    resources: [],
    categorySpecificSummary: { deprecationDetails: [], addonCompatibilityDetails: [] },
  };
}

/** The same as long as it is the same check of the same cluster. */
function idOf({ cluster, name, category, kubernetesVersion }: Finding): string {
  const hex = createHash("sha256")
    .update(JSON.stringify([cluster, name, category, kubernetesVersion]))
    .digest("hex");
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export const insightHandlers = { ListInsights: listInsights, DescribeInsight: describeInsight };
