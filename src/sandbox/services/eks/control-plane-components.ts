import type { ControlPlaneConfigInfo, ScoringStrategyType, UpdateClusterConfigRequest } from "@aws-sdk/client-eks";
import { type About, invalidParameter } from "./errors.ts";
import { minorsAhead } from "./kubernetes-versions.ts";
import type { ClusterRecord, ComponentSettings } from "./state.ts";

/** What EKS has unless somebody says otherwise (EKS user guide, advanced control plane configuration). */
export const defaultComponents: ComponentSettings = {
  eventTtl: "60m",
  serviceNodePortRange: { minPort: 30_000, maxPort: 32_767 },
  scoringStrategy: {
    type: "LeastAllocated",
    resources: [
      { name: "cpu", weight: 1 },
      { name: "memory", weight: 1 },
    ],
  },
  horizontalPodAutoscalerSyncPeriod: "15s",
};

const scoringStrategies: readonly ScoringStrategyType[] = ["LeastAllocated", "MostAllocated"];
const scoredResources = ["cpu", "memory", "nvidia.com/gpu", "aws.amazon.com/neuron", "aws.amazon.com/neuroncore"];
const ports = { min: 10_260, max: 32_767 };
const weights = { min: 1, max: 100 };
const eventTtls = { min: "10m", max: "60m" };
const syncPeriods = { min: "10s", max: "15s" };

/** The oldest minor whose components can be set. */
const since = "1.31";

/** As DescribeClusterVersions says it of a version; undefined for one whose components cannot be set. */
export function componentLimits(minor: string): ControlPlaneConfigInfo | undefined {
  if (minorsAhead(minor, since) < 0) return undefined;
  const { eventTtl, serviceNodePortRange, scoringStrategy, horizontalPodAutoscalerSyncPeriod } = defaultComponents;
  return {
    kubeApiServerConfig: {
      eventTtl: { defaultValue: eventTtl, constraints: eventTtls },
      serviceNodePortRange: { defaultValue: serviceNodePortRange, constraints: { minPort: ports, maxPort: ports } },
    },
    kubeSchedulerConfig: {
      nodeResourcesFit: {
        scoringStrategy: {
          defaultValue: scoringStrategy,
          constraints: {
            scoringStrategy: { allowedValues: [...scoringStrategies] },
            resources: { name: { allowedValues: scoredResources }, weight: weights },
          },
        },
      },
    },
    kubeControllerManagerConfig: {
      horizontalPodAutoscalerControllerConfig: {
        horizontalPodAutoscalerSyncPeriod: {
          defaultValue: horizontalPodAutoscalerSyncPeriod,
          constraints: syncPeriods,
        },
      },
    },
  };
}

export type AskedComponents = Pick<
  UpdateClusterConfigRequest,
  "kubeApiServerConfig" | "kubeSchedulerConfig" | "kubeControllerManagerConfig"
>;

/** What a request makes of the settings: those that it does not name stay. Throws InvalidParameterException. */
export function componentsAfter(
  before: ComponentSettings,
  asked: AskedComponents,
  { version, scalingTier }: Pick<ClusterRecord, "version" | "scalingTier">,
  about: About,
): ComponentSettings {
  if (!asksForComponents(asked)) return before;
  if (minorsAhead(version, since) < 0) {
    throw invalidParameter(`Control plane components can be configured since Kubernetes version ${since}`, about);
  }
  const { eventTtl = before.eventTtl, serviceNodePortRange } = asked.kubeApiServerConfig ?? {};
  const { scoringStrategy } = asked.kubeSchedulerConfig?.nodeResourcesFit ?? {};
  const { horizontalPodAutoscalerSyncPeriod: period } =
    asked.kubeControllerManagerConfig?.horizontalPodAutoscalerControllerConfig ?? {};
  if (period !== undefined && scalingTier === "standard") {
    throw invalidParameter(
      "horizontalPodAutoscalerSyncPeriod requires a Provisioned Control Plane scaling tier",
      about,
    );
  }
  const { minPort = before.serviceNodePortRange.minPort, maxPort = before.serviceNodePortRange.maxPort } =
    serviceNodePortRange ?? {};
  const { type = before.scoringStrategy.type, resources } = scoringStrategy ?? {};
  const after: ComponentSettings = {
    eventTtl,
    serviceNodePortRange: { minPort, maxPort },
    scoringStrategy: {
      type,
      resources: resources?.map(({ name = "", weight = 1 }) => ({ name, weight })) ?? before.scoringStrategy.resources,
    },
    horizontalPodAutoscalerSyncPeriod: period ?? before.horizontalPodAutoscalerSyncPeriod,
  };
  check(after, about);
  return after;
}

export function asksForComponents(asked: AskedComponents): boolean {
  const { kubeApiServerConfig, kubeSchedulerConfig, kubeControllerManagerConfig } = asked;
  return [kubeApiServerConfig, kubeSchedulerConfig, kubeControllerManagerConfig].some((each) => each !== undefined);
}

function check(settings: ComponentSettings, about: About): void {
  const { minPort, maxPort } = settings.serviceNodePortRange;
  const { type, resources } = settings.scoringStrategy;
  const wrong =
    outside("eventTtl", settings.eventTtl, eventTtls, seconds) ??
    outside("minPort", minPort, ports, Number) ??
    outside("maxPort", maxPort, ports, Number) ??
    (minPort > maxPort ? `minPort ${minPort} must not be greater than maxPort ${maxPort}` : undefined) ??
    (scoringStrategies.includes(type) ? undefined : `Unsupported scoring strategy: ${type}`) ??
    resources
      .map(({ name }) => (scoredResources.includes(name) ? undefined : `Unsupported resource: ${name}`))
      .find(Boolean) ??
    resources.map(({ weight }) => outside("weight", weight, weights, Number)).find(Boolean) ??
    outside("horizontalPodAutoscalerSyncPeriod", settings.horizontalPodAutoscalerSyncPeriod, syncPeriods, seconds);
  if (wrong !== undefined) throw invalidParameter(wrong, about);
}

function outside<Value extends string | number>(
  name: string,
  value: Value,
  { min, max }: { readonly min: Value; readonly max: Value },
  amount: (value: Value) => number | undefined,
): string | undefined {
  const of = (each: Value) => amount(each) ?? NaN;
  return of(value) >= of(min) && of(value) <= of(max) ? undefined : `${name} must be from ${min} to ${max}: ${value}`;
}

/** Of a duration with one unit; undefined for anything else. */
function seconds(duration: string): number | undefined {
  const [, count, unit = ""] = /^(\d+)([smh])$/.exec(duration) ?? [];
  return count === undefined ? undefined : Number(count) * ({ s: 1, m: 60, h: 3600 }[unit] ?? NaN);
}

/** As DescribeCluster shows them. */
export function componentsView(settings: ComponentSettings) {
  const { eventTtl, serviceNodePortRange, scoringStrategy, horizontalPodAutoscalerSyncPeriod } = settings;
  return {
    kubeApiServerConfig: { eventTtl, serviceNodePortRange },
    kubeSchedulerConfig: { nodeResourcesFit: { scoringStrategy } },
    kubeControllerManagerConfig: { horizontalPodAutoscalerControllerConfig: { horizontalPodAutoscalerSyncPeriod } },
  };
}
