import { AwsError } from "../../aws-error.ts";
import { type Quota, quotaOf } from "../../quotas.ts";
import type { Place } from "./place.ts";

/** EC2's error for each of its quotas; `#` stands for the quota. */
const exceeded = {
  vpcs: { code: "VpcLimitExceeded", message: "The maximum number of VPCs has been reached." },
  internetGateways: {
    code: "InternetGatewayLimitExceeded",
    message: "The maximum number of internet gateways has been reached.",
  },
  vpnGateways: {
    code: "VpnGatewayLimitExceeded",
    message: "The maximum number of virtual private gateways has been reached.",
  },
  addresses: { code: "AddressLimitExceeded", message: "The maximum number of addresses has been reached." },
  natGateways: { code: "NatGatewayLimitExceeded", message: "The maximum number of NAT Gateways has been reached." },
  subnets: { code: "SubnetLimitExceeded", message: "The maximum number of subnets has been reached." },
  routeTables: { code: "RouteTableLimitExceeded", message: "The maximum number of route tables has been reached." },
  securityGroups: {
    code: "SecurityGroupLimitExceeded",
    message: "The maximum number of security groups has been reached.",
  },
  routes: { code: "RouteLimitExceeded", message: "The maximum number of routes has been reached." },
  securityGroupRules: {
    code: "RulesPerSecurityGroupLimitExceeded",
    message: "The maximum number of rules per security group has been reached.",
  },
  launchTemplates: {
    code: "LaunchTemplateLimitExceeded",
    message: "The maximum number of launch templates has been reached.",
  },
  onDemandVcpus: {
    code: "VcpuLimitExceeded",
    message:
      "You have requested more vCPU capacity than your current vCPU limit of # allows for the instance bucket that the " +
      "specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an " +
      "adjustment to this limit.",
  },
} satisfies Partial<Record<Quota, { code: string; message: string }>>;

/** Throws the quota's error unless so many more than `present` are allowed. */
export function checkQuota(place: Place, quota: keyof typeof exceeded, present: number, more = 1): void {
  const limit = quotaOf(place.world, quota);
  if (present + more <= limit) return;
  throw new AwsError(exceeded[quota].code, exceeded[quota].message.replace("#", String(limit)));
}
