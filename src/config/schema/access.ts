import * as z from "zod";
import { defaultAccessEntryType, defaultAuthenticationMode, defaultCreatorAdmin } from "../default-values.ts";
import { accessPolicyArn, flag, principalArn, text, uniqueList } from "./values.ts";

export const accessPolicy = z.strictObject({
  policyARN: accessPolicyArn().describe(
    "An EKS access policy, as arn:<partition>:eks::aws:cluster-access-policy/AmazonEKSViewPolicy.",
  ),
  accessScope: z
    .strictObject({
      type: z.enum(["cluster", "namespace"]).describe("The whole cluster, or some namespaces."),
      namespaces: uniqueList(
        z
          .string()
          .regex(/^[a-z0-9*](?:[-a-z0-9*]{0,61}[a-z0-9*])?$/, "must be the name of a namespace; * stands for any text"),
      )
        .describe("The namespaces, for type namespace.")
        .exactOptional(),
    })
    .describe("Where the policy holds."),
});

export const accessEntry = z.strictObject({
  principalARN: principalArn().describe("The IAM role or user."),
  type: z
    .enum(["STANDARD", "EC2", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX"])
    .meta({
      description: "STANDARD for people and programs; the others for nodes. Default: STANDARD.",
      default: defaultAccessEntryType,
    })
    .exactOptional(),
  kubernetesGroups: uniqueList(text())
    .describe("Groups that the principal is in, for RBAC. Default: none.")
    .exactOptional(),
  kubernetesUsername: text()
    .describe("User name of the principal, for RBAC. Default: EKS makes one of the ARN.")
    .exactOptional(),
  accessPolicies: z
    .array(accessPolicy)
    .describe("EKS access policies of the principal. Default: none.")
    .exactOptional(),
});

export const accessConfig = z
  .strictObject({
    authenticationMode: z
      .enum(["API", "API_AND_CONFIG_MAP", "CONFIG_MAP"])
      .meta({
        description:
          "Who may enter is read from access entries (API), from the aws-auth ConfigMap, or from both. " +
          "Moves only towards API later. Default: API_AND_CONFIG_MAP.",
        default: defaultAuthenticationMode,
      })
      .exactOptional(),
    bootstrapClusterCreatorAdminPermissions: flag()
      .meta({
        description: "Whoever creates the cluster becomes its administrator. Cannot be changed later. Default: true.",
        default: defaultCreatorAdmin,
      })
      .exactOptional(),
    accessEntries: z
      .array(accessEntry)
      .describe("IAM principals that may enter the cluster. Default: none.")
      .exactOptional(),
  })
  .describe("Who may enter the cluster.");
