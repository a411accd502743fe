import { hasOnlyAutoMode } from "../auto-mode.ts";
import { hasOidcProvider } from "../irsa.ts";
import { type Draft, type Report, type Rule, present } from "./rule.ts";
import type { Addon } from "../types.ts";

const family = ["kubernetesNetworkConfig", "ipFamily"];
/** Nodes need them, and what EKS installs by itself is turned off. */
const needed = ["vpc-cni", "coredns", "kube-proxy"];
const podIdentityAgent = "eks-pod-identity-agent";

/** What an IPv6 cluster cannot have. */
const notBeside: Rule = ({ kubernetesNetworkConfig, vpc }, report) => {
  if (kubernetesNetworkConfig?.ipFamily !== "IPv6") return;
  const details = { at: "key", reads: [family] } as const;
  if (kubernetesNetworkConfig.serviceIPv4CIDR !== undefined) {
    report(
      ["kubernetesNetworkConfig", "serviceIPv4CIDR"],
      "is not for an IPv6 cluster: EKS chooses its block",
      details,
    );
  }
  if (vpc?.nat !== undefined) {
    const words = "is not for an IPv6 cluster: its VPC has one NAT gateway, and an egress-only internet gateway";
    report(["vpc", "nat"], words, details);
  }
  if (vpc?.autoAllocateIPv6 === true) {
    report(["vpc", "autoAllocateIPv6"], "is not for an IPv6 cluster: its VPC has an IPv6 block anyway", details);
  }
};

const onlyInIpv6: Rule = ({ kubernetesNetworkConfig, vpc }, report) => {
  if (kubernetesNetworkConfig?.ipFamily === "IPv6") return;
  for (const key of ["extraIPv6CIDRs", "ipv6Cidr", "ipv6Pool"] as const) {
    if (vpc?.[key] === undefined) continue;
    report(["vpc", key], "is for IPv6 clusters only: see kubernetesNetworkConfig.ipFamily", {
      at: "key",
      reads: [family],
    });
  }
};

/** A block of the account's own addresses: which one, and out of which pool. */
const ownBlock: Rule = ({ vpc }, report) => {
  const pairs = [
    ["ipv6Cidr", "ipv6Pool"],
    ["ipv6Pool", "ipv6Cidr"],
  ] as const;
  for (const [key, other] of pairs) {
    if (vpc?.[key] === undefined || vpc[other] !== undefined) continue;
    report(["vpc", key], `needs ${other} beside it`, { at: "key", reads: [["vpc", other]] });
  }
  const prefix = vpc?.ipv6Cidr?.split("/")[1];
  if (prefix !== undefined && prefix !== "56") {
    report(["vpc", "ipv6Cidr"], `the block of a VPC is a /56, not a /${prefix}`);
  }
};

const addonsOfIpv6: Rule = (config, report) => {
  const { kubernetesNetworkConfig, addons, addonsConfig } = config;
  if (kubernetesNetworkConfig?.ipFamily !== "IPv6") return;
  const listed = present(addons);
  const names = listed.map(([, { name }]) => name?.toLowerCase());
  const reads = listed.map(([index]) => ["addons", index, "name"]);
  const isBare = addonsConfig?.disableDefaultAddons === true && !hasOnlyAutoMode(config);
  const missing = isBare ? needed.filter((name) => !names.includes(name)) : [];
  if (missing.length > 0) {
    report(family, `an IPv6 cluster needs the add-ons ${missing.join(", ")}`, {
      hint: "add them to addons, or leave addonsConfig.disableDefaultAddons out",
      reads: [...reads, ["addonsConfig", "disableDefaultAddons"]],
    });
  }
  const cni = listed.find(([, { name }]) => name?.toLowerCase() === "vpc-cni");
  if (cni) reportCni(cni, names.includes(podIdentityAgent), config, report);
};

type Config = Parameters<Rule>[0];

/** In IPv6 the VPC CNI assigns addresses, for which AWS has no policy: its role is made. */
function reportCni(
  [index, cni]: readonly [number, Draft<Addon>],
  hasAgent: boolean,
  config: Config,
  report: Report,
): void {
  const at = ["addons", index, "name"];
  const { version } = cni;
  if (version !== undefined && isOlder(version)) {
    report(["addons", index, "version"], "IPv6 needs vpc-cni 1.10.0 or newer", { reads: [family] });
  }
  if (hasOidcProvider(config)) return;
  const reads = [family, ["iam", "withOIDC"]];
  if (!hasAgent) {
    report(at, "in an IPv6 cluster vpc-cni needs a role of its own: iam.withOIDC: true, or pod identity", {
      hint: `set iam.withOIDC: true, or add "- name: ${podIdentityAgent}" to addons`,
      reads,
    });
    return;
  }
  const byPodIdentity =
    config.addonsConfig?.autoApplyPodIdentityAssociations === true ||
    cni.useDefaultPodIdentityAssociations === true ||
    (cni.podIdentityAssociations?.length ?? 0) > 0;
  if (byPodIdentity) return;
  report(at, "in an IPv6 cluster vpc-cni needs a role of its own, and has no pod identity association", {
    hint: "set its useDefaultPodIdentityAssociations: true, addonsConfig.autoApplyPodIdentityAssociations: true, or iam.withOIDC: true",
    reads: [...reads, ["addons", index, "podIdentityAssociations"]],
  });
}

function isOlder(version: string): boolean {
  const [, major = "", minor = ""] = /^v?(\d+)\.(\d+)\./.exec(version) ?? [];
  return major !== "" && Number(major) < 2 && Number(minor) < 10;
}

export const ipv6Rules: readonly Rule[] = [notBeside, onlyInIpv6, ownBlock, addonsOfIpv6];
