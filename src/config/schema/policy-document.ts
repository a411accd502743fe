import * as z from "zod";
import { type Path, isMapping } from "../../yaml.ts";
import { nearest } from "../nearest.ts";
import type { Finding } from "../problems.ts";

type Tell = (path: Path, message: string, details?: Pick<Finding, "hint"> & { readonly at?: "key" }) => void;

/** Characters of all inline policies of a role together, blanks apart (IAM quotas). */
const mostCharacters = 10_240;

const elements = ["Version", "Id", "Statement"];
const parts = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"];

/** An inline policy of a role, as a mapping: Version and Statement. What IAM would call malformed is told with its place. */
export const policyDocument = () =>
  z.record(z.string(), z.unknown()).check((context) => {
    judgeDocument(context.value, (path, message, details = {}) => {
      context.issues.push({
        code: "custom",
        input: context.value,
        path: [...path],
        message,
        params: details,
      });
    });
  });

function judgeDocument(document: Readonly<Record<string, unknown>>, tell: Tell): void {
  const { Version, Statement } = document;
  const isMeant = reportStrange(document, elements, [], tell);
  if (Version !== undefined && Version !== "2012-10-17" && Version !== "2008-10-17") {
    tell(["Version"], 'the version of a policy is "2012-10-17"');
  }
  if (Statement === undefined) {
    if (!isMeant("Statement")) tell([], "a policy document needs a Statement");
    return;
  }
  for (const [path, statement] of items(Statement, ["Statement"])) {
    if (isMapping(statement)) judgeStatement(statement, path, tell);
    else tell(path, "a statement must be a mapping with Effect, Action and Resource");
  }
  const { length } = JSON.stringify(document).replaceAll(/\s/g, "");
  if (length > mostCharacters) tell([], `is ${length} characters long; IAM allows ${mostCharacters} in a role`);
}

function judgeStatement(statement: Readonly<Record<string, unknown>>, at: Path, tell: Tell): void {
  const isMeant = reportStrange(statement, parts, at, tell);
  const { Effect, Sid, Condition } = statement;
  if (Effect === undefined) {
    if (!isMeant("Effect")) tell(at, "a statement needs an Effect: Allow or Deny");
  } else if (Effect !== "Allow" && Effect !== "Deny") tell([...at, "Effect"], "must be Allow or Deny");
  if (Sid !== undefined && (typeof Sid !== "string" || !/^[A-Za-z0-9]*$/.test(Sid))) {
    tell([...at, "Sid"], "may hold letters and digits only");
  }
  if (Condition !== undefined && !isMapping(Condition)) tell([...at, "Condition"], "must be a mapping of operators");
  if (!isMeant("Action")) judgeOneOf(statement, actions, at, tell);
  if (!isMeant("Resource")) judgeOneOf(statement, resources, at, tell);
}

/** Two elements of which a statement has one, and what each of their texts must be. */
interface OneOf {
  readonly names: readonly [string, string];
  readonly isOne: (text: string) => boolean;
  readonly wanted: string;
}

const actions: OneOf = {
  names: ["Action", "NotAction"],
  isOne: (text) => text === "*" || /^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(text),
  wanted: "must be an action, as s3:GetObject or s3:*",
};

const resources: OneOf = {
  names: ["Resource", "NotResource"],
  isOne: (text) => /^(?:\*|arn:|\$\{)/.test(text),
  wanted: 'must be an ARN, or "*"',
};

function judgeOneOf(
  statement: Readonly<Record<string, unknown>>,
  { names, isOne, wanted }: OneOf,
  at: Path,
  tell: Tell,
): void {
  const [first, second] = names.filter((name) => statement[name] !== undefined);
  if (first === undefined) return tell(at, `a statement needs ${names.join(" or ")}`);
  if (second !== undefined)
    return tell([...at, second], `cannot stand beside ${first}: use one of the two`, { at: "key" });
  if (isEmpty(statement[first])) return tell([...at, first], `${wanted}; this list is empty`);
  for (const [path, value] of items(statement[first], [...at, first])) {
    if (typeof value !== "string" || !isOne(value)) tell(path, wanted);
  }
}

/** @returns whether a strange key means an element that is not there. */
function reportStrange(
  mapping: Readonly<Record<string, unknown>>,
  known: readonly string[],
  at: Path,
  tell: Tell,
): (element: string) => boolean {
  const meant = new Set<string>();
  for (const key of Object.keys(mapping)) {
    if (known.includes(key)) continue;
    const near = nearest(key, known);
    if (near !== undefined && !Object.hasOwn(mapping, near)) meant.add(near);
    const message = /^(?:Not)?Principal$/.test(key)
      ? "is for policies of resources; a role's policy speaks of the role"
      : "is no element of a policy";
    const hint = near === undefined ? `known here: ${known.join(", ")}` : `did you mean ${near}?`;
    tell([...at, key], message, { at: "key", hint });
  }
  return (element) => meant.has(element);
}

const isEmpty = (value: unknown) => Array.isArray(value) && value.length === 0;

function items(value: unknown, at: Path): readonly (readonly [Path, unknown])[] {
  return Array.isArray(value) ? value.map((item: unknown, index) => [[...at, index], item]) : [[at, value]];
}
