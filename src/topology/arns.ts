import type { Facts } from "../facts/types.ts";
import type { Scope } from "./scope.ts";

/** The ARN of a policy that AWS manages: `AmazonEKSClusterPolicy`, `service-role/AmazonEBSCSIDriverPolicy`. */
export function managedPolicyArn(facts: Facts, name: string): string {
  return `arn:${facts.caller.partition}:iam::aws:policy/${name}`;
}

/** The ARN of an access policy, which EKS has for all: `AmazonEKSViewPolicy`. */
export function accessPolicyArn(facts: Facts, name: string): string {
  return `arn:${facts.caller.partition}:eks::aws:cluster-access-policy/${name}`;
}

/** The ARN that a role of the caller's account has or will have. `path` begins and ends with a slash. */
export function roleArn(facts: Pick<Facts, "caller">, path: string, name: string): string {
  return `arn:${facts.caller.partition}:iam::${facts.caller.account}:role${path}${name}`;
}

/** The ARN of something of EKS in the cluster's account and region. */
export function eksArn({ facts, region }: Scope, resource: string): string {
  return `arn:${facts.caller.partition}:eks:${region}:${facts.caller.account}:${resource}`;
}
