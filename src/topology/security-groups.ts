import type { Tags } from "../aws/tags.ts";
import { controlPlaneGroups } from "../config/given-network.ts";
import { type Handle, part } from "../engine/graph.ts";
import type { ClusterAttrs } from "../resources/eks/cluster.ts";
import { securityGroup, type SecurityGroupAttrs } from "../resources/ec2/security-group.ts";
import { securityGroupRule, type SecurityGroupRuleSpec } from "../resources/ec2/security-group-rule.ts";
import { remoteNetworks } from "./hybrid-nodes.ts";
import type { Network } from "./network.ts";
import type { Scope } from "./scope.ts";

/** Inbound. */
export const allTraffic = { direction: "ingress", protocol: "-1", fromPort: -1, toPort: -1 } as const;

/** One port of TCP, inbound. */
export function tcp(port: number): Pick<SecurityGroupRuleSpec, "direction" | "protocol" | "fromPort" | "toPort"> {
  return { direction: "ingress", protocol: "tcp", fromPort: port, toPort: port };
}

export function addSecurityGroup(
  scope: Scope,
  network: Network,
  label: string,
  description: string,
  tags: Tags = {},
): Handle<SecurityGroupAttrs> {
  return scope.graph.add(securityGroup, {
    id: `security-group/${label}`,
    name: `${scope.name}-${label.replaceAll("/", "-")}`,
    spec: {
      description,
      ...(network.given ? { inGivenVpc: true } : {}),
      tags: scope.tags(`security-group/${label}`, tags),
    },
    deps: { vpc: network.vpc },
  });
}

export function addRule(
  scope: Scope,
  label: string,
  rule: Omit<SecurityGroupRuleSpec, "tags">,
  group: Handle<{ readonly id: string }>,
  source?: Handle<{ readonly id: string }>,
): void {
  scope.graph.add(securityGroupRule, {
    id: `security-group-rule/${label}`,
    name: `${scope.name}/${label}`,
    spec: { ...rule, tags: scope.tags(`security-group-rule/${label}`) },
    deps: { group, source: source ? [source] : [] },
  });
}

/** A group's handle: of one that is ours, or one that the file names. */
export type Group = Handle<{ readonly id: string }>;

function givenGroup(scope: Scope, id: string): Group {
  const label = `given/${id}`;
  return scope.graph.nodes.has(label) ? { id: label } : scope.graph.given(label, { id });
}

/**
 * The control plane's additional group, the file's or ours, open on 443 for `vpc.extraCIDRs`, `vpc.extraIPv6CIDRs` and hybrid
 * nodes.
 */
export function addControlPlaneSecurityGroups(scope: Scope, network: Network): readonly Group[] {
  const named = controlPlaneGroups(scope.config);
  const [given] = named;
  const description = "Communication between the control plane and worker nodegroups";
  const group =
    given === undefined ? addSecurityGroup(scope, network, "control-plane", description) : givenGroup(scope, given);
  const { extraCIDRs = [], extraIPv6CIDRs = [] } = scope.config.vpc ?? {};
  const remote = remoteNetworks(scope.config);
  for (const source of [
    ...[...new Set([...extraCIDRs, ...remote.nodes, ...remote.pods])].map((cidrIpv4) => ({ cidrIpv4 })),
    ...extraIPv6CIDRs.map((cidrIpv6) => ({ cidrIpv6 })),
  ]) {
    const cidr = "cidrIpv4" in source ? source.cidrIpv4 : source.cidrIpv6;
    addRule(
      scope,
      `control-plane/${cidr}`,
      { ...tcp(443), ...source, description: `Kubernetes API from ${cidr}`, ...ofGiven(given) },
      group,
    );
  }
  return [group, ...named.slice(1).map((id) => givenGroup(scope, id))];
}

/**
 * The group that nodes share, joined in both directions with the group that EKS makes for the cluster. To a given one no other
 * rules are added.
 */
export function addSharedNodeSecurityGroup(scope: Scope, network: Network, cluster: Handle<ClusterAttrs>): Group {
  const { sharedNodeSecurityGroup: given, manageSharedNodeSecurityGroupRules: manage } = scope.config.vpc ?? {};
  const shared =
    given === undefined
      ? addSecurityGroup(
          scope,
          network,
          "shared-node",
          "Communication between all nodes in the cluster",
          scope.discovery,
        )
      : givenGroup(scope, given);
  if (given === undefined) {
    addRule(scope, "shared-node/self", { ...allTraffic, description: "Nodes among themselves" }, shared, shared);
  }
  if (manage === false) return shared;
  const ofCluster = part(cluster, "securityGroup");
  addRule(
    scope,
    "shared-node/cluster",
    { ...allTraffic, description: "From the cluster security group to nodes", ...ofGiven(given) },
    shared,
    ofCluster,
  );
  addRule(
    scope,
    "cluster/shared-node",
    { ...allTraffic, description: "From nodes to the cluster security group" },
    ofCluster,
    shared,
  );
  return shared;
}

function ofGiven(id: string | undefined): Pick<SecurityGroupRuleSpec, "ofGivenGroup"> {
  return id === undefined ? {} : { ofGivenGroup: true };
}

/** A self-managed nodegroup's own group: open to the control plane, and let in by it. */
export function addLocalNodeSecurityGroup(
  scope: Scope,
  network: Network,
  controlPlane: Group | undefined,
  nodegroup: string,
): Handle<SecurityGroupAttrs> {
  const label = `node/${nodegroup}`;
  const local = addSecurityGroup(scope, network, label, `Nodes of ${nodegroup} and the control plane`, {
    [`kubernetes.io/cluster/${scope.name}`]: "owned",
  });
  if (controlPlane === undefined) return local;
  const ports = { ...tcp(1025), toPort: 65_535 };
  addRule(scope, `${label}/kubelet`, { ...ports, description: "From the control plane" }, local, controlPlane);
  addRule(scope, `${label}/api`, { ...tcp(443), description: "From the control plane" }, local, controlPlane);
  // To a given group no rules are added.
  if (scope.config.vpc?.securityGroup !== undefined) return local;
  addRule(
    scope,
    `${label}/control-plane`,
    { ...tcp(443), description: `Kubernetes API from the nodes of ${nodegroup}` },
    controlPlane,
    local,
  );
  return local;
}
