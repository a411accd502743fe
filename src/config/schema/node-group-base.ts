import * as z from "zod";
import {
  defaultDisableIMDSv1,
  defaultDisablePodIMDS,
  defaultInstanceType,
  defaultPrivateNetworking,
} from "../default-values.ts";
import { instanceSelector } from "./instance-selector.ts";
import { nodeBootstrap } from "./node-bootstrap.ts";
import { nodeDisks } from "./node-disks.ts";
import { nodeIam } from "./node-iam.ts";
import { nodePlacement } from "./node-placement.ts";
import {
  flag,
  labelKey,
  labelValue,
  nodegroupName,
  securityGroupId,
  tags,
  text,
  uniqueList,
  wholeNumber,
} from "./values.ts";

export const maxNodes = 100_000;

const typePattern = "[a-z][a-z0-9-]*\\.[a-z0-9-]+";

export const instanceType = () => typeName(typePattern);

/** Of self-managed nodes: `mixed` stands for those of instancesDistribution. */
export const instanceTypeOrMixed = () => typeName(`mixed|${typePattern}`);

const typeName = (pattern: string) =>
  z.string().regex(new RegExp(`^(?:${pattern})$`), {
    error: ({ input }) => {
      const small = String(input).trim().toLowerCase();
      const meant = new RegExp(`^${typePattern}$`).test(small) ? `: write ${small}` : "";
      return `must be an EC2 instance type, as m5.large${meant}`;
    },
  });

/** Auto Scaling user guide, "Suspend and resume processes". */
const processes = [
  "Launch",
  "Terminate",
  "AddToLoadBalancer",
  "AlarmNotification",
  "AZRebalance",
  "HealthCheck",
  "InstanceRefresh",
  "ReplaceUnhealthy",
  "ScheduledActions",
] as const;

const ssh = z
  .strictObject({
    allow: flag().describe("Open port 22 of the nodes. Default: true when a key is given.").exactOptional(),
    publicKeyPath: text()
      .describe(
        "File with a public key, which is imported into EC2; where no such file is, the name of an EC2 key pair. " +
          "Default: ~/.ssh/id_rsa.pub, if allow is true and no key is given.",
      )
      .exactOptional(),
    publicKey: z
      .string()
      .regex(
        /^\s*ssh-(?:rsa|ed25519) [A-Za-z0-9+/]+=*(?:\s|$)/,
        "must be a public key: ssh-rsa or ssh-ed25519, a blank, and the key",
      )
      .describe("A public key, which is imported into EC2: ssh-rsa or ssh-ed25519.")
      .exactOptional(),
    publicKeyName: text()
      .max(255, "is longer than the 255 characters that EC2 allows")
      .describe("Name of an EC2 key pair that exists in the region.")
      .exactOptional(),
    sourceSecurityGroupIds: uniqueList(securityGroupId())
      .describe("Security groups that port 22 is open to. Default: everyone; with privateNetworking the VPC.")
      .exactOptional(),
    enableSsm: flag()
      .refine((on) => on, "must be true, or absent: AWS's images have the SSM agent, which cannot be left out")
      .describe("Deprecated, and always true: Session Manager works on every node.")
      .exactOptional(),
  })
  .describe("SSH to the nodes. Default: none; Session Manager works without.");

/** The keys that nodegroups of both kinds have. */
export const nodeGroupBase = z.strictObject({
  name: nodegroupName().describe(
    "Name of the nodegroup, unique in the cluster. At most 63 letters, digits and hyphens.",
  ),
  ...nodeBootstrap,
  instanceType: instanceType()
    .meta({ description: `EC2 instance type. Default: ${defaultInstanceType}.`, default: defaultInstanceType })
    .exactOptional(),
  instanceSelector: instanceSelector.exactOptional(),
  desiredCapacity: wholeNumber(0, maxNodes)
    .describe("Nodes to begin with; an autoscaler may change it later. Default: minSize.")
    .exactOptional(),
  minSize: wholeNumber(0, maxNodes).describe("Fewest nodes. Default: desiredCapacity, else 2.").exactOptional(),
  maxSize: wholeNumber(1, maxNodes).describe("Most nodes. Default: desiredCapacity, else minSize.").exactOptional(),
  ...nodeDisks,
  labels: z
    .record(labelKey(), labelValue())
    .describe(`Kubernetes labels of the nodes, beside those that name cluster and nodegroup.`)
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
      "Subnets of the nodes: in the cluster's own VPC by their zones, of which privateNetworking says which of the two " +
        "is meant; in a given VPC by their keys in vpc.subnets or their ids. Default: those of all zones.",
    )
    .exactOptional(),
  ssh: ssh.exactOptional(),
  iam: nodeIam.exactOptional(),
  securityGroups: z
    .strictObject({
      attachIDs: uniqueList(securityGroupId())
        .describe("Security groups of the nodes, beside the cluster's own.")
        .exactOptional(),
    })
    .describe("Security groups of the nodes.")
    .exactOptional(),
  ...nodePlacement,
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
  asgSuspendProcesses: uniqueList(z.enum(processes))
    .describe("Processes of the Auto Scaling group that do not run. Default: all run.")
    .exactOptional(),
  propagateASGTags: flag()
    .describe(
      "Tags on the Auto Scaling group by which Cluster Autoscaler knows labels, taints and volumeSize of nodes " +
        "while the group has none. Default: false.",
    )
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
