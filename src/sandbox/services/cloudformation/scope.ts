import { templateError } from "./errors.ts";
import { resolve, type Scope } from "./intrinsics.ts";
import { referenced } from "./parameters.ts";
import type { Place } from "./place.ts";
import type { ResourceRecord, Source, StackRecord } from "./state.ts";
import type { Template } from "./template.ts";
import { resourceTypes } from "./types/index.ts";

/** Stands for what AWS makes up, as long as it has not. */
export const unknown = "*";

/** What a stack's template is resolved against: its parameters, and its resources as they are now. */
export function scopeOf(
  place: Place,
  stack: Pick<StackRecord, "name" | "id">,
  template: Template,
  { parameters }: Pick<Source, "parameters">,
  resources: Readonly<Record<string, ResourceRecord>>,
): Scope {
  const { world, region } = place;
  const pseudo: Readonly<Record<string, string>> = {
    "AWS::AccountId": world.state.account,
    "AWS::Partition": world.state.partition,
    "AWS::Region": region,
    "AWS::StackId": stack.id,
    "AWS::StackName": stack.name,
    "AWS::URLSuffix": world.state.partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com",
  };
  const scope: Scope = {
    ref(name) {
      if (Object.hasOwn(pseudo, name)) return pseudo[name];
      const declared = template.parameters[name];
      if (declared) return referenced(declared, parameters[name] ?? "");
      if (!Object.hasOwn(template.resources, name)) return undefined;
      const record = resources[name];
      const type = resourceTypes[template.resources[name]?.Type ?? ""];
      if (!record?.physicalId) return unknown;
      return type?.reference?.(record.physicalId) ?? record.physicalId;
    },
    attribute(resource, name) {
      const declared = template.resources[resource];
      if (!declared) throw templateError(`instance of Fn::GetAtt references undefined resource ${resource}`);
      const record = resources[resource];
      if (!record?.physicalId) return unknown;
      const value = resourceTypes[declared.Type]?.attribute(record.physicalId, name, place);
      if (value === undefined)
        throw templateError(`resource ${resource} does not support attribute type ${name} in Fn::GetAtt`);
      return value;
    },
    condition(name) {
      const condition = template.conditions[name];
      if (condition === undefined)
        throw templateError(`unresolved condition dependency ${name} in the Resources block`);
      return resolve(condition, scope) === true;
    },
  };
  return scope;
}

/** The resources of a template whose conditions hold. */
export function activeResources(template: Template, scope: Scope): string[] {
  return Object.entries(template.resources)
    .filter(([, { Condition }]) => Condition === undefined || scope.condition(Condition))
    .map(([id]) => id);
}
