import * as z from "zod";
import { defaultInstanceType } from "../default-values.ts";
import { updateConfig } from "./managed-node-group.ts";
import { instanceType, instanceTypeOrMixed, nodeGroupBase } from "./node-group-base.ts";
import { selfManagedNodeIam } from "./node-iam.ts";
import { taint } from "./taints.ts";
import { arnOfOutpost, arnOfTargetGroup, flag, labelKey, readings, text, uniqueList, wholeNumber } from "./values.ts";

/** Auto Scaling API reference, InstancesDistribution. */
const spotStrategies = [
  "lowest-price",
  "capacity-optimized",
  "capacity-optimized-prioritized",
  "price-capacity-optimized",
] as const;

const instancesDistribution = z
  .strictObject({
    instanceTypes: uniqueList(instanceType())
      .min(1, "needs at least one type")
      .max(20, "takes at most 20 types")
      .describe(
        "EC2 instance types, in the order in which they are preferred; 1 to 20. Needed without instanceSelector.",
      )
      .exactOptional(),
    maxPrice: z
      .number()
      .positive("must be more than 0")
      .describe("Most dollars an hour for a Spot instance. Default: the on-demand price.")
      .exactOptional(),
    onDemandBaseCapacity: wholeNumber(0, 100_000)
      .describe("Nodes that are on demand in any case. Default: 0.")
      .exactOptional(),
    onDemandPercentageAboveBaseCapacity: wholeNumber(0, 100)
      .describe("Percent of the nodes beyond those that are on demand. Default: 100.")
      .exactOptional(),
    spotInstancePools: wholeNumber(1, 20)
      .describe("Cheapest Spot pools to use, with the strategy lowest-price. Default: 2.")
      .exactOptional(),
    spotAllocationStrategy: z
      .enum(spotStrategies)
      .describe("How Auto Scaling chooses among Spot pools. Default: lowest-price.")
      .exactOptional(),
    capacityRebalance: flag()
      .describe("Replace Spot instances that EC2 is about to take back. Default: false.")
      .exactOptional(),
  })
  .describe("Several instance types, on demand and Spot; instead of instanceType.");

/** Auto Scaling API reference, EnableMetricsCollection. */
const metrics = [
  "GroupMinSize",
  "GroupMaxSize",
  "GroupDesiredCapacity",
  "GroupInServiceInstances",
  "GroupPendingInstances",
  "GroupStandbyInstances",
  "GroupTerminatingInstances",
  "GroupTotalInstances",
  "GroupInServiceCapacity",
  "GroupPendingCapacity",
  "GroupStandbyCapacity",
  "GroupTerminatingCapacity",
  "GroupTotalCapacity",
  "WarmPoolDesiredCapacity",
  "WarmPoolWarmedCapacity",
  "WarmPoolPendingCapacity",
  "WarmPoolTerminatingCapacity",
  "WarmPoolTotalCapacity",
  "GroupAndWarmPoolDesiredCapacity",
  "GroupAndWarmPoolTotalCapacity",
] as const;

const metricsCollection = z.strictObject({
  granularity: z.literal("1Minute").describe("Always 1Minute."),
  metrics: z
    .array(z.enum(metrics))
    .min(1, "needs at least one metric; leave the key out for all")
    .describe("Metrics of the group, as GroupMinSize. Default: all.")
    .exactOptional(),
});

const noDocker = "Docker is not supported: Kubernetes has not worked with it since 1.24";

/** A nodegroup that Auto Scaling runs and nobody manages. */
export const nodeGroup = nodeGroupBase.extend({
  instanceType: instanceTypeOrMixed()
    .meta({
      description: `EC2 instance type; mixed, or nothing, beside instancesDistribution. Default: ${defaultInstanceType}.`,
      default: defaultInstanceType,
    })
    .exactOptional(),
  instancesDistribution: instancesDistribution.exactOptional(),
  iam: selfManagedNodeIam.exactOptional(),
  localZones: uniqueList(text())
    .describe(
      "Local Zones of the nodes, of the cluster's. Default: none. Not together with availabilityZones or subnets.",
    )
    .exactOptional(),
  outpostARN: arnOfOutpost()
    .describe(
      "The Outpost of the nodes: a subnet there, in the cluster's own VPC, or in a given one what subnets names. " +
        "Default: that of the control plane, if it has one.",
    )
    .exactOptional(),
  asgMetricsCollection: z
    .array(metricsCollection)
    .max(1, "takes one list of metrics")
    .describe("Metrics of the Auto Scaling group in CloudWatch. Default: none.")
    .exactOptional(),
  cpuCredits: z
    .enum(["standard", "unlimited"])
    .describe("CPU credits of burstable instances (T types). Default: that of the type.")
    .exactOptional(),
  classicLoadBalancerNames: uniqueList(text())
    .describe("Classic load balancers that the nodes are registered with. Default: none.")
    .exactOptional(),
  targetGroupARNs: uniqueList(arnOfTargetGroup())
    .describe("Target groups that the nodes are registered with. Default: none.")
    .exactOptional(),
  maxInstanceLifetime: wholeNumber(86_400, 31_536_000)
    .describe("Seconds after which an instance is replaced, at least 86400 (a day). Default: never.")
    .exactOptional(),
  containerRuntime: z
    .enum(["containerd"])
    .register(readings, { refused: { dockerd: noDocker, docker: noDocker } })
    .describe("Always containerd: Kubernetes runs containers with nothing else since 1.24.")
    .exactOptional(),
  updateConfig: updateConfig
    .describe("Taken as eksctl takes it, without effect: Auto Scaling replaces one node after another.")
    .exactOptional(),
  enclaveEnabled: flag().describe("AWS Nitro Enclaves. Default: false.").exactOptional(),
  taints: z
    .union([
      z.array(taint),
      z.record(
        labelKey(),
        z
          .string()
          .regex(/^[^:]*:(NoSchedule|PreferNoSchedule|NoExecute)$/, 'must be "value:Effect", as "gpu:NoSchedule"'),
      ),
    ])
    .describe('Kubernetes taints of the nodes: a list, or a map of key to "value:Effect". Default: none.')
    .exactOptional(),
  clusterDNS: z
    .string()
    .regex(
      /^((25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}|[0-9a-f]{1,4}(:[0-9a-f]{0,4}){2,7})$/,
      "must be an IP address",
    )
    .describe("Address of the cluster's DNS. Default: the tenth of the Service CIDR.")
    .exactOptional(),
  kubeletExtraConfig: z
    .record(z.string(), z.unknown())
    .describe("Settings of the kubelet (KubeletConfiguration) beside those that joining takes. Default: none.")
    .exactOptional(),
  securityGroups: z
    .strictObject({
      ...nodeGroupBase.shape.securityGroups.unwrap().shape,
      withShared: flag()
        .meta({ description: "The group that all nodes of the cluster share. Default: true.", default: true })
        .exactOptional(),
      withLocal: flag()
        .meta({ description: "A group of the nodegroup's own. Default: true.", default: true })
        .exactOptional(),
    })
    .describe("Security groups of the nodes.")
    .exactOptional(),
});
