import type { Path } from "../../yaml.ts";
import { hasGivenVpc } from "../given-network.ts";
import { selectsTypes } from "../instance-selector.ts";
import { isLocalCluster, knowsAccessEntries } from "../outposts.ts";
import type { ClusterConfig } from "../types.ts";
import { type Draft, type Report, type Rule, forEachSelfManagedNodegroup } from "./rule.ts";

type Config = Draft<ClusterConfig>;
const root: Path = ["outpost"];

/** What a local cluster has not (EKS user guide, "Comparing deployment options" of Outposts): where it stands, whether it is asked for. */
const missing: readonly (readonly [path: Path, isAsked: (config: Config) => boolean, why: string])[] = [
  [["availabilityZones"], (one) => isFilled(one.availabilityZones), "its zone is that of the Outpost"],
  [["localZones"], (one) => isFilled(one.localZones), "its zone is that of the Outpost"],
  [
    ["kubernetesNetworkConfig", "ipFamily"],
    (one) => one.kubernetesNetworkConfig?.ipFamily === "IPv6",
    "it has IPv4 only",
  ],
  [["vpc", "autoAllocateIPv6"], (one) => one.vpc?.autoAllocateIPv6 === true, "it has IPv4 only"],
  [["vpc", "publicAccessCIDRs"], (one) => one.vpc?.publicAccessCIDRs !== undefined, "it has no public endpoint"],
  [
    ["vpc", "clusterEndpoints", "publicAccess"],
    (one) => one.vpc?.clusterEndpoints?.publicAccess === true,
    "it has no public endpoint",
  ],
  [
    ["vpc", "clusterEndpoints", "privateAccess"],
    (one) => one.vpc?.clusterEndpoints?.privateAccess === false,
    "it has its private endpoint only",
  ],
  [["addons"], (one) => isFilled(one.addons), "EKS installs vpc-cni, kube-proxy and coredns there, and no add-ons"],
  [["identityProviders"], (one) => isFilled(one.identityProviders), "it has no OIDC identity providers"],
  [["fargateProfiles"], (one) => isFilled(one.fargateProfiles), "it has no Fargate"],
  [["managedNodeGroups"], (one) => isFilled(one.managedNodeGroups), "its nodes are self-managed (nodeGroups)"],
  [["karpenter"], (one) => one.karpenter !== undefined, "Karpenter does not launch nodes there"],
  [["gitops"], (one) => one.gitops !== undefined, "its Kubernetes API is reached from the VPC only"],
  [["secretsEncryption"], (one) => one.secretsEncryption !== undefined, "it encrypts secrets with a key of its own"],
  [["autoModeConfig", "enabled"], (one) => one.autoModeConfig?.enabled === true, "it has no Auto Mode"],
  [["iam", "withOIDC"], (one) => one.iam?.withOIDC === true, "it has no OIDC provider"],
  [
    ["accessConfig", "bootstrapClusterCreatorAdminPermissions"],
    (one) => one.accessConfig?.bootstrapClusterCreatorAdminPermissions === false,
    "whoever makes it is its administrator",
  ],
];

function isFilled(list: readonly unknown[] | undefined): boolean {
  return (list?.length ?? 0) > 0;
}

const ofLocalCluster: Rule = (config, report) => {
  if (!isLocalCluster(config)) return;
  for (const [path, isAsked, why] of missing) {
    if (isAsked(config)) report(path, `is not for a local cluster on an Outpost: ${why}`, { at: "key" });
  }
};

/** Only with `etcdInstanceType`, in local clusters of the second generation. */
const ofSecondGeneration: Rule = (config, report) => {
  const { outpost, accessConfig, remoteNetworkConfig } = config;
  if (outpost === undefined) return;
  const { controlPlanePlacement, etcdPlacement } = outpost;
  const reads = [[...root, "etcdInstanceType"]];
  if (knowsAccessEntries(config)) {
    if (controlPlanePlacement?.groupName !== undefined) {
      report([...root, "controlPlanePlacement", "groupName"], "cannot stand beside etcdInstanceType: use spreadLevel", {
        at: "key",
        reads,
      });
    }
    if (accessConfig?.authenticationMode === "CONFIG_MAP") {
      report(
        ["accessConfig", "authenticationMode"],
        "must be API or API_AND_CONFIG_MAP beside outpost.etcdInstanceType",
        {
          reads,
        },
      );
    }
    return;
  }
  const needs = (path: Path) => report(path, "needs outpost.etcdInstanceType", { at: "key", reads });
  if (controlPlanePlacement?.spreadLevel !== undefined) needs([...root, "controlPlanePlacement", "spreadLevel"]);
  if (etcdPlacement?.spreadLevel !== undefined) needs([...root, "etcdPlacement", "spreadLevel"]);
  if (remoteNetworkConfig !== undefined) needs(["remoteNetworkConfig"]);
  if ((accessConfig?.authenticationMode ?? "CONFIG_MAP") !== "CONFIG_MAP")
    needs(["accessConfig", "authenticationMode"]);
  if (isFilled(accessConfig?.accessEntries)) needs(["accessConfig", "accessEntries"]);
};

/** One Outpost a cluster, in a network that is told. */
const ofNodegroup = forEachSelfManagedNodegroup((group, at, report, config) => {
  const { outpost, nodeGroups = [], vpc, privateCluster } = config;
  const arn = group.outpostARN ?? outpost?.controlPlaneOutpostARN;
  if (arn === undefined) return;
  const path = [...at, "outpostARN"];
  const others = [outpost?.controlPlaneOutpostARN, ...nodeGroups.map((one) => one?.outpostARN)];
  const other = others.find((one) => one !== undefined && one !== arn);
  if (group.outpostARN !== undefined && other !== undefined) {
    report(path, `a cluster uses one Outpost, and ${other} is named already`, {
      reads: [[...root, "controlPlaneOutpostARN"]],
    });
  }
  if (outpost === undefined && privateCluster?.enabled === true) {
    report(path, "cannot stand in a private cluster, unless its control plane is on the Outpost, too", {
      at: "key",
      reads: [["privateCluster", "enabled"]],
    });
  }
  for (const key of ["availabilityZones", "localZones"] as const) {
    if (isFilled(group[key]))
      report([...at, key], "cannot stand beside an Outpost, which is in one zone", { at: "key", reads: [path] });
  }
  reportSubnets(group, at, { given: hasGivenVpc({ vpc }), local: outpost !== undefined }, report);
  reportHardware(group, at, outpost !== undefined, report);
});

type Group = Parameters<Parameters<typeof forEachSelfManagedNodegroup>[0]>[0];

function reportSubnets(
  { subnets, privateNetworking }: Group,
  at: Path,
  { given, local }: { readonly given: boolean; readonly local: boolean },
  report: Report,
): void {
  if (given) {
    if (local || isFilled(subnets)) return;
    report(at, "needs subnets: in a given VPC, those of it that are on the Outpost", {
      at: "key",
      reads: [[...at, "subnets"]],
    });
    return;
  }
  if (isFilled(subnets)) {
    report([...at, "subnets"], "cannot stand beside an Outpost: the cluster's own VPC has one subnet there", {
      at: "key",
    });
  }
  if (privateNetworking !== true) {
    report(at, "needs privateNetworking: true: the subnet on an Outpost is private", {
      at: "key",
      reads: [[...at, "privateNetworking"]],
    });
  }
}

function reportHardware(group: Group, at: Path, local: boolean, report: Report): void {
  if (selectsTypes(group)) {
    report([...at, "instanceSelector"], "is not for an Outpost, which has the types that it was ordered with", {
      at: "key",
    });
  }
  const disks = [
    [[...at, "volumeType"], group.volumeType] as const,
    ...(group.additionalVolumes ?? []).map(
      (disk, index) => [[...at, "additionalVolumes", index, "volumeType"], disk?.volumeType] as const,
    ),
  ];
  for (const [path, type] of disks) {
    if (type !== undefined && type !== "gp2") report(path, `Outposts have gp2 only, not ${type}`);
  }
  const { amiFamily } = group;
  if (local && amiFamily !== undefined && amiFamily !== "AmazonLinux2023") {
    report([...at, "amiFamily"], `nodes of a local cluster run AmazonLinux2023, not ${amiFamily}`);
  }
}

export const outpostRules: readonly Rule[] = [ofLocalCluster, ofSecondGeneration, ofNodegroup];
