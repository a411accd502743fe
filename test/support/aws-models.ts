import { appendFileSync, readFileSync } from "node:fs";
import type { SeenRequest } from "../../src/sandbox/index.ts";
import { countFile } from "./count-requests.ts";

interface Shape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, string>>;
  readonly member?: string;
  readonly key?: string;
  readonly value?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
}
interface Model {
  /** Where it is from: `elbv2/2015-12-01/service-2.json`. */
  readonly model: string;
  readonly operations: Readonly<Record<string, string | null>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(`../models/${file}`, import.meta.url), "utf8"));
const models: Readonly<Record<string, Model>> = Object.fromEntries(
  [
    "autoscaling",
    "cloudformation",
    "ec2",
    "eks",
    "elb",
    "elbv2",
    "events",
    "iam",
    "kms",
    "logs",
    "outposts",
    "sqs",
    "ssm",
    "sts",
  ].map((service) => [service, read(`${service}.json`) as Model]),
);
/** Members that the SDK has and the published model of the extract does not have yet, as `eks.CreateCluster.name`. */
const newer = new Set(read("newer-members.json") as readonly string[]);

const patterns = new Map<string, RegExp>();
function matches(pattern: string, text: string): boolean {
  const known = patterns.get(pattern) ?? new RegExp(`^(?:${pattern})$`, "u");
  patterns.set(pattern, known);
  return known.test(text);
}

/** What AWS's published model says against a request: unknown or missing members, enums, patterns, lengths, ranges. */
export function violations({ service, version, operation, input }: SeenRequest): readonly string[] {
  const model = models[service] ?? Object.values(models).find(({ model: from }) => from.split("/")[1] === version);
  const shape = model?.operations[operation];
  if (model === undefined || shape === undefined)
    return [`${service}.${operation}: not in test/models (npm run models)`];
  if (shape === null) return [];
  const found: string[] = [];
  walk(model, shape, input, `${service}.${operation}`, found);
  return found;
}

function walk(model: Model, name: string, value: unknown, at: string, found: string[]): void {
  const shape = model.shapes[name];
  if (shape === undefined || value === undefined || value === null) return;
  if (shape.type === "structure") {
    const record = value as Readonly<Record<string, unknown>>;
    for (const member of shape.required ?? [])
      if (record[member] === undefined) found.push(`${at}.${member}: required`);
    for (const [member, inner] of Object.entries(record)) {
      const innerShape = shape.members?.[member];
      if (innerShape !== undefined) walk(model, innerShape, inner, `${at}.${member}`, found);
      else if (inner !== undefined && !newer.has(`${at}.${member}`)) found.push(`${at}.${member}: unknown`);
    }
    return;
  }
  const size = sizeOf(value);
  if (size !== undefined && shape.min !== undefined && size < shape.min) found.push(`${at}: ${size} < ${shape.min}`);
  if (size !== undefined && shape.max !== undefined && size > shape.max) found.push(`${at}: ${size} > ${shape.max}`);
  if (shape.enum && typeof value === "string" && !shape.enum.includes(value)) {
    found.push(`${at}: '${value}' is not in the enum`);
  }
  if (shape.pattern && typeof value === "string" && !matches(shape.pattern, value)) {
    found.push(`${at}: '${value}' does not match ${shape.pattern}`);
  }
  if (Array.isArray(value) && shape.member) for (const one of value) walk(model, shape.member, one, `${at}[]`, found);
  if (shape.type === "map" && shape.key && shape.value) {
    for (const [key, one] of Object.entries(value)) {
      walk(model, shape.key, key, `${at}<key>`, found);
      walk(model, shape.value, one, `${at}.${key}`, found);
    }
  }
}

function sizeOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  if (value instanceof Uint8Array || value instanceof Date || typeof value !== "object" || value === null)
    return undefined;
  return Object.keys(value).length;
}

/** Remembers, for the count at the end of all tests, how many requests were held to the models. */
export function countChecked(requests: number): void {
  const file = process.env[countFile];
  if (file !== undefined) appendFileSync(file, `${requests}\n`);
}
