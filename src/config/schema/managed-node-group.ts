import * as z from "zod";
import { defaultSpot } from "../default-values.ts";
import { instanceType, maxNodes, nodeGroupBase } from "./node-group-base.ts";
import { taint } from "./taints.ts";
import { flag, readings, text, uniqueList, wholeNumber } from "./values.ts";

/** As eksctl has written them. */
const repairActions: Readonly<Record<string, string>> = { Terminate: "Replace", Restart: "Reboot" };

export const updateConfig = z
  .strictObject({
    maxUnavailable: wholeNumber(1, 100).describe("Nodes, 1 to 100, and not more than maxSize.").exactOptional(),
    maxUnavailablePercentage: wholeNumber(1, 100).describe("Percent of the nodes, 1 to 100.").exactOptional(),
  })
  .describe("How many nodes an update may take away at once; exactly one of the two. Default: one node, set by EKS.");

const nodeRepairConfig = z
  .strictObject({
    enabled: flag().describe("EKS replaces or restarts nodes that are unhealthy. Default: false.").exactOptional(),
    maxUnhealthyNodeThresholdCount: wholeNumber(1, maxNodes)
      .describe("Repair stops when more nodes than this are unhealthy.")
      .exactOptional(),
    maxUnhealthyNodeThresholdPercentage: wholeNumber(1, 100)
      .describe("Repair stops when more percent of the nodes than this are unhealthy.")
      .exactOptional(),
    maxParallelNodesRepairedCount: wholeNumber(1, maxNodes).describe("Nodes repaired at once.").exactOptional(),
    maxParallelNodesRepairedPercentage: wholeNumber(1, 100)
      .describe("Nodes repaired at once, in percent of the unhealthy ones.")
      .exactOptional(),
    nodeRepairConfigOverrides: z
      .array(
        z.strictObject({
          nodeMonitoringCondition: text().describe(
            "Condition that the node monitoring agent reports, as AcceleratedHardwareReady.",
          ),
          nodeUnhealthyReason: text().describe("Reason that the agent gives, as NvidiaXID13Error."),
          minRepairWaitTimeMins: wholeNumber(1, 10_080).describe("Minutes to wait before the repair."),
          repairAction: z
            .enum(["Replace", "Reboot", "NoAction"])
            .register(readings, { usual: (action) => repairActions[action] ?? action })
            .describe("What is done with the node. Terminate and Restart are older words for the first two."),
        }),
      )
      .describe("Other repairs for some conditions; each needs all four keys.")
      .exactOptional(),
  })
  .describe("Node auto repair of EKS.");

const poolStates = ["STOPPED", "RUNNING", "HIBERNATED"] as const;

const warmPoolConfig = z
  .strictObject({
    enabled: flag().describe("Keep instances that have booted beside the nodes; false takes them away."),
    minSize: wholeNumber(0, maxNodes)
      .describe("Instances that are kept at least. Default: 0, set by EKS.")
      .exactOptional(),
    maxGroupPreparedCapacity: wholeNumber(0, maxNodes)
      .describe("Instances and nodes together at most. Default: maxSize, set by EC2 Auto Scaling.")
      .exactOptional(),
    poolState: z
      .enum(poolStates)
      .register(readings, { usual: (state) => poolStates.find((one) => one === state.toUpperCase()) ?? state })
      .describe(
        "What the instances wait as: only volumes cost (STOPPED), they run, or sleep. Default: STOPPED, set by EKS.",
      )
      .exactOptional(),
    reuseOnScaleIn: flag()
      .describe("Nodes go back to the pool when the group shrinks. Default: false, set by EKS.")
      .exactOptional(),
  })
  .describe("Warm pool: instances that become nodes faster. Default: none.");

const launchTemplate = z
  .strictObject({
    id: z
      .string()
      .regex(/^lt-[0-9a-f]{8,17}$/, "must be the id of a launch template, as lt-0123456789abcdef0")
      .describe("Id of the launch template."),
    version: z
      .string()
      .regex(/^[1-9]\d*$/, 'must be the number of a version, as "3", since $Latest and $Default change by themselves')
      .describe("Its version. Default: the one that is the default when the nodegroup is made.")
      .exactOptional(),
  })
  .describe("A launch template of one's own, instead of the one that is made of other keys.");

export const managedNodeGroup = nodeGroupBase.extend({
  launchTemplate: launchTemplate.exactOptional(),
  instanceTypes: uniqueList(instanceType())
    .min(1, "needs at least one type")
    .describe("Several EC2 instance types, in the order in which they are tried; instead of instanceType.")
    .exactOptional(),
  spot: flag().meta({ description: "Spot instances. Default: false.", default: defaultSpot }).exactOptional(),
  taints: z
    .array(taint)
    .max(50, "EKS allows at most 50 taints")
    .describe("Kubernetes taints of the nodes. Default: none.")
    .exactOptional(),
  updateConfig: updateConfig.exactOptional(),
  nodeRepairConfig: nodeRepairConfig.exactOptional(),
  warmPoolConfig: warmPoolConfig.exactOptional(),
  releaseVersion: z
    .string()
    .regex(
      /^\d+\.\d+\.\d+-[0-9a-z]+$/,
      "must be a release of the EKS AMI, as 1.34.1-20251016 (Bottlerocket: 1.49.0-713f44ce)",
    )
    .describe("Release of the EKS AMI, as 1.34.1-20251016. Default: the newest at creation.")
    .exactOptional(),
});
