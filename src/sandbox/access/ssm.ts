import type * as Ssm from "@aws-sdk/client-ssm";
import type { Call } from "../service.ts";
import { isPublic } from "../services/ssm/public-parameters.ts";
import {
  arn,
  type Context,
  given,
  need,
  removedTags,
  type Requirement,
  requestTags,
  resourceTags,
  type Rows,
  tagsIn,
} from "./requirement.ts";

/** An action on the parameter of this name, whether it is there or not. */
function on(action: string, name: string | undefined, call: Call, ...contexts: readonly Context[]): Requirement {
  const { parameters } = call.world.region(call.region).ssm;
  const tags = name !== undefined && Object.hasOwn(parameters, name) ? parameters[name]?.tags : undefined;
  return need(`ssm:${action}`, parameter(name, call), resourceTags(tags, "ssm"), ...contexts);
}

/** A name with a path begins with a slash, and its ARN has that slash only once. */
function parameter(name = "", call: Call): string {
  const plain = name.replace(/^\//, "");
  // Public ones belong to no account.
  if (isPublic(name)) return `arn:${call.partition}:ssm:${call.region}::parameter/${plain}`;
  return arn(call, "ssm", `parameter/${plain}`);
}

function onName(action: string) {
  return ({ Name }: { readonly Name?: string | undefined }, call: Call) => [on(action, Name, call)];
}

function onNames(action: string) {
  return ({ Names = [] }: { readonly Names?: readonly string[] | undefined }, call: Call) =>
    Names.map((name) => on(action, name, call));
}

export const ssmRows = {
  PutParameter: ({ Name, Overwrite = false, Tags }: Ssm.PutParameterRequest, call: Call) => [
    on("PutParameter", Name, call, requestTags(tagsIn(Tags)), given({ "ssm:Overwrite": Overwrite })),
    ...(Tags?.length ? [on("AddTagsToResource", Name, call, requestTags(tagsIn(Tags)))] : []),
  ],
  GetParameter: onName("GetParameter"),
  GetParameters: onNames("GetParameters"),
  GetParametersByPath: ({ Path, Recursive = false }: Ssm.GetParametersByPathRequest, call: Call) => [
    need("ssm:GetParametersByPath", parameter(Path, call), given({ "ssm:Recursive": Recursive })),
  ],
  GetParameterHistory: onName("GetParameterHistory"),
  DescribeParameters: (_: object, call: Call) => [{ ...need("ssm:DescribeParameters"), named: arn(call, "ssm", "*") }],
  DeleteParameter: onName("DeleteParameter"),
  DeleteParameters: onNames("DeleteParameters"),
  AddTagsToResource: ({ ResourceId, Tags }: Ssm.AddTagsToResourceRequest, call: Call) => [
    on("AddTagsToResource", ResourceId, call, requestTags(tagsIn(Tags))),
  ],
  RemoveTagsFromResource: ({ ResourceId, TagKeys }: Ssm.RemoveTagsFromResourceRequest, call: Call) => [
    on("RemoveTagsFromResource", ResourceId, call, removedTags(TagKeys)),
  ],
  ListTagsForResource: ({ ResourceId }: Ssm.ListTagsForResourceRequest, call: Call) => [
    on("ListTagsForResource", ResourceId, call),
  ],
} satisfies Rows;
