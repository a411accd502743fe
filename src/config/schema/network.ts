import * as z from "zod";
import {
  defaultIpFamily,
  defaultNatGateway,
  defaultPrivateAccess,
  defaultPublicAccess,
  defaultVpcCidr,
} from "../default-values.ts";
import { givenNetwork } from "./given-network.ts";
import { anyIpv4Cidr, anyIpv6Cidr, flag, ipv4Cidr, ipv6Cidr, readings, text, uniqueList } from "./values.ts";

export const kubernetesNetworkConfig = z
  .strictObject({
    ipFamily: z
      .enum(["IPv4", "IPv6"])
      .meta({
        description: "IP family of pods and services. Cannot be changed later. Default: IPv4.",
        default: defaultIpFamily,
      })
      .register(readings, { anyCase: true })
      .exactOptional(),
    serviceIPv4CIDR: ipv4Cidr()
      .describe(
        "Block of the services' addresses: a private block, /12 to /24, that the VPC does not overlap. " +
          "Default: EKS takes 10.100.0.0/16 or 172.20.0.0/16. Cannot be changed later.",
      )
      .exactOptional(),
  })
  .describe("Addresses inside Kubernetes.");

export const availabilityZones = z
  .array(text())
  .min(2, "needs at least two zones: EKS wants subnets in two")
  .describe("Zones of the cluster's subnets, at least two. Default: three (us-east-1: two), chosen once at creation.");

export const localZones = uniqueList(text()).describe(
  "Local Zones that the cluster's own VPC has subnets in as well, for self-managed nodegroups that name them. Default: none.",
);

export const vpc = z
  .strictObject({
    ...givenNetwork,
    cidr: ipv4Cidr()
      .meta({
        description:
          "IPv4 block of the VPC, /16 to /24; split evenly into a public and a private subnet in each zone. " +
          `Of a given VPC: one of its blocks. Default: ${defaultVpcCidr}.`,
        default: defaultVpcCidr,
      })
      .exactOptional(),
    nat: z
      .strictObject({
        gateway: z
          .enum(["HighlyAvailable", "Single", "Disable"])
          .meta({
            description:
              "NAT gateways for the private subnets: one in each zone, one for all, or none. Default: Single.",
            default: defaultNatGateway,
          })
          .exactOptional(),
      })
      .describe("The way out of the private subnets.")
      .exactOptional(),
    clusterEndpoints: z
      .strictObject({
        publicAccess: flag()
          .meta({
            description: "The Kubernetes API is reachable from the internet. Default: true.",
            default: defaultPublicAccess,
          })
          .exactOptional(),
        privateAccess: flag()
          .meta({
            description: "The Kubernetes API is reachable inside the VPC. Default: false.",
            default: defaultPrivateAccess,
          })
          .exactOptional(),
      })
      .describe("From where the Kubernetes API is reachable; at least one of the two.")
      .exactOptional(),
    publicAccessCIDRs: uniqueList(anyIpv4Cidr())
      .max(40, "EKS allows at most 40 blocks")
      .describe("Blocks that may reach the public endpoint. Default: 0.0.0.0/0.")
      .exactOptional(),
    controlPlaneEgressMode: z
      .enum(["AWS_MANAGED", "CUSTOMER_ROUTED"])
      .describe(
        "How the control plane reaches webhooks and identity providers: by AWS's network, or by the routes of its subnets, " +
          "which are then yours to provide. CUSTOMER_ROUTED is for good. Default: AWS_MANAGED, set by EKS.",
      )
      .exactOptional(),
    extraCIDRs: uniqueList(anyIpv4Cidr())
      .describe(
        "More blocks that may reach the private endpoint on port 443, as those of peered networks. Default: none.",
      )
      .exactOptional(),
    extraIPv6CIDRs: uniqueList(anyIpv6Cidr())
      .describe("The same for IPv6 blocks, in an IPv6 cluster. Default: none.")
      .exactOptional(),
    ipv6Cidr: ipv6Cidr()
      .describe("A /56 of ipv6Pool for the VPC of an IPv6 cluster. Default: one of Amazon's. Cannot be changed later.")
      .exactOptional(),
    ipv6Pool: z
      .string()
      .regex(/^ipv6pool-ec2-[0-9a-f]{8,17}$/, "must be the id of a pool of IPv6 addresses: ipv6pool-ec2-…")
      .describe("The pool of the account's own IPv6 addresses (BYOIP) that ipv6Cidr is taken from.")
      .exactOptional(),
    autoAllocateIPv6: flag()
      .describe(
        "The VPC of an IPv4 cluster gets an IPv6 block of Amazon's, and each subnet a part of it. An IPv6 cluster's has one anyway. Default: false.",
      )
      .exactOptional(),
    hostnameType: z
      .enum(["ip-name", "resource-name"])
      .describe("Host names of instances: from their address, or from their id. Default: ip-name, set by EC2.")
      .exactOptional(),
  })
  .describe("The cluster's own VPC, or a given one.");
