import type { EncryptionConfig } from "@aws-sdk/client-eks";
import type { Call } from "../service.ts";
import { invalidRequest } from "../services/eks/errors.ts";
import { roleOfArn, serviceLinkedRole } from "../services/iam/internal.ts";
import { regionOf } from "./ec2-resources.ts";
import { creatingServiceLinkedRole } from "./iam.ts";
import { given, iamArn, need, type Requirement, resourceTags, tagsIn } from "./requirement.ts";

/** What EKS looks up in EC2 as the caller. */
export function looking(call: Call, ...actions: readonly string[]): Requirement[] {
  return actions.map((action) => need(`ec2:${action}`, "*", regionOf(call)));
}

/** What EKS reads of a role as the caller; nothing where there is none. */
export function reading(role: string | undefined, call: Call, ...actions: readonly string[]): Requirement[] {
  if (role === undefined) return [];
  const { name, tags, permissionsBoundary } = roleOfArn(call.world, role) ?? { name: role.split("/").at(-1) };
  const context = [resourceTags(tagsIn(tags), "iam"), given({ "iam:PermissionsBoundary": permissionsBoundary })];
  return actions.map((action) => ({ ...need(`iam:${action}`, role, ...context), named: `role ${name}` }));
}

/** EKS looks for the role that it works with, and makes it when it is absent, both as the caller. */
export function workingRole(service: string, call: Call): Requirement[] {
  const { name, path, exists } = serviceLinkedRole(call.world, service);
  const find = { ...need("iam:GetRole", iamArn(call, `role${path}${name}`)), named: `role ${name}` };
  return exists ? [find] : [find, creatingServiceLinkedRole(service, call)];
}

/** As `workingRole`, in the words of nodegroups (terraform-aws-modules/terraform-aws-eks#823, XenitAB/terraform-modules#396). */
export function nodegroupWorkingRole(call: Call): Requirement[] {
  const service = "eks-nodegroup.amazonaws.com";
  const { name } = serviceLinkedRole(call.world, service);
  const failures: Readonly<Record<string, string>> = {
    "iam:GetRole": `Failed to validate if SLR: ${name} already exists`,
    "iam:CreateServiceLinkedRole": `Failed to create service linked role: ${name}`,
  };
  return workingRole(service, call).map((each) => ({
    ...each,
    refusal: () => invalidRequest(`${failures[each.action]} due to missing permissions for '${each.action}'`),
  }));
}

export function keysOf(configs: readonly EncryptionConfig[] = []): string[] {
  return configs.flatMap(({ provider }) => provider?.keyArn ?? []);
}

/** EKS gives itself the use of the key, as the caller; not in a way that `kms:GrantIsForAWSResource` would tell. */
export function encrypting(configs: readonly EncryptionConfig[] | undefined): Requirement[] {
  return keysOf(configs).flatMap((key) => [need("kms:DescribeKey", key), need("kms:CreateGrant", key)]);
}
