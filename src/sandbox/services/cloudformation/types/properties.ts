import { AwsError } from "../../../aws-error.ts";
import type { Json, JsonObject } from "../state.ts";
import type { ResourceType } from "./type.ts";

/** Holds properties to the type's schema. Throws AwsError in the words of its registry. */
export function checkProperties(logicalId: string, type: ResourceType, properties: JsonObject): void {
  const problems = [
    ...Object.entries(properties).flatMap(([name, value]) => {
      const wanted = type.properties[name];
      if (wanted === undefined) return [`#: extraneous key [${name}] is not permitted`];
      return fits(value, wanted) ? [] : [`#/${name}: expected type: ${label(wanted)}, found: ${label(typeOf(value))}`];
    }),
    ...type.required
      .filter((name) => properties[name] === undefined)
      .map((name) => `#: required key [${name}] not found`),
  ];
  if (problems.length === 0) return;
  throw new AwsError(
    "ValidationError",
    `Properties validation failed for resource ${logicalId} with message:\n${problems.join("\n")}`,
  );
}

/** Numbers and booleans may be written as text, and text as they are. */
function fits(value: Json, wanted: string): boolean {
  const found = typeOf(value);
  if (wanted === "array" || wanted === "object") return found === wanted;
  if (wanted === "number")
    return found === "number" || (typeof value === "string" && value !== "" && !Number.isNaN(Number(value)));
  if (wanted === "boolean") return found === "boolean" || value === "true" || value === "false";
  return found !== "array" && found !== "object";
}

function typeOf(value: Json): string {
  return Array.isArray(value) ? "array" : typeof value;
}

function label(type: string): string {
  return type === "array"
    ? "JSONArray"
    : type === "object"
      ? "JSONObject"
      : `${type.charAt(0).toUpperCase()}${type.slice(1)}`;
}
