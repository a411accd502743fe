import * as z from "zod";
import {
  defaultAmiFamily,
  defaultDisableIMDSv1,
  defaultDisablePodIMDS,
  defaultInstanceType,
  defaultPrivateNetworking,
  defaultSpot,
  defaultVolumeSize,
  defaultVolumeType,
} from "../default-values.ts";
import { refusedAmiFamilies } from "../unsupported.ts";
import {
  flag,
  labelKey,
  labelValue,
  nodegroupName,
  policyArn,
  readings,
  roleArn,
  roleName,
  tags,
  text,
  uniqueList,
  wholeNumber,
} from "./values.ts";

const maxNodes = 100_000;

const instanceType = () =>
  z.string().regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, "must be an EC2 instance type, as m5.large");

const taint = z.strictObject({
  key: labelKey().describe("Key of the taint."),
  value: labelValue().describe("Value of the taint. Default: empty.").exactOptional(),
  effect: z
    .enum(["NoSchedule", "PreferNoSchedule", "NoExecute"])
    .describe("What happens to pods that do not tolerate it."),
});

const updateConfig = z
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
          repairAction: z.enum(["Replace", "Reboot", "NoAction"]).describe("What is done with the node."),
        }),
      )
      .describe("Other repairs for some conditions; each needs all four keys.")
      .exactOptional(),
  })
  .describe("Node auto repair of EKS.");

const ssh = z
  .strictObject({
    allow: flag().describe("Open port 22 of the nodes. Default: true when publicKeyName is given.").exactOptional(),
    publicKeyName: text()
      .max(255, "is longer than the 255 characters that EC2 allows")
      .describe("Name of an EC2 key pair that exists in the region.")
      .exactOptional(),
  })
  .describe("SSH to the nodes. Default: none; Session Manager works without.");

const addonPolicy = (what: string) => flag().describe(`${what}. Default: false.`).exactOptional();

const withAddonPolicies = z
  .strictObject({
    imageBuilder: addonPolicy("Push and pull images of ECR"),
    autoScaler: addonPolicy("Cluster Autoscaler"),
    externalDNS: addonPolicy("ExternalDNS with Route 53"),
    certManager: addonPolicy("cert-manager with Route 53"),
    appMesh: addonPolicy("AWS App Mesh"),
    appMeshPreview: addonPolicy("The preview channel of AWS App Mesh"),
    ebs: addonPolicy("EBS volumes"),
    fsx: addonPolicy("FSx file systems"),
    efs: addonPolicy("EFS file systems"),
    awsLoadBalancerController: addonPolicy("AWS Load Balancer Controller"),
    xRay: addonPolicy("AWS X-Ray"),
    cloudWatch: addonPolicy("CloudWatch agent"),
  })
  .describe(
    "Permissions for every pod on the nodes, by the name of what needs them. Roles for service accounts are safer.",
  );

const nodeIam = z
  .strictObject({
    instanceRoleARN: roleArn().describe("An existing role for the nodes. Default: one is made.").exactOptional(),
    instanceRoleName: roleName().describe("Name of the role that is made. Default: a generated one.").exactOptional(),
    instanceRolePermissionsBoundary: policyArn()
      .describe("Permissions boundary of the role that is made.")
      .exactOptional(),
    attachPolicyARNs: uniqueList(policyArn())
      .describe("Policies of the role that is made, instead of the usual ones: list those that nodes need, too.")
      .exactOptional(),
    withAddonPolicies: withAddonPolicies.exactOptional(),
  })
  .describe("The nodes' role.");

export const managedNodeGroup = z.strictObject({
  name: nodegroupName().describe(
    "Name of the nodegroup, unique in the cluster. At most 63 letters, digits and hyphens.",
  ),
  amiFamily: z
    .enum(["AmazonLinux2023", "Bottlerocket"])
    .meta({ description: "Operating system of the nodes. Default: AmazonLinux2023.", default: defaultAmiFamily })
    .register(readings, { anyCase: true, refused: refusedAmiFamilies })
    .exactOptional(),
  instanceType: instanceType()
    .meta({ description: `EC2 instance type. Default: ${defaultInstanceType}.`, default: defaultInstanceType })
    .exactOptional(),
  instanceTypes: uniqueList(instanceType())
    .min(1, "needs at least one type")
    .describe("Several EC2 instance types, in the order in which they are tried; instead of instanceType.")
    .exactOptional(),
  spot: flag().meta({ description: "Spot instances. Default: false.", default: defaultSpot }).exactOptional(),
  desiredCapacity: wholeNumber(0, maxNodes)
    .describe("Nodes to begin with; an autoscaler may change it later. Default: minSize.")
    .exactOptional(),
  minSize: wholeNumber(0, maxNodes).describe("Fewest nodes. Default: desiredCapacity, else 2.").exactOptional(),
  maxSize: wholeNumber(1, maxNodes).describe("Most nodes. Default: desiredCapacity, else minSize.").exactOptional(),
  volumeSize: wholeNumber(1, 65_536)
    .meta({ description: `Size of the nodes' disk in GiB. Default: ${defaultVolumeSize}.`, default: defaultVolumeSize })
    .exactOptional(),
  volumeType: z
    .enum(["gp3", "gp2", "io1", "io2", "sc1", "st1"])
    .meta({ description: "EBS type of the nodes' disk. Default: gp3.", default: defaultVolumeType })
    .exactOptional(),
  volumeIOPS: wholeNumber(100, 256_000)
    .describe(
      "Operations a second of the disk: gp3 3000 to 16000 (default 3000), io1 100 to 64000, io2 100 to 256000 (default 100).",
    )
    .exactOptional(),
  volumeThroughput: wholeNumber(125, 1000)
    .describe("Throughput of the disk in MiB/s, gp3 only: 125 to 1000. Default: 125.")
    .exactOptional(),
  volumeEncrypted: flag().describe("Encrypt the disk. Default: the account's setting for EBS.").exactOptional(),
  volumeKmsKeyID: text()
    .describe(
      "KMS key that encrypts the disk: its id, ARN or alias. Needs volumeEncrypted. Default: the account's key for EBS.",
    )
    .exactOptional(),
  labels: z
    .record(labelKey(), labelValue())
    .describe(`Kubernetes labels of the nodes, beside those that name cluster and nodegroup.`)
    .exactOptional(),
  taints: z
    .array(taint)
    .max(50, "EKS allows at most 50 taints")
    .describe("Kubernetes taints of the nodes. Default: none.")
    .exactOptional(),
  tags: tags()
    .describe("Tags of the nodegroup, its launch template, instances and disks, beside those of metadata.tags.")
    .exactOptional(),
  privateNetworking: flag()
    .meta({
      description: "Nodes in the private subnets only. Default: false: in the public ones.",
      default: defaultPrivateNetworking,
    })
    .exactOptional(),
  availabilityZones: uniqueList(text())
    .describe("Zones of the nodes, of the cluster's. Default: all of them. Not together with subnets.")
    .exactOptional(),
  subnets: uniqueList(text())
    .describe(
      "Subnets of the nodes by name: in the cluster's own VPC a subnet is named after its zone. " +
        "privateNetworking says which of the zone's two is meant. Default: those of all zones.",
    )
    .exactOptional(),
  updateConfig: updateConfig.exactOptional(),
  nodeRepairConfig: nodeRepairConfig.exactOptional(),
  releaseVersion: z
    .string()
    .regex(
      /^\d+\.\d+\.\d+-[0-9a-z]+$/,
      "must be a release of the EKS AMI, as 1.34.1-20251016 (Bottlerocket: 1.49.0-713f44ce)",
    )
    .describe("Release of the EKS AMI, as 1.34.1-20251016. Default: the newest at creation.")
    .exactOptional(),
  ssh: ssh.exactOptional(),
  iam: nodeIam.exactOptional(),
  securityGroups: z
    .strictObject({
      attachIDs: uniqueList(
        z.string().regex(/^sg-[0-9a-f]{8,17}$/, "must be the id of a security group, as sg-0123456789abcdef0"),
      )
        .describe("Security groups of the nodes, beside the cluster's own.")
        .exactOptional(),
    })
    .describe("Security groups of the nodes.")
    .exactOptional(),
  disableIMDSv1: flag()
    .meta({
      description: "Instance metadata needs session tokens (IMDSv2). Default: true.",
      default: defaultDisableIMDSv1,
    })
    .exactOptional(),
  disablePodIMDS: flag()
    .meta({
      description: "Pods cannot reach the instance metadata: a hop limit of 1, not 2. Default: false.",
      default: defaultDisablePodIMDS,
    })
    .exactOptional(),
  ebsOptimized: flag()
    .describe("Bandwidth of their own for disks. Default: that of the instance type.")
    .exactOptional(),
  enableDetailedMonitoring: flag()
    .describe("CloudWatch metrics of the instances every minute. Default: every five.")
    .exactOptional(),
  instanceName: text()
    .max(128, "is longer than 128 characters")
    .describe("Name tag of the instances. Default: <cluster>-<nodegroup>-Node.")
    .exactOptional(),
  instancePrefix: text()
    .max(100, "is longer than 100 characters")
    .describe("Set before the Name tag of the instances, with a hyphen. Default: none.")
    .exactOptional(),
});
