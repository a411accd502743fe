import { allow, allowWhen, anywhere, newWithOurTag } from "../../aws/permissions.ts";
import type { Action } from "../../engine/kind.ts";

/** What CloudFormation does in IAM Roles Anywhere in the caller's name (the types' handlers in its registry). */
export function anywhereActions(
  operand: "TrustAnchor" | "Profile",
  type: "trust-anchor" | "profile",
): Readonly<Record<"creating" | "changing" | "deleting", readonly Action[]>> {
  const { any, ours, coming } = anywhere(type);
  const looked = "CloudFormation looks at what it has made";
  const looking = [
    ...allow(`rolesanywhere:Get${operand}`, any, looked),
    ...allow("rolesanywhere:ListTagsForResource", undefined, looked),
  ];
  return {
    creating: [
      ...allow(`rolesanywhere:Create${operand}`, newWithOurTag, "CloudFormation makes it"),
      ...allow("rolesanywhere:TagResource", coming, `tags go with Create${operand}`),
      ...looking,
    ],
    changing: [
      ...allow(`rolesanywhere:Update${operand}`, ours, "CloudFormation changes it"),
      ...allowWhen("its tags change", ["rolesanywhere:TagResource", "rolesanywhere:UntagResource"], ours),
      ...looking,
    ],
    deleting: allow(`rolesanywhere:Delete${operand}`, ours, "CloudFormation deletes it"),
  };
}
