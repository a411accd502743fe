import type { Capability, Parameter, Tag } from "@aws-sdk/client-cloudformation";
import { AwsError } from "../../aws-error.ts";
import { validationError } from "./errors.ts";
import { resolveObject } from "./intrinsics.ts";
import { parameterValues } from "./parameters.ts";
import type { Place } from "./place.ts";
import { activeResources, scopeOf } from "./scope.ts";
import type { Source, StackRecord } from "./state.ts";
import { parseTemplate } from "./template.ts";
import { resourceTypes } from "./types/index.ts";

interface Request {
  readonly TemplateBody?: string | undefined;
  readonly UsePreviousTemplate?: boolean | undefined;
  readonly Parameters?: readonly Parameter[] | undefined;
  readonly Tags?: readonly Tag[] | undefined;
  readonly Capabilities?: readonly Capability[] | undefined;
}

const maxTags = 50;

/** What a request makes a stack from. Throws ValidationError and InsufficientCapabilitiesException. */
export function sourceIn(
  place: Place,
  request: Request,
  stack: Pick<StackRecord, "name" | "id" | "resources"> & { readonly source?: Source },
): Source {
  const before = stack.source;
  if (request.UsePreviousTemplate === true && request.TemplateBody !== undefined) {
    throw validationError("You cannot specify both usePreviousTemplate and Template Body/Template URL.");
  }
  const template = request.UsePreviousTemplate === true ? before?.template : request.TemplateBody;
  const parsed = parseTemplate(template);
  const source: Source = {
    template: template ?? "",
    parameters: parameterValues(parsed, request.Parameters, before?.parameters),
    tags: request.Tags === undefined && before ? before.tags : tagsIn(request.Tags),
    capabilities: [...(request.Capabilities ?? [])],
  };
  const scope = scopeOf(place, stack, parsed, source, stack.resources);
  for (const id of activeResources(parsed, scope)) {
    const declared = parsed.resources[id];
    const type = resourceTypes[declared?.Type ?? ""];
    if (!declared || !type) continue;
    const properties = resolveObject(declared.Properties, scope);
    if (!type.capability) continue;
    const needed: Capability =
      properties[type.capability.named] === undefined ? "CAPABILITY_IAM" : "CAPABILITY_NAMED_IAM";
    const has = source.capabilities.includes("CAPABILITY_NAMED_IAM") || source.capabilities.includes(needed);
    if (!has) throw new AwsError("InsufficientCapabilitiesException", `Requires capabilities : [${needed}]`);
  }
  return source;
}

function tagsIn(tags: readonly Tag[] = []): Record<string, string> {
  const reserved = tags.find(({ Key = "" }) => /^aws:/i.test(Key));
  if (reserved) throw validationError(`aws: prefixed tag key names are not allowed for external use: ${reserved.Key}`);
  const found = Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
  if (Object.keys(found).length < tags.length) throw validationError("Duplicate tag keys");
  if (tags.length > maxTags) throw validationError(`Number of tags exceeds the limit of ${maxTags}`);
  return found;
}
