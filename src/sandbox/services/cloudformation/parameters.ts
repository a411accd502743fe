import type { Parameter } from "@aws-sdk/client-cloudformation";
import { validationError } from "./errors.ts";
import type { Json } from "./state.ts";
import { plainText } from "./text.ts";
import type { ParameterDeclaration, Template } from "./template.ts";

/**
 * The value of each parameter that a template declares.
 *
 * @param before what the stack has, for `UsePreviousValue`.
 */
export function parameterValues(
  { parameters }: Template,
  given: readonly Parameter[] = [],
  before: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const unknown = given.map(({ ParameterKey = "" }) => ParameterKey).filter((key) => !Object.hasOwn(parameters, key));
  if (unknown.length > 0) throw validationError(`Parameters: [${unknown.join(", ")}] do not exist in the template`);
  const missing: string[] = [];
  const values: Record<string, string> = {};
  for (const [name, declared] of Object.entries(parameters)) {
    const wanted = given.find(({ ParameterKey }) => ParameterKey === name);
    const fallback = declared.Default === undefined ? undefined : plainText(declared.Default);
    const value = wanted?.UsePreviousValue === true ? before[name] : (wanted?.ParameterValue ?? fallback);
    if (value === undefined) missing.push(name);
    else values[name] = checked(name, value, declared);
  }
  if (missing.length > 0) throw validationError(`Parameters: [${missing.join(", ")}] must have values`);
  return values;
}

function checked(name: string, value: string, { Type, AllowedValues, AllowedPattern }: ParameterDeclaration): string {
  if (Type === "Number" && !Number.isFinite(Number(value === "" ? Number.NaN : value))) {
    throw validationError(`Parameter '${name}' must be a number.`);
  }
  if (AllowedValues && !AllowedValues.some((allowed) => plainText(allowed) === value)) {
    throw validationError(`Parameter '${name}' must be one of AllowedValues`);
  }
  if (AllowedPattern !== undefined && !new RegExp(`^(?:${AllowedPattern})$`).test(value)) {
    throw validationError(`Parameter '${name}' must match pattern ${AllowedPattern}`);
  }
  return value;
}

/** As `Ref` gives it: a list where the type is one. */
export function referenced({ Type }: ParameterDeclaration, value: string): Json {
  const isList = Type === "CommaDelimitedList" || Type.startsWith("List<");
  return isList ? value.split(",").map((each) => each.trim()) : value;
}
