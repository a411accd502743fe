import type { Cluster, ScoringStrategyType, UpdateClusterConfigRequest } from "@aws-sdk/client-eks";
import { usualDuration } from "../../aws/eks-durations.ts";
import type { ClusterAttrs, ClusterSpec } from "./cluster.ts";

/** What can be set of the control plane's components. Durations are `usualDuration`s; what is absent is EKS's choice. */
export interface ComponentSettings {
  readonly eventTtl?: string;
  readonly serviceNodePortRange?: { readonly minPort?: number; readonly maxPort?: number };
  readonly scoringStrategy?: {
    readonly type?: ScoringStrategyType;
    /** By name of the resource. */
    readonly weights?: Readonly<Record<string, number>>;
  };
  readonly horizontalPodAutoscalerSyncPeriod?: string;
}

type Setting = keyof ComponentSettings;

/** The aspect of one setting. EKS takes them all in one update, and leaves those alone that it does not name. */
export function componentAspect(setting: Setting) {
  return {
    want: (spec: ClusterSpec) => spec.components?.[setting],
    have: (attrs: ClusterAttrs, want: unknown) => ofTheSameKeys(attrs.components[setting], want),
    change: () => "components" as const,
  };
}

/** Of a setting that has parts, only those that are asked for. */
function ofTheSameKeys(have: unknown, want: unknown): unknown {
  if (typeof have !== "object" || have === null || typeof want !== "object" || want === null) return have;
  return Object.fromEntries(Object.entries(have).filter(([key]) => key in want));
}

type Request = Pick<
  UpdateClusterConfigRequest,
  "kubeApiServerConfig" | "kubeSchedulerConfig" | "kubeControllerManagerConfig"
>;

/** What CreateCluster and UpdateClusterConfig take. */
export function componentsRequest(settings: ComponentSettings = {}): Request {
  const { eventTtl, serviceNodePortRange, scoringStrategy, horizontalPodAutoscalerSyncPeriod } = settings;
  const { type, weights } = scoringStrategy ?? {};
  const resources = weights && Object.entries(weights).map(([name, weight]) => ({ name, weight }));
  return {
    ...((eventTtl ?? serviceNodePortRange) && { kubeApiServerConfig: { eventTtl, serviceNodePortRange } }),
    ...(scoringStrategy && { kubeSchedulerConfig: { nodeResourcesFit: { scoringStrategy: { type, resources } } } }),
    ...(horizontalPodAutoscalerSyncPeriod && {
      kubeControllerManagerConfig: { horizontalPodAutoscalerControllerConfig: { horizontalPodAutoscalerSyncPeriod } },
    }),
  };
}

/** What DescribeCluster says of them. */
export function componentsOf({
  kubeApiServerConfig,
  kubeSchedulerConfig,
  kubeControllerManagerConfig,
}: Cluster): ComponentSettings {
  const { eventTtl, serviceNodePortRange } = kubeApiServerConfig ?? {};
  const { type, resources } = kubeSchedulerConfig?.nodeResourcesFit?.scoringStrategy ?? {};
  const { horizontalPodAutoscalerSyncPeriod: period } =
    kubeControllerManagerConfig?.horizontalPodAutoscalerControllerConfig ?? {};
  const { minPort, maxPort } = serviceNodePortRange ?? {};
  const weights = resources?.map(({ name = "", weight = 0 }) => [name, weight] as const);
  return {
    ...(eventTtl === undefined ? {} : { eventTtl: usualDuration(eventTtl) }),
    serviceNodePortRange: {
      ...(minPort === undefined ? {} : { minPort }),
      ...(maxPort === undefined ? {} : { maxPort }),
    },
    scoringStrategy: {
      ...(type === undefined ? {} : { type }),
      ...(weights === undefined ? {} : { weights: Object.fromEntries(weights) }),
    },
    ...(period === undefined ? {} : { horizontalPodAutoscalerSyncPeriod: usualDuration(period) }),
  };
}
