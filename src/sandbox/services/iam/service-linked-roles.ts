import type { World } from "../../world.ts";
import { consistency } from "./consistency.ts";
import type { RoleRecord } from "./state.ts";

/** The service-linked roles that EKS and what it builds on use, by service principal. */
const labels: Readonly<Record<string, string>> = {
  "eks.amazonaws.com": "AmazonEKS",
  "eks-nodegroup.amazonaws.com": "AmazonEKSNodegroup",
  "eks-fargate.amazonaws.com": "AmazonEKSForFargate",
  "autoscaling.amazonaws.com": "AutoScaling",
  "spot.amazonaws.com": "EC2Spot",
  "elasticloadbalancing.amazonaws.com": "ElasticLoadBalancing",
  "rolesanywhere.amazonaws.com": "RolesAnywhere",
};

/** Where all of them are. */
export const serviceLinkedPath = "/aws-service-role/";

interface RoleName {
  readonly name: string;
  readonly path: string;
}

/** What the role is called that a service works with; undefined for a service that is not simulated. */
export function serviceLinkedRoleOf(service: string): RoleName | undefined {
  if (!Object.hasOwn(labels, service)) return undefined;
  return { name: `AWSServiceRoleFor${labels[service]}`, path: `${serviceLinkedPath}${service}/` };
}

/** As CreateServiceLinkedRole makes it, whoever asked for that. */
export function makeServiceLinkedRole(world: World, service: string, { name, path }: RoleName): RoleRecord {
  const { account, partition, iam } = world.state;
  const role: RoleRecord = {
    name,
    path,
    arn: `arn:${partition}:iam::${account}:role${path}${name}`,
    id: `AROA${world.hex(17).toUpperCase()}`,
    createdAt: world.now(),
    maxSessionDuration: 3600,
    trust: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
    }),
    inlinePolicies: {},
    attachedPolicyArns: [],
    tags: [],
    ...consistency(world, name),
  };
  iam.roles[name] = role;
  return role;
}
