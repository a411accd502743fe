import { AwsError } from "../../aws-error.ts";
import type { Place } from "./place.ts";
import { ec2Of } from "./place.ts";

/** AWS's default quotas (Service Quotas, `vpc` and `ec2`), per region unless said otherwise. */
export const defaultQuotas = {
  vpcs: 5,
  internetGateways: 5,
  addresses: 5,
  /** Per zone. */
  natGateways: 5,
  /** Per VPC, as the next two. */
  subnets: 200,
  routeTables: 200,
  securityGroups: 2500,
  /** Per table. */
  routes: 500,
  /** Per group and direction. */
  securityGroupRules: 60,
  launchTemplates: 5000,
};
export type Quotas = Record<keyof typeof defaultQuotas, number>;

const exceeded: Record<keyof Quotas, { code: string; message: string }> = {
  vpcs: { code: "VpcLimitExceeded", message: "The maximum number of VPCs has been reached." },
  internetGateways: {
    code: "InternetGatewayLimitExceeded",
    message: "The maximum number of internet gateways has been reached.",
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
};

/** Throws the quota's error unless one more than `present` is allowed. */
export function checkQuota(place: Place, quota: keyof Quotas, present: number): void {
  if (present < ec2Of(place).quotas[quota]) return;
  throw new AwsError(exceeded[quota].code, exceeded[quota].message);
}
