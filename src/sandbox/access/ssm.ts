import type * as Ssm from "@aws-sdk/client-ssm";
import type { Call } from "../service.ts";
import { arn, given, need, removedTags, requestTags, type Rows, tagsIn } from "./requirement.ts";

/** A name with a path begins with a slash, and its ARN has that slash only once. */
function parameter(name = "", call: Call): string {
  return arn(call, "ssm", `parameter/${name.replace(/^\//, "")}`);
}

function onName(action: string) {
  return ({ Name }: { readonly Name?: string | undefined }, call: Call) => [
    need(`ssm:${action}`, parameter(Name, call)),
  ];
}

function onNames(action: string) {
  return ({ Names = [] }: { readonly Names?: readonly string[] | undefined }, call: Call) =>
    Names.map((name) => need(`ssm:${action}`, parameter(name, call)));
}

export const ssmRows = {
  PutParameter: ({ Name, Overwrite = false, Tags }: Ssm.PutParameterRequest, call: Call) => [
    need("ssm:PutParameter", parameter(Name, call), requestTags(tagsIn(Tags)), given({ "ssm:Overwrite": Overwrite })),
    ...(Tags?.length ? [need("ssm:AddTagsToResource", parameter(Name, call), requestTags(tagsIn(Tags)))] : []),
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
    need("ssm:AddTagsToResource", parameter(ResourceId, call), requestTags(tagsIn(Tags))),
  ],
  RemoveTagsFromResource: ({ ResourceId, TagKeys }: Ssm.RemoveTagsFromResourceRequest, call: Call) => [
    need("ssm:RemoveTagsFromResource", parameter(ResourceId, call), removedTags(TagKeys)),
  ],
  ListTagsForResource: ({ ResourceId }: Ssm.ListTagsForResourceRequest, call: Call) => [
    need("ssm:ListTagsForResource", parameter(ResourceId, call)),
  ],
} satisfies Rows;
