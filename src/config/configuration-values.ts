import * as z from "zod";
import { parseYaml } from "../yaml.ts";

/**
 * Settings of an add-on as data: `addons[].configurationValues` is JSON or YAML text.
 *
 * @throws YamlError when the text is neither.
 */
export function parseConfigurationValues(text: string | undefined): unknown {
  return text === undefined ? undefined : parseYaml(text).value;
}

/**
 * What is wrong with settings, in words; undefined where the schema has something that is not understood.
 *
 * @param schema the JSON Schema of the add-on's version, as EKS gives it.
 */
export function configurationProblems(text: string, schema: string): readonly string[] | undefined {
  const judge = judgeOf(schema);
  if (judge === undefined) return undefined;
  const result = judge.safeParse(parseConfigurationValues(text));
  return result.success
    ? []
    : result.error.issues.map(({ path, message }) =>
        [path.join("."), message].filter((part) => part !== "").join(": "),
      );
}

function judgeOf(schema: string): z.ZodType | undefined {
  // What the drafts of JSON Schema before 7 have, 7 has, too.
  const $schema = "http://json-schema.org/draft-07/schema#" as const;
  try {
    return z.fromJSONSchema({ ...(JSON.parse(schema) as object), $schema });
  } catch {
    return undefined;
  }
}
