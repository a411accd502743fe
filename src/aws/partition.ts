export type Partition = "aws" | "aws-cn" | "aws-us-gov" | "aws-iso" | "aws-iso-b" | "aws-iso-e" | "aws-iso-f";

/** By the start of the region's name, as in the SDK's own partition table. */
const byRegionPrefix: readonly (readonly [prefix: string, partition: Partition])[] = [
  ["cn-", "aws-cn"],
  ["us-gov-", "aws-us-gov"],
  ["us-iso-", "aws-iso"],
  ["us-isob-", "aws-iso-b"],
  ["eu-isoe-", "aws-iso-e"],
  ["us-isof-", "aws-iso-f"],
  ["eu-isof-", "aws-iso-f"],
];

/** The partition that a region belongs to; names that no special partition has are commercial ones. */
export function partitionOf(region: string): Partition {
  return byRegionPrefix.find(([prefix]) => region.startsWith(prefix))?.[1] ?? "aws";
}

/**
 * The service principal of a role's trust policy in a partition, from its commercial name. EKS has one name everywhere;
 * EC2's ends in `.cn` in China (IAM user guide, "AWS services that work with IAM").
 */
export function servicePrincipal(service: string, partition: Partition): string {
  return service === "ec2.amazonaws.com" && partition === "aws-cn" ? "ec2.amazonaws.com.cn" : service;
}
