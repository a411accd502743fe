import { notSimulated } from "../../aws-error.ts";
import { templateError } from "./errors.ts";
import type { Json, JsonObject } from "./state.ts";
import { plainText } from "./text.ts";

/** What functions are resolved against. */
export interface Scope {
  /** A parameter, a pseudo parameter or a resource; undefined: there is none. */
  ref(name: string): Json | undefined;
  attribute(resource: string, name: string): Json;
  condition(name: string): boolean;
}

/** Stands for `AWS::NoValue`: the member is left out. */
const nothing = Symbol("AWS::NoValue");
type Resolved = Json | typeof nothing;

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The function call that an object is. */
function callIn(value: Json): { name: string; argument: Json } | undefined {
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? [];
  if (entries.length !== 1 || name === undefined || argument === undefined) return undefined;
  return name === "Ref" || name === "Condition" || name.startsWith("Fn::") ? { name, argument } : undefined;
}

/** The value with all functions carried out. Throws ValidationError. */
export function resolve(value: Json, scope: Scope): Json {
  const resolved = resolveAny(value, scope);
  return resolved === nothing ? null : resolved;
}

export function resolveObject(value: JsonObject, scope: Scope): JsonObject {
  return members(value, scope);
}

function resolveAny(value: Json, scope: Scope): Resolved {
  const call = callIn(value);
  if (call) return functionOf(call.name)(call.argument, scope);
  if (Array.isArray(value)) return value.map((each) => resolveAny(each, scope)).filter((each) => each !== nothing);
  return isObject(value) ? members(value, scope) : value;
}

function members(value: JsonObject, scope: Scope): JsonObject {
  const entries = Object.entries(value).map(([key, member]) => [key, resolveAny(member, scope)] as const);
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, Json] => entry[1] !== nothing));
}

type Fn = (argument: Json, scope: Scope) => Resolved;

function functionOf(name: string): Fn {
  const found = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!found) throw notSimulated(`the template function ${name}`);
  return found;
}

const functions: Readonly<Record<string, Fn>> = {
  Ref: (name, scope) => reference(plainText(name), scope),
  "Fn::GetAtt": (argument, scope) => {
    const [resource, attribute] = attributeIn(argument);
    return scope.attribute(resource, attribute);
  },
  "Fn::Sub": (argument, scope) => {
    const [text, more = {}] = Array.isArray(argument) ? argument : [argument];
    const own = isObject(more) ? members(more, scope) : {};
    return substitutions(plainText(text))
      .reduce((before, name) => {
        const [resource = "", ...attribute] = name.split(".");
        const value = Object.hasOwn(own, name)
          ? own[name]
          : attribute.length > 0
            ? scope.attribute(resource, attribute.join("."))
            : reference(name, scope);
        return before.replaceAll(`\${${name}}`, plainText(value === nothing ? "" : value));
      }, plainText(text))
      .replaceAll("${!", "${");
  },
  "Fn::Join": (argument, scope) => {
    const [delimiter = "", list = []] = listIn("Fn::Join", argument);
    return listOf(resolve(list, scope)).map(plainText).join(plainText(delimiter));
  },
  "Fn::Split": (argument, scope) => {
    const [delimiter = "", text = ""] = listIn("Fn::Split", argument);
    return plainText(resolve(text, scope)).split(plainText(delimiter));
  },
  "Fn::Select": (argument, scope) => {
    const [index = 0, list = []] = listIn("Fn::Select", argument);
    const chosen = listOf(resolve(list, scope))[Number(resolve(index, scope))];
    if (chosen === undefined)
      throw templateError("Fn::Select cannot select nonexistent value at index " + plainText(index));
    return chosen;
  },
  "Fn::If": (argument, scope) => {
    const [name = "", yes = null, no = null] = listIn("Fn::If", argument);
    return resolveAny(scope.condition(plainText(name)) ? yes : no, scope);
  },
  Condition: (name, scope) => scope.condition(plainText(name)),
  "Fn::Equals": (argument, scope) => {
    const [one = null, other = null] = listIn("Fn::Equals", argument);
    return plainText(resolve(one, scope)) === plainText(resolve(other, scope));
  },
  "Fn::Not": (argument, scope) => {
    const [condition = null] = listIn("Fn::Not", argument);
    return resolve(condition, scope) !== true;
  },
  "Fn::And": (argument, scope) => listIn("Fn::And", argument).every((each) => resolve(each, scope) === true),
  "Fn::Or": (argument, scope) => listIn("Fn::Or", argument).some((each) => resolve(each, scope) === true),
};

function reference(name: string, scope: Scope): Resolved {
  if (name === "AWS::NoValue") return nothing;
  const value = scope.ref(name);
  if (value === undefined) throw templateError(`Unresolved dependency ${name}`);
  return value;
}

function attributeIn(argument: Json): [string, string] {
  const parts = typeof argument === "string" ? argument.split(".") : listIn("Fn::GetAtt", argument).map(plainText);
  const [resource = "", ...attribute] = parts;
  if (attribute.length === 0) throw templateError("every Fn::GetAtt object requires two non-empty parameters");
  return [resource, attribute.join(".")];
}

function substitutions(text: string): string[] {
  return [...new Set([...text.matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, name = ""]) => name))];
}

function listIn(name: string, argument: Json): Json[] {
  if (Array.isArray(argument)) return argument;
  throw templateError(`every ${name} object requires a list argument`);
}

function listOf(value: Json): Json[] {
  return Array.isArray(value) ? value : [value];
}

/** What a part of a template refers to: resources, parameters and pseudo parameters. */
export function referencesIn(value: Json): string[] {
  const call = callIn(value);
  if (call?.name === "Ref") return [plainText(call.argument)];
  if (call?.name === "Fn::GetAtt") return [attributeIn(call.argument)[0]];
  if (call?.name === "Fn::Sub") return inSubstitution(call.argument);
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  return isObject(value) ? Object.values(value).flatMap(referencesIn) : [];
}

function inSubstitution(argument: Json): string[] {
  const [text, more = {}] = Array.isArray(argument) ? argument : [argument];
  const own = isObject(more) ? Object.keys(more) : [];
  const names = substitutions(plainText(text)).filter((name) => !own.includes(name));
  return [...names.map((name) => name.split(".")[0] ?? ""), ...referencesIn(more)];
}
