import { hasGivenVpc, isSubnetId, namedSubnets, visibilities } from "../given-network.ts";
import { isZoneOf } from "../regions.ts";
import { type Rule, forEachNodegroup } from "./rule.ts";

const subnetsOfVpc: Rule = ({ vpc, availabilityZones, metadata }, report) => {
  if (vpc === undefined || !hasGivenVpc({ vpc })) return;
  const named = namedSubnets({ vpc });
  if (named.length === 0) {
    const at = vpc.id === undefined ? "subnets" : "id";
    report(["vpc", at], "needs vpc.subnets: at least two subnets, in two zones", {
      at: "key",
      reads: [["vpc", "subnets"]],
      hint: "list the subnets of the cluster under vpc.subnets.private and vpc.subnets.public",
    });
    return;
  }
  if (named.length === 1) {
    report(["vpc", "subnets"], "names one subnet: EKS wants at least two, in two zones", { at: "key" });
  }
  for (const { visibility, key, id, az, cidr } of named) {
    if (id !== undefined) continue;
    const path = ["vpc", "subnets", visibility, key];
    if (vpc.id === undefined) {
      report(path, "needs its id, or vpc.id, in which it can be found by its zone or block", {
        at: "key",
        reads: [
          ["vpc", "id"],
          [...path, "id"],
        ],
      });
    } else if (az === undefined && cidr === undefined && !isZoneOf(key, metadata?.region)) {
      report(path, "says neither its id, nor its zone, nor its block", {
        at: "key",
        hint: "a subnet is called after its zone, or has az, cidr or id",
        reads: [
          [...path, "id"],
          [...path, "az"],
          [...path, "cidr"],
        ],
      });
    }
  }
  if ((availabilityZones?.length ?? 0) > 0) {
    report(["availabilityZones"], "cannot stand beside vpc.subnets: the zones are those of the subnets", { at: "key" });
  }
};

/** Each key of `vpc` that means something in one of the two cases only. */
const keysOfVpc: Rule = ({ vpc, kubernetesNetworkConfig, remoteNetworkConfig }, report) => {
  if (vpc === undefined) return;
  if (hasGivenVpc({ vpc })) {
    for (const key of ["hostnameType", "autoAllocateIPv6", "ipv6Cidr", "ipv6Pool"] as const) {
      if (vpc[key] === undefined || vpc[key] === false) continue;
      report(["vpc", key], "cannot stand beside a given VPC, which is not changed", { at: "key" });
    }
    if (remoteNetworkConfig?.vpcGatewayID !== undefined) {
      report(["remoteNetworkConfig", "vpcGatewayID"], "cannot stand beside a given VPC, whose routes are not changed", {
        at: "key",
      });
    }
    if (kubernetesNetworkConfig?.ipFamily === "IPv6") {
      report(["kubernetesNetworkConfig", "ipFamily"], "IPv6 in a given VPC is not supported yet", {
        reads: [
          ["vpc", "id"],
          ["vpc", "subnets"],
        ],
      });
    }
    return;
  }
  for (const key of ["securityGroup", "controlPlaneSecurityGroupIDs", "sharedNodeSecurityGroup"] as const) {
    if (vpc[key] === undefined) continue;
    report(["vpc", key], "needs vpc.id or vpc.subnets: a security group that exists is in a VPC that exists", {
      at: "key",
      reads: [
        ["vpc", "id"],
        ["vpc", "subnets"],
      ],
    });
  }
};

const controlPlane: Rule = ({ vpc }, report) => {
  if (vpc?.controlPlaneSecurityGroupIDs !== undefined && vpc.securityGroup !== undefined) {
    report(["vpc", "controlPlaneSecurityGroupIDs"], "cannot stand beside securityGroup: use one of the two", {
      at: "key",
    });
  }
  if (vpc?.controlPlaneOnPrivateSubnets !== true || !hasGivenVpc({ vpc })) return;
  const named = namedSubnets({ vpc });
  if (named.length === 0 || named.filter((one) => one.visibility === "private").length >= 2) return;
  report(["vpc", "controlPlaneOnPrivateSubnets"], "needs at least two private subnets, in two zones", {
    at: "key",
    reads: [["vpc", "subnets"]],
  });
};

const sharedGroup: Rule = ({ vpc }, report) => {
  if (vpc?.manageSharedNodeSecurityGroupRules !== false || vpc.sharedNodeSecurityGroup !== undefined) return;
  report(
    ["vpc", "manageSharedNodeSecurityGroupRules"],
    "needs sharedNodeSecurityGroup: nodes of a group without these rules do not reach the control plane",
    { at: "key", reads: [["vpc", "sharedNodeSecurityGroup"]] },
  );
};

/** In a given VPC a nodegroup's subnets are those of `vpc.subnets` of its kind, by key, or any by id. */
const subnetsOfNodegroup = forEachNodegroup((group, at, report, { vpc, metadata }) => {
  if (!hasGivenVpc({ vpc })) return;
  const wanted = group.privateNetworking === true ? "private" : "public";
  const other = visibilities.find((one) => one !== wanted) ?? wanted;
  const named = namedSubnets({ vpc });
  const reads = [
    ["vpc", "subnets"],
    [...at, "privateNetworking"],
  ];
  if (named.length === 0) return;
  if ((group.subnets?.length ?? 0) === 0 && named.every((one) => one.visibility === other)) {
    report(at, `the nodes are to be in ${wanted} subnets, and vpc.subnets has ${other} ones only`, {
      hint: `set privateNetworking to ${other === "private"}, or list ${wanted} subnets`,
      at: "key",
      reads,
    });
  }
  for (const [index, name] of (group.subnets ?? []).entries()) {
    if (name === undefined || isSubnetId(name)) continue;
    if (named.some((one) => one.visibility === wanted && (one.key === name || one.az === name))) continue;
    // Where a zone is meant, the plan finds out which subnets lie in it.
    if (isZoneOf(name, metadata?.region) && named.some((one) => one.visibility === wanted)) continue;
    const keys = named.filter((one) => one.visibility === wanted).map((one) => one.key);
    report([...at, "subnets", index], `vpc.subnets.${wanted} has no ${name}`, {
      hint:
        keys.length > 0
          ? `choose from ${keys.join(", ")}`
          : `set privateNetworking to ${other === "private"}, or list ${wanted} subnets`,
      reads,
    });
  }
});

export const givenNetworkRules: readonly Rule[] = [
  subnetsOfVpc,
  keysOfVpc,
  controlPlane,
  sharedGroup,
  subnetsOfNodegroup,
];
