import type { Issue } from "@aws-sdk/client-eks";
import { reachesServices, routeOf, subnetOf } from "../ec2/internal.ts";
import type { RoleSeen } from "../iam/internal.ts";
import { amiTypes } from "./ami-types.ts";
import { templateData } from "./launch-templates.ts";
import type { Place } from "./place.ts";
import { knownRole } from "./roles.ts";
import type { ClusterRecord, NodegroupRecord } from "./state.ts";

const unreachable = "Instances failed to join the kubernetes cluster";
const notReady = "Unhealthy nodes in the kubernetes cluster";

const workerPolicies = ["AmazonEKSWorkerNodePolicy", "AmazonEKSWorkerNodeMinimalPolicy"];
const registryPolicies = ["PullOnly", "ReadOnly", "PowerUser", "FullAccess"].map(
  (suffix) => `AmazonEC2ContainerRegistry${suffix}`,
);

/** What EKS notices by itself about a nodegroup's subnets: they do not give the addresses that nodes need. */
export function subnetIssue(place: Place, cluster: ClusterRecord, nodegroup: NodegroupRecord): Issue | undefined {
  return publicAddressIssue(place, nodegroup) ?? ipv6AddressIssue(place, cluster, nodegroup);
}

function ipv6AddressIssue(place: Place, { ipFamily }: ClusterRecord, nodegroup: NodegroupRecord): Issue | undefined {
  if (ipFamily !== "ipv6") return undefined;
  const without = nodegroup.subnets.filter(
    (id) => subnetOf(place.world, place.region, id)?.assignIpv6Address === false,
  );
  if (without.length === 0) return undefined;
  return {
    code: "Ec2SubnetMissingIpv6Assignment",
    message:
      `One or more Amazon EC2 Subnets of [${without.join(", ")}] for node group ${nodegroup.name} does not automatically ` +
      "assign IPv6 addresses to instances launched into it.",
    resourceIds: without,
  };
}

/** Subnets that lead to an internet gateway but give no public address. */
function publicAddressIssue(place: Place, nodegroup: NodegroupRecord): Issue | undefined {
  const { world, region } = place;
  if (assignsPublicAddress(place, nodegroup)) return undefined;
  const without = nodegroup.subnets.filter(
    (id) =>
      routeOf(world, region, id) === "internet-gateway" && subnetOf(world, region, id)?.MapPublicIpOnLaunch === false,
  );
  if (without.length === 0) return undefined;
  return {
    code: "Ec2SubnetInvalidConfiguration",
    message:
      `One or more Amazon EC2 Subnets of [${without.join(", ")}] for node group ${nodegroup.name} does not automatically ` +
      "assign public IP addresses to instances launched into it. If you want your instances to be assigned a public IP " +
      "address, then you need to enable auto-assign public IP address for the subnet.",
    resourceIds: without,
  };
}

function assignsPublicAddress(place: Place, { launchTemplate, name }: NodegroupRecord): boolean {
  const data = launchTemplate ? templateData(place, launchTemplate, { nodegroupName: name }) : {};
  return data.NetworkInterfaces?.some((each) => each.AssociatePublicIpAddress) ?? false;
}

/** What joining depends on. */
type Nodes = Pick<NodegroupRecord, "nodeRole" | "amiType" | "subnets">;

/**
 * Why the instances of a nodegroup are no ready nodes of the cluster, as EKS words it; undefined when they are. All of it
 * can still change: the kubelet goes on trying.
 */
export function joinProblem(place: Place, cluster: ClusterRecord, nodegroup: NodegroupRecord): string | undefined {
  if (!isToldToJoin(place, cluster, nodegroup)) return unreachable;
  // EKS writes the role into aws-auth, which knows no paths.
  const isMapped = cluster.authenticationMode === "CONFIG_MAP" && nodegroup.nodeRole.split("/").length === 2;
  return enterProblem(place, cluster, nodegroup, isMapped);
}

/**
 * The same of nodes that were told how to join.
 *
 * @param isMapped the aws-auth ConfigMap lets their role in, as far as the cluster heeds it.
 */
export function enterProblem(
  place: Place,
  cluster: ClusterRecord,
  nodegroup: Nodes,
  isMapped: boolean,
): string | undefined {
  const role = knownRole(place, nodegroup.nodeRole);
  if (!role || !(isMapped || hasEntry(cluster, nodegroup, role)) || !reachesEndpoint(place, cluster, nodegroup))
    return unreachable;
  if (!hasPolicy(role, workerPolicies)) return unreachable;
  return hasNetwork(place, cluster, role) ? undefined : notReady;
}

/** EKS tells its own images which cluster is meant; to one of somebody's own the user data must say it. */
function isToldToJoin(
  place: Place,
  cluster: ClusterRecord,
  { amiType, launchTemplate, name }: NodegroupRecord,
): boolean {
  if (amiType !== "CUSTOM" || !launchTemplate) return true;
  const { UserData = "" } = templateData(place, launchTemplate, { nodegroupName: name });
  return Buffer.from(UserData, "base64").toString().includes(cluster.name);
}

/** An access entry lets in the role that it was made for, not another one of the same ARN. */
function hasEntry(cluster: ClusterRecord, { nodeRole, amiType }: Nodes, role: RoleSeen): boolean {
  if (cluster.authenticationMode === "CONFIG_MAP") return false;
  const entry = cluster.accessEntries[nodeRole];
  const type = amiTypes[amiType]?.system === "windows" ? "EC2_WINDOWS" : "EC2_LINUX";
  return entry !== undefined && entry.type === type && entry.principalId === role.id;
}

/** Without the internet nodes reach these by endpoints (EKS user guide, "Deploy private clusters with limited internet access"). */
const servicesOfNodes = ["ec2", "ecr.api", "ecr.dkr", "s3"];

/**
 * Nodes also load their images, from the internet or by endpoints. Those that come from outside are let in by the public access
 * list.
 */
function reachesEndpoint({ world, region }: Place, { vpc }: ClusterRecord, { subnets }: Nodes): boolean {
  const isOut = (id: string) => routeOf(world, region, id) !== "none";
  const open = vpc.endpointPublicAccess && vpc.publicAccessCidrs.includes("0.0.0.0/0");
  return subnets.every((id) =>
    isOut(id)
      ? vpc.endpointPrivateAccess || open
      : vpc.endpointPrivateAccess && reachesServices(world, region, id, servicesOfNodes),
  );
}

/** A node is ready when the VPC CNI and kube-proxy run on it, and the CNI may do its work. */
function hasNetwork(place: Place, cluster: ClusterRecord, role: RoleSeen): boolean {
  if (!runs(cluster, "vpc-cni") || !runs(cluster, "kube-proxy")) return false;
  if (!hasPolicy(role, registryPolicies)) return false;
  const own = ownCniRoles(cluster);
  if (cluster.ipFamily === "ipv4") return own.length > 0 || hasPolicy(role, ["AmazonEKS_CNI_Policy"]);
  const roles = own.length > 0 ? own.flatMap((arn) => knownRole(place, arn) ?? []) : [role];
  return roles.some(canAssignIpv6);
}

/** The roles that the VPC CNI has of its own. */
function ownCniRoles({ addons, podIdentityAssociations }: ClusterRecord): string[] {
  const associations = Object.values(podIdentityAssociations).filter((each) => each.serviceAccount === "aws-node");
  return [addons["vpc-cni"]?.serviceAccountRoleArn ?? [], ...associations.map((each) => each.roleArn)].flat();
}

/** AmazonEKS_CNI_Policy cannot: AWS has no policy of its own for IPv6 (EKS user guide, "Configure the VPC CNI for IRSA"). */
function canAssignIpv6({ allowedActions }: RoleSeen): boolean {
  return ["ec2:AssignIpv6Addresses", "ec2:*", "*"].some((action) => allowedActions.includes(action));
}

/** Whether an add-on that every node needs is in Kubernetes, by EKS or by hand. */
function runs({ addons, selfManagedAddons }: ClusterRecord, name: string): boolean {
  const status = addons[name]?.status;
  return status === "ACTIVE" || status === "UPDATING" || selfManagedAddons.includes(name);
}

/** A policy of the account's own may grant the same, so only roles with nothing but AWS's policies are judged. */
function hasPolicy({ attachedPolicyArns }: RoleSeen, names: readonly string[]): boolean {
  return attachedPolicyArns.some((arn) => !arn.includes(":iam::aws:") || names.includes(arn.split("/").at(-1) ?? ""));
}
