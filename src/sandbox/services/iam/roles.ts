import type * as Iam from "@aws-sdk/client-iam";
import type { Call, Checked } from "../../service.ts";
import type { World } from "../../world.ts";
import {
  alreadyExists,
  deleteConflict,
  invalidInput,
  limitExceeded,
  noSuchEntity,
  unmodifiable,
  validationError,
} from "./errors.ts";
import { checkName, checkedPath } from "./names.ts";
import { policyName } from "./policies.ts";
import { checkTrustPolicy } from "./policy-documents.ts";
import { makeServiceLinkedRole, serviceLinkedPath, serviceLinkedRoleOf } from "./service-linked-roles.ts";
import type { RoleRecord } from "./state.ts";
import { consistency } from "./consistency.ts";
import { markedPage, withTags, withoutTags } from "./tags.ts";

const maxRoleNameLength = 64;
/** Characters, white space not counted. */
const maxTrustLength = 2048;

/** The role of this name. Throws AwsError NoSuchEntity, also when it is so new that IAM does not answer for it yet. */
export function roleNamed(world: World, name: string): RoleRecord {
  const role = Object.hasOwn(world.state.iam.roles, name) ? world.state.iam.roles[name] : undefined;
  if (!role || role.visibleAt > world.now()) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
}

/** The role of this name, for a change. Throws AwsError NoSuchEntity, or UnmodifiableEntity for one that a service works with. */
export function modifiableRole(world: World, name: string): RoleRecord {
  const role = roleNamed(world, name);
  if (!role.path.startsWith(serviceLinkedPath)) return role;
  throw unmodifiable(
    `Cannot perform the operation on the protected role '${name}' - this role is only modifiable by AWS`,
  );
}

export const roleHandlers = {
  CreateRole(input: Checked<Iam.CreateRoleRequest>, call: Call): Iam.CreateRoleResponse {
    const { world, partition, account } = call;
    const { roles } = world.state.iam;
    checkName("roleName", input.RoleName, maxRoleNameLength);
    const path = checkedPath(input.Path);
    const taken = Object.keys(roles).find((name) => name.toLowerCase() === input.RoleName.toLowerCase());
    if (taken !== undefined) throw alreadyExists(`Role with name ${input.RoleName} already exists.`);
    checkTrust(input.AssumeRolePolicyDocument, call);
    if (input.PermissionsBoundary !== undefined) policyName(world, input.PermissionsBoundary);

    const role: RoleRecord = {
      name: input.RoleName,
      path,
      arn: `arn:${partition}:iam::${account}:role${path}${input.RoleName}`,
      id: `AROA${world.hex(17).toUpperCase()}`,
      createdAt: world.now(),
      maxSessionDuration: sessionDuration(input.MaxSessionDuration),
      trust: input.AssumeRolePolicyDocument,
      inlinePolicies: {},
      attachedPolicyArns: [],
      tags: withTags([], input.Tags),
      ...consistency(world, input.RoleName),
    };
    if (input.Description !== undefined) role.description = input.Description;
    if (input.PermissionsBoundary !== undefined) role.permissionsBoundary = input.PermissionsBoundary;
    roles[role.name] = role;
    return { Role: roleInFull(role) };
  },

  GetRole(input: Checked<Iam.GetRoleRequest>, { world }: Call): Iam.GetRoleResponse {
    return { Role: roleInFull(roleNamed(world, input.RoleName)) };
  },

  /** Like IAM, without tags and permissions boundaries: GetRole or ListRoleTags show those. */
  ListRoles(input: Iam.ListRolesRequest, { world }: Call): Iam.ListRolesResponse {
    const prefix = input.PathPrefix ?? "/";
    const found = Object.values(world.state.iam.roles).filter(
      (role) => role.path.startsWith(prefix) && role.visibleAt <= world.now(),
    );
    const { items, page } = markedPage(found.sort(byName), input);
    return { Roles: items.map(roleInList), ...page };
  },

  UpdateRole(input: Checked<Iam.UpdateRoleRequest>, { world }: Call): Iam.UpdateRoleResponse {
    const role = modifiableRole(world, input.RoleName);
    if (input.Description !== undefined) role.description = input.Description;
    if (input.MaxSessionDuration !== undefined) role.maxSessionDuration = sessionDuration(input.MaxSessionDuration);
    return {};
  },

  UpdateRoleDescription(
    input: Checked<Iam.UpdateRoleDescriptionRequest>,
    { world }: Call,
  ): Iam.UpdateRoleDescriptionResponse {
    const role = roleNamed(world, input.RoleName);
    role.description = input.Description;
    return { Role: roleInFull(role) };
  },

  UpdateAssumeRolePolicy(input: Checked<Iam.UpdateAssumeRolePolicyRequest>, call: Call): void {
    const role = modifiableRole(call.world, input.RoleName);
    checkTrust(input.PolicyDocument, call);
    role.trust = input.PolicyDocument;
    role.usableAt = call.world.now() + call.world.duration("iamPropagation", role.name);
  },

  PutRolePermissionsBoundary(input: Checked<Iam.PutRolePermissionsBoundaryRequest>, { world }: Call): void {
    const role = modifiableRole(world, input.RoleName);
    policyName(world, input.PermissionsBoundary);
    role.permissionsBoundary = input.PermissionsBoundary;
  },

  DeleteRolePermissionsBoundary(input: Checked<Iam.DeleteRolePermissionsBoundaryRequest>, { world }: Call): void {
    const role = modifiableRole(world, input.RoleName);
    if (role.permissionsBoundary === undefined) {
      throw noSuchEntity(`Role ${role.name} does not have a permission boundary assigned.`);
    }
    delete role.permissionsBoundary;
  },

  DeleteRole(input: Checked<Iam.DeleteRoleRequest>, { world }: Call): void {
    const { iam } = world.state;
    const role = modifiableRole(world, input.RoleName);
    if (Object.values(iam.instanceProfiles).some((profile) => profile.roleName === role.name)) {
      throw deleteConflict("Cannot delete entity, must remove roles from instance profile first.");
    }
    if (role.attachedPolicyArns.length > 0)
      throw deleteConflict("Cannot delete entity, must detach all policies first.");
    if (Object.keys(role.inlinePolicies).length > 0) {
      throw deleteConflict("Cannot delete entity, must delete policies first.");
    }
    delete iam.roles[role.name];
  },

  TagRole(input: Checked<Iam.TagRoleRequest>, { world }: Call): void {
    const role = roleNamed(world, input.RoleName);
    role.tags = withTags(role.tags, input.Tags);
  },

  UntagRole(input: Checked<Iam.UntagRoleRequest>, { world }: Call): void {
    const role = roleNamed(world, input.RoleName);
    role.tags = withoutTags(role.tags, input.TagKeys);
  },

  ListRoleTags(input: Checked<Iam.ListRoleTagsRequest>, { world }: Call): Iam.ListRoleTagsResponse {
    const { items, page } = markedPage(roleNamed(world, input.RoleName).tags, input);
    return { Tags: items, ...page };
  },

  CreateServiceLinkedRole(
    input: Checked<Iam.CreateServiceLinkedRoleRequest>,
    { world }: Call,
  ): Iam.CreateServiceLinkedRoleResponse {
    const wanted = serviceLinkedRoleOf(input.AWSServiceName);
    if (!wanted) throw invalidInput(`Service role creation is not allowed for ${input.AWSServiceName}.`);
    if (Object.hasOwn(world.state.iam.roles, wanted.name)) {
      throw invalidInput(
        `Service role name ${wanted.name} has been taken in this account, please try a different suffix.`,
      );
    }
    return { Role: roleInFull(makeServiceLinkedRole(world, input.AWSServiceName, wanted)) };
  },
};

function checkTrust(document: string, { world, account }: Call): void {
  checkTrustPolicy(document, world.state.iam, account);
  if (document.replace(/\s/g, "").length > maxTrustLength) {
    throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${maxTrustLength}`);
  }
}

function sessionDuration(seconds = 3600): number {
  if (seconds >= 3600 && seconds <= 43_200) return seconds;
  throw validationError(
    `1 validation error detected: Value '${seconds}' at 'maxSessionDuration' failed to satisfy constraint: ` +
      "Member must have value between 3600 and 43200",
  );
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}

/** As ListRoles and instance profiles show it. IAM percent-encodes documents in answers (RFC 3986). */
export function roleInList(role: RoleRecord): Iam.Role {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: encodeURIComponent(role.trust),
    Description: role.description,
    MaxSessionDuration: role.maxSessionDuration,
  };
}

function roleInFull(role: RoleRecord): Iam.Role {
  const boundary = role.permissionsBoundary;
  return {
    ...roleInList(role),
    ...(boundary !== undefined && {
      PermissionsBoundary: { PermissionsBoundaryType: "PermissionsBoundaryPolicy", PermissionsBoundaryArn: boundary },
    }),
    ...(role.tags.length > 0 && { Tags: role.tags }),
    RoleLastUsed: {},
  };
}
