import { type ControlPlaneConfigInfo, paginateDescribeClusterVersions } from "@aws-sdk/client-eks";
import type { Clients } from "../aws/clients.ts";
import { compareVersions } from "../aws/eks-versions.ts";
import type { ClusterVersion, ComponentLimits, Range } from "./types.ts";

/** The Kubernetes versions that EKS offers, newest first. */
export async function gatherClusterVersions(clients: Clients): Promise<readonly ClusterVersion[]> {
  const found: ClusterVersion[] = [];
  for await (const page of paginateDescribeClusterVersions({ client: clients.eks }, {})) {
    for (const one of page.clusterVersions ?? []) {
      if (one.clusterVersion === undefined) continue;
      found.push({
        version: one.clusterVersion,
        default: one.defaultVersion ?? false,
        status: one.versionStatus ?? "",
        ...(one.endOfStandardSupportDate ? { endOfStandardSupport: day(one.endOfStandardSupportDate) } : {}),
        ...(one.endOfExtendedSupportDate ? { endOfExtendedSupport: day(one.endOfExtendedSupportDate) } : {}),
        ...(one.controlPlaneComponentConfig ? { components: limitsOf(one.controlPlaneComponentConfig) } : {}),
      });
    }
  }
  return found.toSorted((a, b) => compareVersions(b.version, a.version));
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function limitsOf(config: ControlPlaneConfigInfo): ComponentLimits {
  const { eventTtl, serviceNodePortRange } = config.kubeApiServerConfig ?? {};
  const strategy = config.kubeSchedulerConfig?.nodeResourcesFit?.scoringStrategy?.constraints;
  const { horizontalPodAutoscalerSyncPeriod: period } =
    config.kubeControllerManagerConfig?.horizontalPodAutoscalerControllerConfig ?? {};
  const limits = {
    eventTtl: rangeOf(eventTtl?.constraints),
    minPort: rangeOf(serviceNodePortRange?.constraints?.minPort),
    maxPort: rangeOf(serviceNodePortRange?.constraints?.maxPort),
    scoringStrategies: strategy?.scoringStrategy?.allowedValues,
    scoredResources: strategy?.resources?.name?.allowedValues,
    weight: rangeOf(strategy?.resources?.weight),
    horizontalPodAutoscalerSyncPeriod: rangeOf(period?.constraints),
  };
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

function rangeOf<Value>(
  constraints: { readonly min?: Value | undefined; readonly max?: Value | undefined } | undefined,
): Range<Value> | undefined {
  const { min, max } = constraints ?? {};
  return min === undefined || max === undefined ? undefined : { min, max };
}
