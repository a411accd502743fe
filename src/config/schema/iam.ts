import * as z from "zod";
import { defaultVpcResourceControllerPolicy, defaultWithOIDC } from "../default-values.ts";
import { flag, policyArn, roleArn } from "./values.ts";

export const iam = z
  .strictObject({
    serviceRoleARN: roleArn().describe("An existing role for the control plane. Default: one is made.").exactOptional(),
    serviceRolePermissionsBoundary: policyArn()
      .describe("Permissions boundary of the control plane's role, when it is made here.")
      .exactOptional(),
    withOIDC: flag()
      .meta({
        description:
          "Make an IAM OIDC provider for the cluster's issuer, so that service accounts can have roles (IRSA). Default: false.",
        default: defaultWithOIDC,
      })
      .exactOptional(),
    vpcResourceControllerPolicy: flag()
      .meta({
        description: "Attach AmazonEKSVPCResourceController to the control plane's role. Default: true.",
        default: defaultVpcResourceControllerPolicy,
      })
      .exactOptional(),
  })
  .describe("The control plane's role, and roles for service accounts.");

/** Permissions by name, for roles of service accounts. */
export const wellKnownPolicies = z
  .strictObject({
    imageBuilder: flag().describe("Push and pull images of ECR. Default: false.").exactOptional(),
    autoScaler: flag().describe("Cluster Autoscaler. Default: false.").exactOptional(),
    awsLoadBalancerController: flag().describe("AWS Load Balancer Controller. Default: false.").exactOptional(),
    externalDNS: flag().describe("ExternalDNS with Route 53. Default: false.").exactOptional(),
    certManager: flag().describe("cert-manager with Route 53. Default: false.").exactOptional(),
    ebsCSIController: flag().describe("The EBS CSI driver's controller. Default: false.").exactOptional(),
    efsCSIController: flag().describe("The EFS CSI driver's controller. Default: false.").exactOptional(),
  })
  .describe("Permissions by the name of what needs them.");
