import * as z from "zod";
import { parseYaml } from "../yaml.ts";
import { formatPath } from "./errors.ts";
import { findingsOf } from "./messages.ts";

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
  const value = parseConfigurationValues(text);
  const issues = judge.safeParse(value).error?.issues ?? [];
  return issues
    .flatMap((issue) => findingsOf(issue, { value, schema: judge, writtenAt: () => undefined }))
    .map(({ path, message, hint }) => {
      const words = hint === undefined ? message : `${message} (${hint})`;
      return path.length === 0 ? words : `${formatPath(path)}: ${words}`;
    });
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
