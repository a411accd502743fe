import * as z from "zod";
import { accessPolicy } from "./access.ts";
import { policyDocument } from "./policy-document.ts";
import {
  idcInstanceArn,
  namespaceName,
  policyArn,
  policyArns,
  roleArn,
  tags,
  text,
  uniqueList,
  vpcEndpointId,
} from "./values.ts";

const roleMapping = z.strictObject({
  role: z.enum(["ADMIN", "EDITOR", "VIEWER"]).describe("A role of Argo CD."),
  identities: z
    .array(
      z.strictObject({
        id: text().describe("Its id in IAM Identity Center."),
        type: z.enum(["SSO_USER", "SSO_GROUP"]).describe("A user, or a group."),
      }),
    )
    .min(1, "needs at least one identity")
    .describe("Who has the role: users and groups of IAM Identity Center."),
});

const argocd = z.strictObject({
  namespace: namespaceName()
    .describe("Namespace of Argo CD's resources. Cannot be changed later. Default: argocd.")
    .exactOptional(),
  awsIdc: z
    .strictObject({
      idcInstanceArn: idcInstanceArn().describe("The instance of IAM Identity Center."),
      idcRegion: text().describe("Its region. Default: EKS looks in the cluster's.").exactOptional(),
    })
    .describe("IAM Identity Center, whose users sign in to Argo CD. Cannot be changed later."),
  rbacRoleMappings: z
    .array(roleMapping)
    .describe("Who may do what in Argo CD. [] takes every role away. Default: not managed.")
    .exactOptional(),
  networkAccess: z
    .strictObject({
      vpceIds: uniqueList(vpcEndpointId())
        .describe("VPC endpoints by which alone Argo CD's server is reached. [] opens it to the internet again.")
        .exactOptional(),
    })
    .describe("How Argo CD's server is reached. Default: from the internet.")
    .exactOptional(),
});

export const capability = z.strictObject({
  name: z
    .string()
    .regex(
      /^[A-Za-z0-9][\w-]{0,99}$/,
      "must begin with a letter or digit, and hold at most 100 letters, digits, hyphens and underscores",
    )
    .describe("Name of the capability."),
  type: z
    .enum(["ACK", "KRO", "ARGOCD"])
    .describe(
      "ACK (AWS Controllers for Kubernetes), KRO (Kube Resource Orchestrator) or ARGOCD: one of each a cluster.",
    ),
  roleArn: roleArn()
    .describe("An existing role, which trusts capabilities.eks.amazonaws.com. Default: one is made.")
    .exactOptional(),
  attachPolicyARNs: policyArns().describe("Policies of the role that is made. Default: none.").exactOptional(),
  attachPolicy: policyDocument().describe("An inline policy of the role that is made. Default: none.").exactOptional(),
  permissionsBoundary: policyArn().describe("Permissions boundary of the role that is made.").exactOptional(),
  accessPolicies: z
    .array(accessPolicy)
    .describe("EKS access policies of the role, beside those that the type needs. Default: none.")
    .exactOptional(),
  deletePropagationPolicy: z
    .literal("RETAIN")
    .meta({
      description: "What is in the cluster stays when the capability is deleted. EKS knows nothing else.",
      default: "RETAIN",
    })
    .exactOptional(),
  configuration: z
    .strictObject({ argocd: argocd.describe("Settings of Argo CD, for the type ARGOCD.").exactOptional() })
    .describe("Settings of the type. Needed by ARGOCD.")
    .exactOptional(),
  tags: tags().describe("Tags of the capability and of its role, beside those of metadata.tags.").exactOptional(),
});
