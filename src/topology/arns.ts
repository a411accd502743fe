import type { Facts } from "../facts/types.ts";

/** The ARN of a policy that AWS manages: `AmazonEKSClusterPolicy`, `service-role/AmazonEBSCSIDriverPolicy`. */
export function managedPolicyArn(facts: Facts, name: string): string {
  return `arn:${facts.caller.partition}:iam::aws:policy/${name}`;
}

/** The ARN that a role of the caller's account has or will have. `path` begins and ends with a slash. */
export function roleArn(facts: Facts, path: string, name: string): string {
  return `arn:${facts.caller.partition}:iam::${facts.caller.account}:role${path}${name}`;
}
