import { notSimulated } from "../../aws-error.ts";
import { parseYaml } from "../../../yaml.ts";
import { formatError, templateError } from "./errors.ts";
import { isObject, referencesIn } from "./intrinsics.ts";
import type { Json, JsonObject } from "./state.ts";
import { resourceTypes } from "./types/index.ts";

export interface ParameterDeclaration {
  readonly Type: string;
  readonly Default?: Json;
  readonly AllowedValues?: readonly Json[];
  readonly AllowedPattern?: string;
  readonly NoEcho?: Json;
}

export interface ResourceDeclaration {
  readonly Type: string;
  readonly Properties: JsonObject;
  readonly DependsOn: readonly string[];
  readonly UpdatePolicy: JsonObject;
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
}

export interface Template {
  readonly description?: string;
  readonly parameters: Readonly<Record<string, ParameterDeclaration>>;
  readonly conditions: JsonObject;
  readonly resources: Readonly<Record<string, ResourceDeclaration>>;
  readonly outputs: Readonly<Record<string, JsonObject>>;
}

/** CloudFormation user guide, "Understand CloudFormation quotas": bytes of a template in a request. */
const maxTemplateBody = 51_200;

const sections = [
  "AWSTemplateFormatVersion",
  "Conditions",
  "Description",
  "Metadata",
  "Outputs",
  "Parameters",
  "Resources",
];
const unsimulated = ["Mappings", "Rules", "Transform", "Hooks"];
const resourceMembers = ["Condition", "DeletionPolicy", "DependsOn", "Metadata", "Properties", "Type", "UpdatePolicy"];
const unsimulatedMembers = ["CreationPolicy", "UpdateReplacePolicy"];

/** Throws ValidationError for what CloudFormation refuses before it does anything. */
export function parseTemplate(body: string | undefined): Template {
  if (body === undefined) throw notSimulated("cloudformation with TemplateURL");
  if (Buffer.byteLength(body) > maxTemplateBody) {
    throw formatError(
      `'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${maxTemplateBody}`,
    );
  }
  const document = read(body);
  for (const key of Object.keys(document)) {
    if (unsimulated.includes(key)) throw notSimulated(`the template section ${key}`);
    if (!sections.includes(key)) throw formatError(`Invalid template property or properties [${key}]`);
  }
  const resources = objectsIn(document, "Resources");
  if (Object.keys(resources).length === 0) throw formatError("At least one Resources member must be defined.");
  const { Description: description } = document;
  const template: Template = {
    ...(typeof description === "string" ? { description } : {}),
    parameters: objectsIn(document, "Parameters") as unknown as Template["parameters"],
    conditions: objectsIn(document, "Conditions"),
    resources: Object.fromEntries(Object.entries(resources).map(([id, declared]) => [id, resourceIn(id, declared)])),
    outputs: objectsIn(document, "Outputs"),
  };
  checkReferences(template);
  checkAcyclic(template);
  return template;
}

function read(body: string): JsonObject {
  try {
    const { value } = parseYaml(body);
    if (isObject(value as Json)) return value as JsonObject;
  } catch (error) {
    throw formatError(`YAML not well-formed. (${error instanceof Error ? error.message : String(error)})`);
  }
  throw formatError("unsupported structure.");
}

function objectsIn(document: JsonObject, section: string): Record<string, JsonObject> {
  const value = document[section] ?? {};
  if (!isObject(value)) throw formatError(`${section} must be an object.`);
  const odd = Object.entries(value).find(([, member]) => !isObject(member));
  if (odd) throw formatError(`Every ${section} member must be an object.`);
  return value as Record<string, JsonObject>;
}

function resourceIn(id: string, declared: JsonObject): ResourceDeclaration {
  for (const key of Object.keys(declared)) {
    if (unsimulatedMembers.includes(key)) throw notSimulated(`${key} of a resource`);
    if (!resourceMembers.includes(key)) throw formatError(`Invalid template resource property '${key}'`);
  }
  if (!/^[A-Za-z0-9]+$/.test(id)) throw formatError(`Resource name ${id} is non alphanumeric.`);
  const { Type, Properties = {}, DependsOn = [], UpdatePolicy = {}, Condition, DeletionPolicy } = declared;
  if (typeof Type !== "string") throw formatError(`Resource ${id} must have a Type`);
  if (!Object.hasOwn(resourceTypes, Type)) {
    if (/^AWS::\w+::\w+$/.test(Type)) throw notSimulated(`the resource type ${Type}`);
    throw formatError(`Unrecognized resource types: [${Type}]`);
  }
  return {
    Type,
    Properties: Properties as JsonObject,
    DependsOn: (Array.isArray(DependsOn) ? DependsOn : [DependsOn]) as string[],
    UpdatePolicy: UpdatePolicy as JsonObject,
    ...(typeof Condition === "string" ? { Condition } : {}),
    ...(typeof DeletionPolicy === "string" ? { DeletionPolicy } : {}),
  };
}

function checkReferences({ parameters, conditions, resources, outputs }: Template): void {
  const known = (name: string) =>
    Object.hasOwn(resources, name) || Object.hasOwn(parameters, name) || name.startsWith("AWS::");
  const unresolved = Object.values(resources).flatMap(({ Properties, DependsOn }) => [
    ...referencesIn(Properties).filter((name) => !known(name)),
    ...DependsOn.filter((name) => !Object.hasOwn(resources, name)),
  ]);
  if (unresolved.length > 0) {
    throw formatError(
      `Unresolved resource dependencies [${[...new Set(unresolved)].join(", ")}] in the Resources block of the template`,
    );
  }
  const inOutputs = referencesIn(outputs as Json).find((name) => !known(name));
  if (inOutputs !== undefined) {
    throw formatError(`Unresolved resource dependencies [${inOutputs}] in the Outputs block of the template`);
  }
  const named = Object.entries(resources).find(
    ([, { Condition }]) => Condition !== undefined && !Object.hasOwn(conditions, Condition),
  );
  if (named)
    throw formatError(
      `Unresolved dependencies [${named[1].Condition}]. Cannot reference resources in the Conditions block of the template`,
    );
}

/** The resources that must be there before a resource. */
export function dependenciesOf({ resources }: Template, id: string): string[] {
  const declared = resources[id];
  if (!declared) return [];
  const named = [...declared.DependsOn, ...referencesIn(declared.Properties)];
  return [...new Set(named)].filter((name) => Object.hasOwn(resources, name));
}

function checkAcyclic(template: Template): void {
  const left = new Set(Object.keys(template.resources));
  for (;;) {
    const free = [...left].filter((id) => dependenciesOf(template, id).every((other) => !left.has(other)));
    if (free.length === 0) break;
    for (const id of free) left.delete(id);
  }
  if (left.size > 0) throw templateError(`Circular dependency between resources: [${[...left].join(", ")}]`);
}
