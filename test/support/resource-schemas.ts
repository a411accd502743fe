import { readFileSync } from "node:fs";
import type { CreateStackInput } from "@aws-sdk/client-cloudformation";
import { Ajv } from "ajv";
import type { SeenRequest } from "../../src/sandbox/index.ts";

const schema = JSON.parse(
  readFileSync(new URL("../models/cloudformation-resources.json", import.meta.url), "utf8"),
) as { readonly definitions: Readonly<Record<string, object>> };
const ajv = new Ajv({ allErrors: false, strict: false }).addSchema(schema, "resources");

interface Template {
  readonly Resources?: Readonly<Record<string, { readonly Type: string; readonly Properties?: object }>>;
}

/** What AWS's resource schemas say against a template that ekstool sends: unknown types, unknown or missing properties, wrong types of values. */
export function templateViolations({ service, operation, input }: SeenRequest): readonly string[] {
  if (service !== "cloudformation") return [];
  const { TemplateBody, Tags = [] } = input as Partial<CreateStackInput>;
  if (TemplateBody === undefined || !Tags.some(({ Key }) => Key?.startsWith("ekstool.dev/"))) return [];
  const { Resources = {} } = JSON.parse(TemplateBody) as Template;
  return Object.values(Resources).flatMap(({ Type, Properties = {} }) => {
    const at = `${operation}: ${Type}`;
    if (!Object.hasOwn(schema.definitions, Type)) return [`${at}: not in test/models (npm run models)`];
    const judge = ajv.getSchema(`resources#/definitions/${Type}`);
    if (judge?.(Properties) === true) return [];
    return [`${at}: ${ajv.errorsText(judge?.errors)}`];
  });
}
