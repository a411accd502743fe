import * as z from "zod";
import { text, wholeNumber } from "./values.ts";

/** As EKS takes them. Which are allowed depends on the Kubernetes version; EKS is asked. */
const duration = () => z.string().regex(/^[1-9]\d*[smh]$/, "must be a whole number with one unit: 15s, 30m or 1h");

const port = () => wholeNumber(1, 65_535);

export const kubeAPIServerConfig = z
  .strictObject({
    eventTTL: duration().describe("How long events are kept, as 30m. Default: 60m, set by EKS.").exactOptional(),
    serviceNodePortRange: z
      .strictObject({
        minPort: port().describe("Lowest port. Default: 30000, set by EKS.").exactOptional(),
        maxPort: port().describe("Highest port. Default: 32767, set by EKS.").exactOptional(),
      })
      .describe("Ports that services of type NodePort and LoadBalancer get.")
      .exactOptional(),
  })
  .describe("Settings of the Kubernetes API server.");

export const kubeSchedulerConfig = z
  .strictObject({
    nodeResourcesFit: z
      .strictObject({
        scoringStrategy: z
          .strictObject({
            type: z
              .enum(["LeastAllocated", "MostAllocated"])
              .describe("Spread pods over nodes, or pack them onto few. Default: LeastAllocated, set by EKS.")
              .exactOptional(),
            resources: z
              .array(
                z.strictObject({
                  name: text().describe("Name of the resource, as cpu or nvidia.com/gpu."),
                  weight: wholeNumber(1, 100).describe("Weight beside the others."),
                }),
              )
              .min(1, "must list a resource, or be left out")
              .describe("The resources that count, and how much. Default: cpu and memory alike, set by EKS.")
              .exactOptional(),
          })
          .describe("How nodes are scored.")
          .exactOptional(),
      })
      .describe("The plugin that looks at what nodes have free.")
      .exactOptional(),
  })
  .describe("Settings of the Kubernetes scheduler.");

export const kubeControllerManagerConfig = z
  .strictObject({
    horizontalPodAutoscalerControllerConfig: z
      .strictObject({
        horizontalPodAutoscalerSyncPeriod: duration()
          .describe(
            "How often the horizontal pod autoscaler looks, as 10s; only with a controlPlaneScalingConfig.tier beside standard. Default: 15s, set by EKS.",
          )
          .exactOptional(),
      })
      .describe("The controller of horizontal pod autoscalers.")
      .exactOptional(),
  })
  .describe("Settings of the Kubernetes controller manager.");
