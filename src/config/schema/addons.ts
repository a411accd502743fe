import * as z from "zod";
import { policyDocument } from "./policy-document.ts";
import { defaultAutoApplyPodIdentity, defaultDisableDefaultAddons } from "../default-values.ts";
import { addonPodIdentityAssociation } from "./pod-identity.ts";
import { flag, namespaceName, policyArn, policyArns, readings, roleArn, tags, text, uniqueList } from "./values.ts";
import { wellKnownPolicies } from "./well-known-policies.ts";

export const addon = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][\w-]*$/i, "must be the name of an EKS add-on, as vpc-cni")
    .describe("Name of the EKS add-on, as vpc-cni, coredns or aws-ebs-csi-driver."),
  version: z
    .string()
    .regex(/^\S+$/, "must be a version such as v1.20.4-eksbuild.1, a part of one, or latest")
    .describe(
      "A version such as v1.20.4-eksbuild.1, a part of one, or latest. Default: what EKS takes for the cluster's version.",
    )
    .exactOptional(),
  configurationValues: text()
    .describe("Settings of the add-on, as JSON or YAML text (a mapping). Default: the add-on's own.")
    .exactOptional(),
  resolveConflicts: z
    .enum(["NONE", "OVERWRITE", "PRESERVE"])
    .describe("What EKS does with settings that somebody changed in the cluster. Default: NONE; at creation OVERWRITE.")
    .register(readings, { anyCase: true })
    .exactOptional(),
  namespaceConfig: z
    .strictObject({ namespace: namespaceName().describe("The namespace. Cannot be changed later.") })
    .describe("Install the add-on in a namespace of its own choice. Default: the add-on's.")
    .exactOptional(),
  serviceAccountRoleARN: roleArn()
    .describe("An existing role for the add-on's service account (IRSA).")
    .exactOptional(),
  attachPolicyARNs: policyArns()
    .describe("Policies for a role that is made for the add-on's service account (IRSA).")
    .exactOptional(),
  attachPolicy: policyDocument()
    .describe("An inline policy for a role that is made for the add-on's service account (IRSA).")
    .exactOptional(),
  wellKnownPolicies: wellKnownPolicies.exactOptional(),
  permissionsBoundary: policyArn().describe("Permissions boundary of the role that is made (IRSA).").exactOptional(),
  podIdentityAssociations: z
    .array(addonPodIdentityAssociation)
    .describe("Roles for the add-on's service accounts by EKS Pod Identity. [] removes them all. Default: not managed.")
    .exactOptional(),
  useDefaultPodIdentityAssociations: flag()
    .meta({
      description: "Make the pod identity associations that AWS recommends for the add-on. Default: false.",
      default: false,
    })
    .exactOptional(),
  tags: tags().describe("Tags of the add-on, beside those of metadata.tags.").exactOptional(),
  publishers: uniqueList(text())
    .describe("Only versions of these publishers are looked at. Default: all.")
    .exactOptional(),
  types: uniqueList(text())
    .describe("Only versions of these types are looked at, as networking. Default: all.")
    .exactOptional(),
  owners: uniqueList(text())
    .describe("Only versions of these owners are looked at, as aws. Default: all.")
    .exactOptional(),
});

export const addonsConfig = z
  .strictObject({
    autoApplyPodIdentityAssociations: flag()
      .meta({
        description:
          "Make the pod identity associations that AWS recommends, for every add-on that has some. Default: false.",
        default: defaultAutoApplyPodIdentity,
      })
      .exactOptional(),
    disableDefaultAddons: flag()
      .meta({
        description:
          "Install only the add-ons that the file lists, not vpc-cni, kube-proxy, coredns and metrics-server. Default: false.",
        default: defaultDisableDefaultAddons,
      })
      .exactOptional(),
  })
  .describe("Settings for all add-ons.");
