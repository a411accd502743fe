import type * as Ssm from "@aws-sdk/client-ssm";
import { AwsError, notSimulated } from "../../aws-error.ts";
import type { Call, Checked } from "../../service.ts";
import { invalid } from "./errors.ts";
import { parameterIn } from "./lookup.ts";
import type { ParameterRecord } from "./state.ts";

const maxTags = 50;

export const tagHandlers = {
  AddTagsToResource(input: Checked<Ssm.AddTagsToResourceRequest>, call: Call): Ssm.AddTagsToResourceResult {
    const parameter = tagged(input, call);
    parameter.tags = newTags(parameter.tags, input.Tags);
    return {};
  },

  RemoveTagsFromResource(
    input: Checked<Ssm.RemoveTagsFromResourceRequest>,
    call: Call,
  ): Ssm.RemoveTagsFromResourceResult {
    const parameter = tagged(input, call);
    for (const key of input.TagKeys) delete parameter.tags[key];
    return {};
  },

  ListTagsForResource(input: Checked<Ssm.ListTagsForResourceRequest>, call: Call): Ssm.ListTagsForResourceResult {
    return { TagList: Object.entries(tagged(input, call).tags).map(([Key, Value]) => ({ Key, Value })) };
  },
};

/** Tags with others laid over them. */
export function newTags(present: Readonly<Record<string, string>>, added: readonly Ssm.Tag[]): Record<string, string> {
  const pairs = added.map(({ Key = "", Value = "" }) => [Key, Value] as const);
  if (pairs.some(([key]) => key.toLowerCase().startsWith("aws:"))) {
    throw invalid("Tag keys that start with aws: are reserved for system use.");
  }
  const tags = { ...present, ...Object.fromEntries(pairs) };
  if (Object.keys(tags).length > maxTags) {
    throw new AwsError("TooManyTagsError", `A parameter has at most ${maxTags} tags.`);
  }
  return tags;
}

function tagged(
  { ResourceType, ResourceId }: { readonly ResourceType: string; readonly ResourceId: string },
  call: Call,
): ParameterRecord {
  if (ResourceType !== "Parameter") throw notSimulated(`tags of an SSM ${ResourceType}`);
  const parameter = parameterIn(call, ResourceId);
  if (!parameter) throw new AwsError("InvalidResourceId", `The resource ID ${ResourceId} is not valid.`);
  return parameter;
}
