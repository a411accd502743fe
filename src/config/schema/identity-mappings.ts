import * as z from "zod";
import { flag, principalArn, text, uniqueList } from "./values.ts";

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
  noDuplicateARNs: flag().describe("Refuse a second mapping of the ARN. Here that is always so.").exactOptional(),
});
