import { defaultAmiFamily } from "../default-values.ts";
import { hasGivenVpc } from "../given-network.ts";
import { nodegroupSize } from "../nodegroup-size.ts";
import { type Rule, forEachManagedNodegroup, forEachNodegroup, present, reportDuplicates } from "./rule.ts";

const lists = ["nodeGroups", "managedNodeGroups"] as const;

const names: Rule = (config, report) => {
  const inOrderOfFile = Object.keys(config).flatMap((key) => lists.filter((list) => list === key));
  reportDuplicates(
    inOrderOfFile.flatMap((list) =>
      present<{ readonly name?: string | undefined }>(config[list]).map(([index, { name }]) => ({
        name,
        path: [list, index, "name"],
      })),
    ),
    report,
    (name) => `the nodegroup ${name} is listed already`,
  );
};

const instanceTypes = forEachManagedNodegroup((group, at, report) => {
  if (group.instanceType !== undefined && group.instanceTypes !== undefined) {
    report([...at, "instanceTypes"], "cannot stand beside instanceType: use one of the two", { at: "key" });
  }
});

const size = forEachNodegroup((group, at, report) => {
  const { minSize, maxSize, desiredCapacity } = group;
  const reads = ["minSize", "maxSize", "desiredCapacity"].map((key) => [...at, key]);
  if (minSize !== undefined && maxSize !== undefined && minSize > maxSize) {
    report([...at, "minSize"], `${minSize} is greater than maxSize ${maxSize}`, { reads });
  } else if (desiredCapacity !== undefined && minSize !== undefined && desiredCapacity < minSize) {
    report([...at, "desiredCapacity"], `${desiredCapacity} is less than minSize ${minSize}`, { reads });
  } else if (desiredCapacity !== undefined && maxSize !== undefined && desiredCapacity > maxSize) {
    report([...at, "desiredCapacity"], `${desiredCapacity} is greater than maxSize ${maxSize}`, { reads });
  } else {
    const full = nodegroupSize(group);
    if (full.minSize <= full.maxSize) return;
    report(
      [...at, "maxSize"],
      `${full.maxSize} is less than minSize, which is ${full.minSize} when the file does not say`,
      {
        hint: "set minSize",
        reads,
      },
    );
  }
});

const updateConfig = forEachManagedNodegroup((group, at, report) => {
  if (!group.updateConfig) return;
  const { maxUnavailable, maxUnavailablePercentage } = group.updateConfig;
  const path = [...at, "updateConfig"];
  if ((maxUnavailable === undefined) === (maxUnavailablePercentage === undefined)) {
    report(path, "needs exactly one of maxUnavailable and maxUnavailablePercentage", {
      at: "key",
      reads: [
        [...path, "maxUnavailable"],
        [...path, "maxUnavailablePercentage"],
      ],
    });
    return;
  }
  const { maxSize } = nodegroupSize(group);
  if (maxUnavailable !== undefined && maxUnavailable > maxSize) {
    report([...path, "maxUnavailable"], `${maxUnavailable} is greater than maxSize ${maxSize}`, {
      ...(group.maxSize === undefined && { hint: "set maxSize" }),
      reads: ["minSize", "maxSize", "desiredCapacity"].map((key) => [...at, key]),
    });
  }
});

const exclusiveRepairLimits = [
  ["maxUnhealthyNodeThresholdCount", "maxUnhealthyNodeThresholdPercentage"],
  ["maxParallelNodesRepairedCount", "maxParallelNodesRepairedPercentage"],
] as const;

const nodeRepair = forEachManagedNodegroup((group, at, report) => {
  const repair = group.nodeRepairConfig;
  for (const [count, percentage] of exclusiveRepairLimits) {
    if (repair?.[count] === undefined || repair[percentage] === undefined) continue;
    report([...at, "nodeRepairConfig", percentage], `cannot stand beside ${count}: use one of the two`, { at: "key" });
  }
});

/** What EKS and EC2 Auto Scaling have no warm pools for (EKS user guide, "warm pools"). */
const warmPool = forEachManagedNodegroup((group, at, report) => {
  const { warmPoolConfig: pool, ami, amiFamily = defaultAmiFamily } = group;
  if (pool?.enabled !== true) return;
  const path = [...at, "warmPoolConfig"];
  const { minSize = 0, maxGroupPreparedCapacity: most = minSize } = pool;
  if (most < minSize) {
    report([...path, "maxGroupPreparedCapacity"], `${most} is less than minSize ${minSize}`, {
      reads: [[...path, "minSize"]],
    });
  }
  if (group.spot === true) report(path, "is not for Spot instances", { at: "key", reads: [[...at, "spot"]] });
  if (ami !== undefined || amiFamily.startsWith("Ubuntu")) {
    const reads = [
      [...at, "ami"],
      [...at, "amiFamily"],
    ];
    report(path, "is for the images of EKS, not for others", { at: "key", reads });
  }
  if (!amiFamily.startsWith("Bottlerocket")) return;
  const details = { reads: [[...at, "amiFamily"]] };
  if (pool.poolState === "HIBERNATED") report([...path, "poolState"], "Bottlerocket does not hibernate", details);
  if (pool.reuseOnScaleIn === true) report([...path, "reuseOnScaleIn"], "is not for Bottlerocket", details);
});

/** EKS refuses a release of a newer minor version than the nodegroup's. */
const release = forEachManagedNodegroup((group, at, report, { metadata }) => {
  if (group.releaseVersion === undefined || group.amiFamily === "Bottlerocket") return;
  const [, ofRelease] = /^1\.(\d+)\./.exec(group.releaseVersion) ?? [];
  const [, ofCluster] = /^1\.(\d+)$/.exec(metadata?.version ?? "") ?? [];
  if (ofRelease === undefined || ofCluster === undefined || Number(ofRelease) <= Number(ofCluster)) return;
  report([...at, "releaseVersion"], `is for Kubernetes 1.${ofRelease}, newer than the cluster's ${metadata?.version}`, {
    reads: [
      ["metadata", "version"],
      [...at, "amiFamily"],
    ],
  });
});

const wayOut = forEachNodegroup((group, at, report, { privateCluster, vpc }) => {
  // The way out of a given VPC is its owner's, and that of a private cluster its endpoints.
  if (privateCluster?.enabled === true) return;
  if (group.privateNetworking !== true || vpc?.nat?.gateway !== "Disable" || hasGivenVpc({ vpc })) return;
  report(
    [...at, "privateNetworking"],
    "nodes in private subnets have no way out, and never join: vpc.nat.gateway is Disable",
    {
      hint: "set vpc.nat.gateway to Single or HighlyAvailable",
    },
  );
});

export const nodegroupRules: readonly Rule[] = [
  names,
  instanceTypes,
  size,
  updateConfig,
  nodeRepair,
  warmPool,
  release,
  wayOut,
];
