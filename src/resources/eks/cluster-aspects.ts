import { isNewer, minorsAhead } from "../../aws/eks-versions.ts";
import type { Aspect, Effect } from "../../engine/kind.ts";
import { tagsAspect } from "../tags-aspect.ts";
import { componentAspect } from "./cluster-components-document.ts";
import type { ClusterAttrs, ClusterDeps, ClusterSpec, ClusterUpdate } from "./cluster.ts";

type ClusterAspect = Aspect<ClusterSpec, ClusterDeps, ClusterAttrs, ClusterUpdate>;

/** What of a cluster is compared, and what EKS makes of a difference. */
export const clusterAspects: Readonly<Record<string, ClusterAspect>> = {
  version: {
    want: (spec) => spec.version,
    // Going back is asked for by name only (`upgrade cluster`): a newer live version is information, not a difference.
    have: (attrs, want) => (isNewer(attrs.version, want) ? want : attrs.version),
    change: (from, to) => versionStep(String(from), String(to)),
  },
  logging: {
    want: (spec) => sorted(spec.logging),
    have: (attrs) => attrs.logging,
    change: () => "logging",
  },
  endpointPublicAccess: {
    want: (spec) => spec.endpointPublicAccess,
    have: (attrs) => attrs.endpointPublicAccess,
    change: () => "endpoint",
  },
  endpointPrivateAccess: {
    want: (spec) => spec.endpointPrivateAccess,
    have: (attrs) => attrs.endpointPrivateAccess,
    change: () => "endpoint",
  },
  publicAccessCidrs: {
    // Without public access EKS keeps no list.
    want: (spec) => (spec.endpointPublicAccess === false ? undefined : sorted(spec.publicAccessCidrs)),
    have: (attrs) => attrs.publicAccessCidrs,
    change: () => "endpoint",
  },
  secretsEncryptionKey: {
    want: (spec) => spec.secretsEncryptionKeyArn,
    have: (attrs) => attrs.secretsEncryptionKeyArn,
    change: (from) => (from === null ? "encryption" : cannotChange("the key that encrypts a cluster's secrets", from)),
  },
  authenticationMode: {
    want: (spec) => spec.authenticationMode,
    have: (attrs) => attrs.authenticationMode,
    change: (from, to) => authenticationStep(String(from), String(to)),
  },
  remoteNetworks: {
    want: ({ remoteNetworks: wanted }) => wanted && { nodes: sorted(wanted.nodes), pods: sorted(wanted.pods) },
    have: (attrs) => attrs.remoteNetworks,
    change: () => "remoteNetworks",
  },
  supportType: {
    want: (spec) => spec.supportType,
    have: (attrs) => attrs.supportType,
    change: () => "supportType",
  },
  zonalShift: {
    want: (spec) => spec.zonalShift,
    have: (attrs) => attrs.zonalShift,
    change: () => "zonalShift",
  },
  deletionProtection: {
    want: (spec) => spec.deletionProtection,
    have: (attrs) => attrs.deletionProtection,
    change: () => "deletionProtection",
  },
  scalingTier: {
    want: (spec) => spec.scalingTier,
    have: (attrs) => attrs.scalingTier,
    change: () => "scalingTier",
  },
  eventTtl: componentAspect("eventTtl"),
  serviceNodePortRange: componentAspect("serviceNodePortRange"),
  scoringStrategy: componentAspect("scoringStrategy"),
  horizontalPodAutoscalerSyncPeriod: componentAspect("horizontalPodAutoscalerSyncPeriod"),
  egressMode: {
    want: (spec) => spec.egressMode,
    have: (attrs) => attrs.egressMode,
    change: (from) =>
      from === "AWS_MANAGED" ? "egress" : cannotChange("the egress mode of a control plane once it is not AWS's", from),
  },
  autoMode: {
    want: (spec) => spec.autoMode?.enabled,
    have: (attrs) => attrs.autoMode.enabled,
    change: (_from, to) => (to === true ? "autoMode" : "lessAutoMode"),
  },
  autoModeNodePools: {
    want: (spec) => sorted(spec.autoMode?.nodePools),
    have: (attrs) => attrs.autoMode.nodePools,
    change: (from, to) => (isWithin(from, to) ? "autoMode" : "lessAutoMode"),
  },
  autoModeNodeRole: {
    want: (spec, deps) => (spec.autoMode?.enabled === true ? deps.nodeRole[0]?.arn : undefined),
    // The first one comes with the first pool.
    have: (attrs, want) => attrs.autoMode.nodeRoleArn || want,
    change: (from) => cannotChange("the role of Auto Mode's nodes while Auto Mode is on", from),
  },
  role: {
    want: (_spec, deps) => deps.role.arn,
    have: (attrs) => attrs.roleArn,
    change: (from) => cannotChange("the role of a cluster", from),
  },
  ipFamily: {
    want: (spec) => spec.ipFamily,
    have: (attrs) => attrs.ipFamily,
    change: (from) => cannotChange("the IP family of a cluster", from),
  },
  serviceIpv4Cidr: {
    want: (spec) => spec.serviceIpv4Cidr,
    have: (attrs) => attrs.serviceCidr,
    change: (from) => cannotChange("the service CIDR of a cluster", from),
  },
  outpost: {
    want: ({ outpost }): Readonly<Record<string, unknown>> | null => (outpost ? { ...outpost } : null),
    // What the file leaves open is as it was made.
    have: ({ outpost }, want) => outpost && chosenOf({ ...outpost }, want ?? outpost),
    change: (from) =>
      cannotChange(
        "the Outpost of a control plane, or its instances",
        from === null ? "in the region" : JSON.stringify(from),
      ),
  },
  subnets: {
    want: (spec, deps) => (spec.staysOnFewerSubnets ? undefined : idsOf(deps.subnets)),
    have: (attrs) => attrs.subnetIds,
    change: (from, to) => placementChange("subnets", from, to),
  },
  possibleSubnets: {
    want: (spec, deps) => (spec.staysOnFewerSubnets ? idsOf(deps.subnets) : undefined),
    have: (attrs, want) => (isWithin(attrs.subnetIds, want) ? want : attrs.subnetIds),
    change: (from, to) => placementChange("subnets", from, to),
  },
  securityGroups: {
    want: (_spec, deps) => idsOf(deps.securityGroups),
    have: (attrs) => attrs.securityGroupIds,
    change: (from, to) => placementChange("security groups", from, to),
  },
  tags: tagsAspect,
};

function chosenOf(live: Readonly<Record<string, unknown>>, keys: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.keys(keys).map((key) => [key, live[key] ?? null]));
}

const authenticationModes = ["CONFIG_MAP", "API_AND_CONFIG_MAP", "API"] as const;

function cannotChange(what: string, from: unknown): Effect<never> {
  return { refuse: `EKS cannot change ${what}; it is ${String(from)}` };
}

function versionStep(from: string, to: string): Effect<"version"> {
  if (minorsAhead(to, from) === 1) return "version";
  return {
    refuse: `EKS moves one minor version at a time: \`ekstool upgrade cluster\` goes from ${from} to ${to} step by step`,
  };
}

function authenticationStep(from: string, to: string): Effect<"authenticationMode"> {
  const [at, wanted] = [from, to].map((mode) => authenticationModes.findIndex((known) => known === mode));
  if (at === undefined || wanted === undefined || wanted < at) {
    return { refuse: `EKS cannot take an authentication mode back: it is ${from}, and ${to} came before it` };
  }
  if (wanted === at + 1) return "authenticationMode";
  return {
    refuse: `EKS moves the authentication mode one step at a time: from ${from} go to API_AND_CONFIG_MAP first`,
  };
}

/**
 * A control plane moves among what there is, within the zones that it was made in, which EKS sees to. What is missing has most likely
 * lost its tags.
 */
function placementChange(what: string, from: unknown, to: unknown): Effect<"placement"> {
  if (Array.isArray(to)) return "placement";
  return {
    refuse:
      `the control plane keeps its ${what} (${String(from)}); if one of them lost its ekstool.dev tags, restore them; ` +
      "if it is to stay on private subnets, say vpc.controlPlaneOnPrivateSubnets: true",
  };
}

/** Whether all that is there stays. */
function isWithin(from: unknown, to: unknown): boolean {
  return Array.isArray(from) && Array.isArray(to) && from.every((one) => to.includes(one));
}

function idsOf(things: readonly { readonly id: string }[]): readonly string[] {
  return things.map(({ id }) => id).toSorted();
}

function sorted(values: readonly string[] | undefined): readonly string[] | undefined {
  return values?.toSorted();
}
