import { secondsOf, usualDuration } from "../aws/eks-durations.ts";
import type { ClusterConfig } from "../config/types.ts";
import { InputError } from "../errors.ts";
import type { ComponentLimits, Range } from "../facts/types.ts";
import type { ComponentSettings } from "../resources/eks/cluster-components-document.ts";
import type { Scope } from "./scope.ts";

/**
 * What the file says of the control plane's components; undefined when it says nothing.
 *
 * @throws InputError for what EKS does not take for the cluster's Kubernetes version.
 */
export function componentSettings(scope: Scope): ComponentSettings | undefined {
  const { config, facts, version } = scope;
  const limits = facts.clusterVersions.find((one) => one.version === version)?.components;
  const findings = limits === undefined ? [] : outsideOf(limits, config);
  if (findings.length > 0) {
    throw new InputError([`EKS does not take these settings for Kubernetes ${version}:`, ...findings].join("\n  - "));
  }
  const { eventTTL, serviceNodePortRange } = config.kubeAPIServerConfig ?? {};
  const { scoringStrategy } = config.kubeSchedulerConfig?.nodeResourcesFit ?? {};
  const period = periodOf(config);
  const settings: ComponentSettings = {
    ...(eventTTL === undefined ? {} : { eventTtl: usualDuration(eventTTL) }),
    ...(serviceNodePortRange === undefined ? {} : { serviceNodePortRange }),
    ...(scoringStrategy === undefined ? {} : { scoringStrategy: strategyOf(scoringStrategy) }),
    ...(period === undefined ? {} : { horizontalPodAutoscalerSyncPeriod: usualDuration(period) }),
  };
  return Object.keys(settings).length > 0 ? settings : undefined;
}

type Strategy = NonNullable<
  NonNullable<NonNullable<ClusterConfig["kubeSchedulerConfig"]>["nodeResourcesFit"]>["scoringStrategy"]
>;

function strategyOf({ type, resources }: Strategy): NonNullable<ComponentSettings["scoringStrategy"]> {
  return {
    ...(type === undefined ? {} : { type }),
    ...(resources && { weights: Object.fromEntries(resources.map(({ name, weight }) => [name, weight])) }),
  };
}

function periodOf({ kubeControllerManagerConfig }: ClusterConfig): string | undefined {
  return kubeControllerManagerConfig?.horizontalPodAutoscalerControllerConfig?.horizontalPodAutoscalerSyncPeriod;
}

function outsideOf(limits: ComponentLimits, config: ClusterConfig): readonly string[] {
  const { eventTTL, serviceNodePortRange: ports = {} } = config.kubeAPIServerConfig ?? {};
  const { type, resources = [] } = config.kubeSchedulerConfig?.nodeResourcesFit?.scoringStrategy ?? {};
  const portsAt = "kubeAPIServerConfig.serviceNodePortRange";
  const strategyAt = "kubeSchedulerConfig.nodeResourcesFit.scoringStrategy";
  const periodAt =
    "kubeControllerManagerConfig.horizontalPodAutoscalerControllerConfig.horizontalPodAutoscalerSyncPeriod";
  return [
    ...outside("kubeAPIServerConfig.eventTTL", eventTTL, limits.eventTtl, secondsOf),
    ...outside(`${portsAt}.minPort`, ports.minPort, limits.minPort, Number),
    ...outside(`${portsAt}.maxPort`, ports.maxPort, limits.maxPort, Number),
    ...unknown(`${strategyAt}.type`, type, limits.scoringStrategies),
    ...resources.flatMap(({ name, weight }, index) => [
      ...unknown(`${strategyAt}.resources[${index}].name`, name, limits.scoredResources),
      ...outside(`${strategyAt}.resources[${index}].weight`, weight, limits.weight, Number),
    ]),
    ...outside(periodAt, periodOf(config), limits.horizontalPodAutoscalerSyncPeriod, secondsOf),
  ];
}

function outside<Value extends string | number>(
  at: string,
  value: Value | undefined,
  range: Range<Value> | undefined,
  amount: (value: Value) => number,
): readonly string[] {
  if (value === undefined || range === undefined) return [];
  if (amount(value) >= amount(range.min) && amount(value) <= amount(range.max)) return [];
  return [`${at}: must be from ${range.min} to ${range.max}, not ${value}`];
}

function unknown(at: string, value: string | undefined, allowed: readonly string[] | undefined): readonly string[] {
  if (value === undefined || allowed === undefined || allowed.includes(value)) return [];
  return [`${at}: must be one of ${allowed.join(", ")}, not ${value}`];
}
