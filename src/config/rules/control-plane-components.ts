import { present, reportDuplicates, type Rule } from "./rule.ts";

const nodePorts: Rule = ({ kubeAPIServerConfig }, report) => {
  const { minPort, maxPort } = kubeAPIServerConfig?.serviceNodePortRange ?? {};
  if (minPort === undefined || maxPort === undefined || minPort <= maxPort) return;
  const range = ["kubeAPIServerConfig", "serviceNodePortRange"];
  report([...range, "minPort"], `is higher than maxPort, ${maxPort}`, { reads: [[...range, "maxPort"]] });
};

const scoredResources: Rule = ({ kubeSchedulerConfig }, report) => {
  const { resources } = kubeSchedulerConfig?.nodeResourcesFit?.scoringStrategy ?? {};
  const at = ["kubeSchedulerConfig", "nodeResourcesFit", "scoringStrategy", "resources"];
  const named = present(resources).map(([index, { name }]) => ({ name, path: [...at, index, "name"] }));
  reportDuplicates(named, report, (name) => `${name} is listed twice`);
};

/** EKS user guide, advanced control plane configuration: only a provisioned control plane takes the period. */
const autoscalerPeriod: Rule = ({ kubeControllerManagerConfig, controlPlaneScalingConfig }, report) => {
  const key = "horizontalPodAutoscalerSyncPeriod";
  const { horizontalPodAutoscalerControllerConfig: controller } = kubeControllerManagerConfig ?? {};
  if (controller?.[key] === undefined || (controlPlaneScalingConfig?.tier ?? "standard") !== "standard") return;
  report(
    ["kubeControllerManagerConfig", "horizontalPodAutoscalerControllerConfig", key],
    "needs a provisioned control plane, whose capacity is kept",
    {
      at: "key",
      hint: "set controlPlaneScalingConfig.tier to tier-xl or more, or leave the period out",
      reads: [["controlPlaneScalingConfig", "tier"]],
    },
  );
};

export const controlPlaneComponentRules: readonly Rule[] = [nodePorts, scoredResources, autoscalerPeriod];
