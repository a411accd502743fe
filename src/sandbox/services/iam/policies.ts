import type * as Iam from "@aws-sdk/client-iam";
import type { Call, Checked } from "../../service.ts";
import type { World } from "../../world.ts";
import { awsManagedPolicies } from "./aws-managed-policies.ts";
import { alreadyExists, deleteConflict, noSuchEntity } from "./errors.ts";
import { everyIam } from "./internal.ts";
import { checkName, checkedPath } from "./names.ts";
import { checkPermissionsPolicy } from "./policy-documents.ts";
import type { PolicyRecord } from "./state.ts";
import { markedPage, withTags } from "./tags.ts";

/** The one version that every policy has here. */
const versionId = "v1";

/** The name of a policy that can be attached. Throws AwsError NoSuchEntity when there is none of this ARN. */
export function policyName(world: World, arn: string): string {
  const known = everyIam(world).find((iam) => Object.hasOwn(iam.policies, arn));
  const name = awsManagedName(world, arn) ?? known?.policies[arn]?.name;
  if (name === undefined) throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
  return name;
}

export const policyHandlers = {
  CreatePolicy(input: Checked<Iam.CreatePolicyRequest>, { world, partition, account }: Call): Iam.CreatePolicyResponse {
    checkName("policyName", input.PolicyName, 128);
    const path = checkedPath(input.Path);
    checkPermissionsPolicy(input.PolicyDocument);
    const { policies } = world.state.iam;
    if (Object.values(policies).some(({ name }) => name.toLowerCase() === input.PolicyName.toLowerCase())) {
      throw alreadyExists(`A policy called ${input.PolicyName} already exists. Duplicate names are not allowed.`);
    }
    const policy: PolicyRecord = {
      name: input.PolicyName,
      path,
      arn: `arn:${partition}:iam::${account}:policy${path}${input.PolicyName}`,
      id: `ANPA${world.hex(17).toUpperCase()}`,
      createdAt: world.now(),
      document: input.PolicyDocument,
      tags: withTags([], input.Tags),
    };
    if (input.Description !== undefined) policy.description = input.Description;
    policies[policy.arn] = policy;
    return { Policy: policyView(world, policy) };
  },

  GetPolicy(input: Checked<Iam.GetPolicyRequest>, { world }: Call): Iam.GetPolicyResponse {
    const policy = customerManaged(world, input.PolicyArn);
    if (policy) return { Policy: policyView(world, policy) };
    const name = awsManagedName(world, input.PolicyArn);
    if (name === undefined) throw noSuchEntity(`Policy ${input.PolicyArn} was not found.`);
    const path = input.PolicyArn.slice(input.PolicyArn.indexOf("/"), -name.length);
    return { Policy: { PolicyName: name, Arn: input.PolicyArn, Path: path, IsAttachable: true } };
  },

  GetPolicyVersion(input: Checked<Iam.GetPolicyVersionRequest>, { world }: Call): Iam.GetPolicyVersionResponse {
    const policy = customerManaged(world, input.PolicyArn);
    if (!policy || input.VersionId !== versionId) {
      throw noSuchEntity(`Policy ${input.PolicyArn} version ${input.VersionId} does not exist or is not attachable.`);
    }
    const version = { VersionId: versionId, IsDefaultVersion: true, CreateDate: new Date(policy.createdAt) };
    return { PolicyVersion: { ...version, Document: encodeURIComponent(policy.document) } };
  },

  /** Customer managed policies only. */
  ListPolicies(input: Iam.ListPoliciesRequest, { world }: Call): Iam.ListPoliciesResponse {
    const all = input.Scope === "AWS" ? [] : Object.values(world.state.iam.policies);
    const found = all
      .filter(({ path }) => path.startsWith(input.PathPrefix ?? "/"))
      .filter(({ arn }) => input.OnlyAttached !== true || attachments(world, arn) > 0);
    const { items, page } = markedPage(found, input);
    return { Policies: items.map((policy) => policyView(world, policy)), ...page };
  },

  DeletePolicy(input: Checked<Iam.DeletePolicyRequest>, { world }: Call): void {
    const policy = customerManaged(world, input.PolicyArn);
    if (!policy) throw noSuchEntity(`Policy ${input.PolicyArn} was not found.`);
    if (attachments(world, policy.arn) > 0 || boundaries(world, policy.arn) > 0) {
      throw deleteConflict("Cannot delete a policy attached to entities.");
    }
    delete world.state.iam.policies[policy.arn];
  },
};

function customerManaged(world: World, arn: string): PolicyRecord | undefined {
  return Object.hasOwn(world.state.iam.policies, arn) ? world.state.iam.policies[arn] : undefined;
}

function awsManagedName(world: World, arn: string): string | undefined {
  const prefix = `arn:${world.state.partition}:iam::aws:policy/`;
  const pathAndName = arn.startsWith(prefix) ? arn.slice(prefix.length) : undefined;
  if (pathAndName === undefined || !awsManagedPolicies.has(pathAndName)) return undefined;
  return pathAndName.split("/").pop();
}

function attachments(world: World, arn: string): number {
  return Object.values(world.state.iam.roles).filter((role) => role.attachedPolicyArns.includes(arn)).length;
}

function boundaries(world: World, arn: string): number {
  return Object.values(world.state.iam.roles).filter((role) => role.permissionsBoundary === arn).length;
}

function policyView(world: World, policy: PolicyRecord): Iam.Policy {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: versionId,
    AttachmentCount: attachments(world, policy.arn),
    PermissionsBoundaryUsageCount: boundaries(world, policy.arn),
    IsAttachable: true,
    Description: policy.description,
    CreateDate: new Date(policy.createdAt),
    UpdateDate: new Date(policy.createdAt),
    Tags: policy.tags,
  };
}
