import { allow, allowWhen, stacks, type Where } from "../../aws/permissions.ts";
import type { Action } from "../../engine/kind.ts";

/**
 * What a kind that is a stack takes of CloudFormation itself; what that does with the resources in it is the kind's to say.
 *
 * @param there the case in which there are such stacks, as "there are self-managed nodegroups".
 */
export function cloudFormationActions(
  where: Where,
  there: string,
): Readonly<Record<"looking" | "creating" | "changing" | "deleting", readonly Action[]>> {
  return {
    looking: [
      ...allow("cloudformation:DescribeStacks", stacks),
      ...allowWhen(there, ["cloudformation:GetTemplate", "cloudformation:DescribeStackEvents"], where),
    ],
    creating: allow(["cloudformation:CreateStack", "cloudformation:TagResource"], where),
    changing: allow(
      [
        "cloudformation:CreateChangeSet",
        "cloudformation:DescribeChangeSet",
        "cloudformation:ExecuteChangeSet",
        "cloudformation:TagResource",
      ],
      where,
    ),
    deleting: allow("cloudformation:DeleteStack", where),
  };
}
