import { createHash } from "node:crypto";
import type { Workload } from "../../scenario.ts";
import { admitGroup, makeSecurityGroup, routeOf, subnetOf } from "../ec2/internal.ts";
import { makeLoadBalancer as makeClassic } from "../elb/load-balancers.ts";
import { makeListener } from "../elbv2/listeners.ts";
import { makeLoadBalancer } from "../elbv2/load-balancers.ts";
import { makeTargetGroup } from "../elbv2/target-groups.ts";
import type { ClusterAtWork } from "./cluster.ts";

type Wanted = Workload["loadBalancers"][number];

/**
 * What the cloud controller (classic) and the AWS Load Balancer Controller make for a Service or Ingress that asks for a load
 * balancer, as they name and tag it; nothing when it is there.
 */
export function reconcile(cluster: ClusterAtWork, wanted: Wanted): void {
  if (wanted.type === "classic") classic(cluster, wanted);
  else modern(cluster, wanted);
}

function classic(cluster: ClusterAtWork, { name }: Wanted): void {
  const { place, record } = cluster;
  const { world, region } = place;
  const called = `a${hash(record.name, name, 31)}`;
  if (Object.hasOwn(world.region(region).elb.loadBalancers, called)) return;
  const tags = {
    [`kubernetes.io/cluster/${record.name}`]: "owned",
    "kubernetes.io/service-name": `default/${name}`,
  };
  const groupId = groupNamed(cluster, `k8s-elb-${called}`, `Security group for Kubernetes ELB ${called}`, tags);
  admitGroup(world, region, record.clusterSecurityGroupId, groupId, "kubernetes.io/rule");
  const port = { protocol: "TCP", port: 80, instanceProtocol: "TCP", instancePort: 31_080 };
  makeClassic(place, { name: called, ...placement(cluster), securityGroupIds: [groupId], tags, listeners: [port] });
}

/** How AWS Load Balancer Controller tags what it makes, and how EKS Auto Mode does. */
const controller = { domain: "k8s.aws", mark: "elbv2.k8s.aws/cluster" };
const autoMode = { domain: "eks.amazonaws.com", mark: "eks:eks-cluster-name" };

function modern(cluster: ClusterAtWork, { name, type, deletionProtection }: Wanted): void {
  const { place, record } = cluster;
  const { world, region } = place;
  const called = `k8s-default-${name.slice(0, 8)}-${hash(record.name, name, 10)}`;
  const { loadBalancers, targetGroups } = world.region(region).elbv2;
  if (Object.values(loadBalancers).some((each) => each.name === called)) return;
  const isIngress = type === "application";
  const isAutoMode = record.autoMode.enabled;
  const { domain, mark } = isAutoMode ? autoMode : controller;
  const stack = `${isIngress ? "ingress" : "service"}.${domain}`;
  const tags = { [mark]: record.name, [`${stack}/stack`]: `default/${name}` };

  const frontend = groupNamed(cluster, called, "[k8s] Managed SecurityGroup for LoadBalancer", {
    ...tags,
    [`${stack}/resource`]: "ManagedLBSecurityGroup",
  });
  const shared = isAutoMode ? [] : [backendGroup(cluster)];
  const made = makeLoadBalancer(place, {
    name: called,
    type: isIngress ? "application" : "network",
    ...placement(cluster),
    securityGroupIds: [frontend, ...shared],
    tags: { ...tags, [`${stack}/resource`]: "LoadBalancer" },
    ...(deletionProtection ? { attributes: { "deletion_protection.enabled": "true" } } : {}),
  });
  const protocol = isIngress ? "HTTP" : "TCP";
  const target =
    Object.values(targetGroups).find((each) => each.name === called) ??
    makeTargetGroup(place, { name: called, protocol, port: 80, vpcId: made.vpcId, targetType: "ip", tags });
  makeListener(place, { loadBalancerArn: made.arn, protocol, port: 80, targetGroupArn: target.arn, tags });
}

/** The group of all load balancers of the controller, which nodes let in. */
function backendGroup(cluster: ClusterAtWork): string {
  const { place, record } = cluster;
  const name = `k8s-traffic-${record.name}-${hash(record.name, "traffic", 10)}`;
  const group = groupNamed(cluster, name, "[k8s] Shared Backend SecurityGroup for LoadBalancer", {
    [controller.mark]: record.name,
    "elbv2.k8s.aws/resource": "backend-sg",
  });
  for (const groupId of cluster.nodeGroups()) {
    admitGroup(place.world, place.region, groupId, group, "elbv2.k8s.aws/targetGroupBinding=shared");
  }
  return group;
}

function groupNamed(
  { place: { world, region }, record }: ClusterAtWork,
  name: string,
  description: string,
  tags: Readonly<Record<string, string>>,
): string {
  const { vpcId } = record.vpc;
  const there = Object.values(world.region(region).ec2.securityGroups).find(
    (group) => group.GroupName === name && group.VpcId === vpcId,
  );
  return there?.GroupId ?? makeSecurityGroup(world, region, { name, description, vpcId, tags });
}

/** One subnet for each zone: those that the internet reaches, where there are any. */
function placement({ place: { world, region }, record }: ClusterAtWork) {
  const isPublic = (id: string) => routeOf(world, region, id) === "internet-gateway";
  const reached = record.vpc.subnetIds.filter(isPublic);
  const candidates = reached.length > 0 ? reached : record.vpc.subnetIds;
  const byZone = new Map(candidates.map((id) => [subnetOf(world, region, id)?.AvailabilityZone, id]));
  const scheme = reached.length > 0 ? ("internet-facing" as const) : ("internal" as const);
  return { subnetIds: [...byZone.values()], scheme };
}

export function hash(cluster: string, name: string, length: number): string {
  return createHash("sha256").update(`${cluster}/${name}`).digest("hex").slice(0, length);
}
