import * as z from "zod";
import { policyDocument } from "./policy-document.ts";
import {
  flag,
  namespaceName,
  policyArn,
  policyArns,
  roleArn,
  roleName,
  serviceAccountName,
  serviceAccountNamespace,
  tags,
  text,
} from "./values.ts";
import { wellKnownPolicies } from "./well-known-policies.ts";

/** The role of an association: a given one, or one that is made. */
const role = {
  roleARN: roleArn().describe("An existing role. Default: one is made of the permissions below.").exactOptional(),
  permissionPolicyARNs: policyArns().describe("Policies for the role that is made.").exactOptional(),
  permissionPolicy: policyDocument().describe("An inline policy for the role that is made.").exactOptional(),
  permissionPolicyName: text()
    .regex(
      /^[\w+=,.@-]*[A-Za-z0-9][\w+=,.@-]*$/,
      "may hold letters, digits and _+=,.@- only, and needs a letter or digit",
    )
    .max(128, "is longer than the 128 characters that IAM allows")
    .describe("Name of the inline policy. Default: Policy1.")
    .exactOptional(),
  roleName: roleName().describe("Name of the role that is made. Default: a generated one.").exactOptional(),
  permissionsBoundaryARN: policyArn().describe("Permissions boundary of the role that is made.").exactOptional(),
};

export const addonPodIdentityAssociation = z.strictObject({
  namespace: namespaceName()
    .describe("Namespace of the service account; for an add-on EKS knows it by itself.")
    .exactOptional(),
  serviceAccountName: serviceAccountName().describe("The service account of the add-on that gets the role."),
  ...role,
});

export const podIdentityAssociation = z.strictObject({
  namespace: serviceAccountNamespace().describe("Namespace of the service account."),
  serviceAccountName: serviceAccountName().describe("The service account that gets the role. It need not exist yet."),
  ...role,
  wellKnownPolicies: wellKnownPolicies.exactOptional(),
  createServiceAccount: flag()
    .meta({
      description: "Make the service account, and its namespace, in Kubernetes. Default: false.",
      default: false,
    })
    .exactOptional(),
  targetRoleARN: roleArn()
    .describe("A role, of another account perhaps, that the pods work with: the association's role assumes it.")
    .exactOptional(),
  disableSessionTags: flag()
    .describe("EKS puts no session tags (cluster, namespace, service account, pod) on the role's sessions.")
    .exactOptional(),
  policy: text()
    .describe(
      "A session policy, as JSON text, that narrows what the role allows. Needs disableSessionTags. Default: none.",
    )
    .exactOptional(),
  tags: tags().describe("Tags of the association and of its role, beside those of metadata.tags.").exactOptional(),
});
