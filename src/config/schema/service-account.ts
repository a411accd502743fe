import * as z from "zod";
import { policyDocument } from "./policy-document.ts";
import {
  flag,
  labelKey,
  labelValue,
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

/** Whether the beginning of a pattern, up to its first * or ?, is one of what Kubernetes calls service accounts. */
function canFit(pattern: string): boolean {
  const subjects = "system:serviceaccount:";
  const [begin = ""] = pattern.split(/[*?]/);
  return begin.startsWith(subjects) || (subjects.startsWith(begin) && begin !== pattern);
}

/** A service account with a role through the OIDC provider (IRSA). */
export const serviceAccount = z.strictObject({
  metadata: z
    .strictObject({
      name: serviceAccountName().describe("Name of the service account."),
      namespace: serviceAccountNamespace()
        .meta({
          description: "Its namespace, which is made where it is missing. Default: default.",
          default: "default",
        })
        .exactOptional(),
      labels: z.record(labelKey(), labelValue()).describe("Labels of the service account.").exactOptional(),
      annotations: z
        .record(labelKey(), z.string())
        .describe("Annotations of the service account, beside that of the role.")
        .exactOptional(),
    })
    .describe("The service account in Kubernetes."),
  attachPolicyARNs: policyArns().describe("Policies for the role that is made.").exactOptional(),
  attachPolicy: policyDocument().describe("An inline policy for the role that is made.").exactOptional(),
  attachRoleARN: roleArn().describe("An existing role, which trusts the cluster's OIDC provider.").exactOptional(),
  wellKnownPolicies: wellKnownPolicies.exactOptional(),
  permissionsBoundary: policyArn().describe("Permissions boundary of the role that is made.").exactOptional(),
  roleName: roleName().describe("Name of the role that is made. Default: a generated one.").exactOptional(),
  roleOnly: flag()
    .meta({ description: "Make the role, and leave the service account to others. Default: false.", default: false })
    .exactOptional(),
  subjectPattern: text()
    .refine(canFit, "fits no service account: they are called system:serviceaccount:<namespace>:<name>")
    .describe(
      "Who may have the role, in place of the one service account: system:serviceaccount:<namespace>:<name>, where * and ? stand for any text.",
    )
    .exactOptional(),
  tags: tags().describe("Tags of the role, beside those of metadata.tags.").exactOptional(),
});
