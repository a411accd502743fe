import * as z from "zod";
import { type Path, isMapping } from "../../yaml.ts";

type Tell = (path: Path, message: string, hint?: string) => void;

/** Characters of all inline policies of a role together, blanks apart (IAM quotas). */
const mostCharacters = 10_240;

const elements = ["Version", "Id", "Statement"];
const parts = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"];

/** An inline policy of a role, as a mapping: Version and Statement. What IAM would call malformed is told with its place. */
export const policyDocument = () =>
  z.record(z.string(), z.unknown()).check((context) => {
    judgeDocument(context.value, (path, message, hint) => {
      context.issues.push({
        code: "custom",
        input: context.value,
        path: [...path],
        message,
        ...(hint === undefined ? {} : { params: { hint } }),
      });
    });
  });

function judgeDocument(document: Readonly<Record<string, unknown>>, tell: Tell): void {
  const { Version, Statement } = document;
  reportStrange(document, elements, [], tell);
  if (Version !== undefined && Version !== "2012-10-17" && Version !== "2008-10-17") {
    tell(["Version"], 'the version of a policy is "2012-10-17"');
  }
  if (Statement === undefined) return tell([], "a policy document needs a Statement");
  for (const [path, statement] of items(Statement, ["Statement"])) {
    if (isMapping(statement)) judgeStatement(statement, path, tell);
    else tell(path, "a statement must be a mapping with Effect, Action and Resource");
  }
  const { length } = JSON.stringify(document).replaceAll(/\s/g, "");
  if (length > mostCharacters) tell([], `is ${length} characters long; IAM allows ${mostCharacters} in a role`);
}

function judgeStatement(statement: Readonly<Record<string, unknown>>, at: Path, tell: Tell): void {
  reportStrange(statement, parts, at, tell);
  const { Effect, Sid, Condition } = statement;
  if (Effect === undefined) tell(at, "a statement needs an Effect: Allow or Deny");
  else if (Effect !== "Allow" && Effect !== "Deny") tell([...at, "Effect"], "must be Allow or Deny");
  if (Sid !== undefined && (typeof Sid !== "string" || !/^[A-Za-z0-9]*$/.test(Sid))) {
    tell([...at, "Sid"], "may hold letters and digits only");
  }
  if (Condition !== undefined && !isMapping(Condition)) tell([...at, "Condition"], "must be a mapping of operators");
  judgeOneOf(statement, ["Action", "NotAction"], at, tell, isAction, "must be an action, as s3:GetObject or s3:*");
  judgeOneOf(statement, ["Resource", "NotResource"], at, tell, isResource, 'must be an ARN, or "*"');
}

const isAction = (text: string) => text === "*" || /^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(text);
const isResource = (text: string) => /^(?:\*|arn:|\$\{)/.test(text);

function judgeOneOf(
  statement: Readonly<Record<string, unknown>>,
  [key, not]: readonly [string, string],
  at: Path,
  tell: Tell,
  isOne: (text: string) => boolean,
  wanted: string,
): void {
  const given = [key, not].filter((name) => statement[name] !== undefined);
  const [first, second] = given;
  if (first === undefined) return tell(at, `a statement needs ${key} or ${not}`);
  if (second !== undefined) return tell([...at, second], `cannot stand beside ${first}: use one of the two`);
  for (const [path, value] of items(statement[first], [...at, first])) {
    if (typeof value !== "string" || !isOne(value)) tell(path, wanted);
  }
}

function reportStrange(
  mapping: Readonly<Record<string, unknown>>,
  known: readonly string[],
  at: Path,
  tell: Tell,
): void {
  for (const key of Object.keys(mapping)) {
    if (known.includes(key)) continue;
    const message = /^(?:Not)?Principal$/.test(key)
      ? "is for policies of resources; a role's policy speaks of the role"
      : "is no element of a policy";
    tell([...at, key], message, `known here: ${known.join(", ")}`);
  }
}

function items(value: unknown, at: Path): readonly (readonly [Path, unknown])[] {
  return Array.isArray(value) ? value.map((item: unknown, index) => [[...at, index], item]) : [[at, value]];
}
