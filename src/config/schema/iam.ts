import * as z from "zod";
import { defaultVpcResourceControllerPolicy, defaultWithOIDC } from "../default-values.ts";
import { podIdentityAssociation } from "./pod-identity.ts";
import { serviceAccount } from "./service-account.ts";
import { flag, policyArn, roleArn } from "./values.ts";

export const iam = z
  .strictObject({
    serviceRoleARN: roleArn().describe("An existing role for the control plane. Default: one is made.").exactOptional(),
    serviceRolePermissionsBoundary: policyArn()
      .describe("Permissions boundary of the control plane's role, when it is made here.")
      .exactOptional(),
    fargatePodExecutionRoleARN: roleArn()
      .describe("An existing role for the pods of Fargate profiles that name none. Default: one is made.")
      .exactOptional(),
    fargatePodExecutionRolePermissionsBoundary: policyArn()
      .describe("Permissions boundary of the role of Fargate's pods, when it is made here.")
      .exactOptional(),
    withOIDC: flag()
      .meta({
        description:
          "Make an IAM OIDC provider for the cluster's issuer, so that service accounts can have roles (IRSA). Default: false; true where an add-on gets its role by one.",
        default: defaultWithOIDC,
      })
      .exactOptional(),
    vpcResourceControllerPolicy: flag()
      .meta({
        description: "Attach AmazonEKSVPCResourceController to the control plane's role. Default: true.",
        default: defaultVpcResourceControllerPolicy,
      })
      .exactOptional(),
    serviceAccounts: z
      .array(serviceAccount)
      .describe("Roles for service accounts through the OIDC provider (IRSA). Default: none.")
      .exactOptional(),
    podIdentityAssociations: z
      .array(podIdentityAssociation)
      .describe("Roles for service accounts by EKS Pod Identity. Default: none.")
      .exactOptional(),
  })
  .describe("The control plane's role, and roles for service accounts.");
