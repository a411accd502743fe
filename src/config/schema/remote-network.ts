import * as z from "zod";
import { authorityProblem } from "../certificates.ts";
import { defaultRemoteProvider } from "../default-values.ts";
import { checkedText, ipv4Cidr, readings, roleArn, uniqueList } from "./values.ts";

const networks = () =>
  z
    .array(
      z.strictObject({
        cidrs: uniqueList(ipv4Cidr()).max(15, "EKS allows at most 15 blocks").describe("Private blocks (RFC 1918)."),
      }),
    )
    .max(1, "EKS takes one element: write all blocks into its cidrs");

export const remoteNetworkConfig = z
  .strictObject({
    remoteNodeNetworks: networks()
      .describe("Where hybrid nodes are. Both lists empty: the cluster has none any more.")
      .exactOptional(),
    remotePodNetworks: networks()
      .describe("Where the pods on hybrid nodes are, when the control plane has to reach them. Default: none.")
      .exactOptional(),
    vpcGatewayID: z
      .string()
      .regex(
        /^(?:tgw|vgw)-[0-9a-f]{8,17}$/,
        "must be the id of a transit gateway, tgw-…, or of a virtual private gateway, vgw-…",
      )
      .describe(
        "The transit or virtual private gateway that leads there: the VPC is attached to it, and private subnets get routes.",
      )
      .exactOptional(),
    iam: z
      .strictObject({
        provider: z
          .enum(["ssm", "ira"])
          .meta({
            description:
              "Where hybrid nodes get credentials from: hybrid activations of Systems Manager, or IAM Roles Anywhere. Default: ssm.",
            default: defaultRemoteProvider,
          })
          .register(readings, { anyCase: true })
          .exactOptional(),
        roleARN: roleArn().describe("An existing role for hybrid nodes. Default: one is made.").exactOptional(),
        caBundleCert: checkedText(authorityProblem)
          .describe("For ira: the certificates of the authority that hybrid nodes are known by, as PEM. Two at most.")
          .exactOptional(),
      })
      .describe("The role that hybrid nodes have.")
      .exactOptional(),
  })
  .describe("Hybrid nodes: machines outside of AWS that join the cluster.");
