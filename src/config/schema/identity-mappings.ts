import * as z from "zod";
import { flag, namespaceName, principalArn, text, uniqueList } from "./values.ts";

/** A row of the aws-auth ConfigMap. */
export const identityMapping = z.strictObject({
  arn: principalArn().describe("The IAM role or user.").exactOptional(),
  username: text().describe("User name in Kubernetes. Default: the ARN.").exactOptional(),
  groups: uniqueList(text()).describe("Groups in Kubernetes. Default: none.").exactOptional(),
  account: z
    .string()
    .regex(/^\d{12}$/, "must be the twelve digits of an AWS account, in quotes")
    .describe("An AWS account whose roles and users all come in, each under its ARN. Stands alone.")
    .exactOptional(),
  serviceName: z
    .literal("emr-containers")
    .describe(
      "Amazon EMR on EKS, whose service-linked role may then run jobs in the namespace. Stands alone, with the namespace.",
    )
    .exactOptional(),
  namespace: namespaceName()
    .describe("The namespace that the service works in; made where it is missing.")
    .exactOptional(),
  noDuplicateARNs: flag().describe("Refuse a second mapping of the ARN. Here that is always so.").exactOptional(),
});
