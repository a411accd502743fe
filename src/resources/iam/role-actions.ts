import { allow, allowWhen, attaching, ourRoles, roleArn, rolesWithOurName, type Where } from "../../aws/permissions.ts";
import type { Action, Planned } from "../../engine/kind.ts";
import type { RoleSpec } from "./role.ts";

type Role = Planned<RoleSpec> | undefined;

/** A role of ours, by its path; without a path by its name. */
function whereOf(role: Role): Where {
  return role === undefined ? ourRoles : { on: [roleArn(role.spec.path, role.name)] };
}

function hasInline(role: Role): boolean {
  return Object.keys(role?.spec.inlinePolicies ?? {}).length > 0;
}

/** Where there is no such role it has no path either: IAM judges by the name. */
function seen(role: Role): Where {
  if (role === undefined) return rolesWithOurName;
  const { name, alike, spec } = role;
  return { on: name === alike ? [roleArn(spec.path, name), roleArn("/", name)] : [roleArn("/", alike)] };
}

const policyLists = ["iam:ListAttachedRolePolicies", "iam:ListRolePolicies"];

export const roleActions = {
  list: allow("iam:ListRoles"),
  read: (role: Role): readonly Action[] => [
    ...allow("iam:GetRole", seen(role)),
    ...allow(policyLists, whereOf(role)),
    ...(hasInline(role)
      ? allow("iam:GetRolePolicy", whereOf(role))
      : allowWhen("somebody gave a role an inline policy", "iam:GetRolePolicy", whereOf(role))),
  ],
  create: (role: Role): readonly Action[] => [
    ...allow("iam:CreateRole", whereOf(role)),
    ...allow("iam:TagRole", whereOf(role), "tags go with CreateRole"),
  ],
  delete: (role: Role): readonly Action[] => [
    ...allow([...policyLists, "iam:ListInstanceProfilesForRole", "iam:DeleteRole"], whereOf(role)),
    ...((role?.spec.managedPolicyArns.length ?? 0) > 0
      ? allow("iam:DetachRolePolicy", whereOf(role))
      : allowWhen("a role has managed policies", "iam:DetachRolePolicy", whereOf(role))),
    ...(hasInline(role)
      ? allow("iam:DeleteRolePolicy", whereOf(role))
      : allowWhen("somebody gave a role an inline policy", "iam:DeleteRolePolicy", whereOf(role))),
  ],
  trust: (role: Role): readonly Action[] => allow("iam:UpdateAssumeRolePolicy", whereOf(role)),
  policies: (role: Role): readonly Action[] => [
    ...attaching(role?.spec.managedPolicyArns ?? [], whereOf(role)),
    ...(hasInline(role) ? allow("iam:PutRolePolicy", whereOf(role)) : []),
    ...allowWhen("a role loses a managed policy", "iam:DetachRolePolicy", whereOf(role)),
    ...allowWhen("a role loses an inline policy", "iam:DeleteRolePolicy", whereOf(role)),
    ...allowWhen("the policies of a role change", "iam:TagRole", whereOf(role)),
  ],
  boundary: (role: Role): readonly Action[] => allow("iam:PutRolePermissionsBoundary", whereOf(role)),
  tags: (role: Role): readonly Action[] => allow(["iam:TagRole", "iam:UntagRole"], whereOf(role)),
};
