import * as z from "zod";
import { flag, ipv4Cidr, securityGroupId, subnetId, text, uniqueList, vpcId } from "./values.ts";

const subnets = z.record(
  text(),
  z.strictObject({
    id: subnetId().describe("Id of the subnet.").exactOptional(),
    az: text().describe("Zone of the subnet. Default: its key in the file, where that is a zone.").exactOptional(),
    cidr: ipv4Cidr().describe("Block of the subnet.").exactOptional(),
  }),
);

/** The keys of `vpc` that name what exists. */
export const givenNetwork = {
  id: vpcId().describe("A VPC that exists: it is read, and nothing of it is changed. Needs subnets.").exactOptional(),
  subnets: z
    .strictObject({
      public: subnets.describe("Subnets with a route to an internet gateway.").exactOptional(),
      private: subnets.describe("Subnets without.").exactOptional(),
    })
    .describe(
      "Subnets that exist, in two zones at least, each under its zone or a name of its own: by id, or in the VPC with " +
        "the given id by zone or block.",
    )
    .exactOptional(),
  securityGroup: securityGroupId()
    .describe("Security group of the control plane, beside EKS's own, in the given VPC. Default: one is made.")
    .exactOptional(),
  controlPlaneSecurityGroupIDs: uniqueList(securityGroupId())
    .min(1, "must name a security group, or be left out")
    .max(5, "EKS takes at most 5 security groups")
    .describe(
      "The same for several security groups; extraCIDRs are let in by the first. Not together with securityGroup.",
    )
    .exactOptional(),
  controlPlaneSubnetIDs: uniqueList(subnetId())
    .min(2, "needs at least two subnets, in two zones")
    .describe(
      "Ids of the subnets that the control plane has its interfaces in. Default: those of vpc.subnets. " +
        "Not together with controlPlaneOnPrivateSubnets.",
    )
    .exactOptional(),
  controlPlaneOnPrivateSubnets: flag()
    .describe("The control plane has its interfaces in the private subnets only. Default: false: in all.")
    .exactOptional(),
  sharedNodeSecurityGroup: securityGroupId()
    .describe("The security group that nodes share, in the given VPC. Default: one is made.")
    .exactOptional(),
  manageSharedNodeSecurityGroupRules: flag()
    .meta({
      description: "Join a given sharedNodeSecurityGroup and the cluster's group by rules. Default: true.",
      default: true,
    })
    .exactOptional(),
} as const;
