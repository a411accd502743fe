import { z } from "zod";
import { valuesOf } from "./condition-keys.ts";
import { operatorNamed } from "./condition.ts";
import { expressionOf, fitsAny, fitsNone, matchesResource, type Patterns, type Piece, piecesOf } from "./pattern.ts";
import type { RequestContext } from "./request-context.ts";
import { substituted, variableProblem } from "./variables.ts";

const texts = z.union([z.string(), z.array(z.string()).min(1).readonly()], "must be a string, or a list of strings");
const conditionValue = z.union([z.string(), z.boolean(), z.number()]);
const conditionValues = z.union(
  [conditionValue, z.array(conditionValue).readonly()],
  "must be a string, a boolean or a number, or a list of them",
);

const statement = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(["Allow", "Deny"]),
    Action: texts.optional(),
    NotAction: texts.optional(),
    Resource: texts.optional(),
    NotResource: texts.optional(),
    Condition: z.record(z.string(), z.record(z.string(), conditionValues)).optional(),
  })
  .superRefine((written, context) => {
    for (const message of problemsOf(written)) context.addIssue({ code: "custom", message });
  });

const versionWithVariables = "2012-10-17";

/** A permissions policy, as far as the sandbox simulates it; everything else in one is refused by name. */
export const policyDocument = z.strictObject({
  Version: z
    .string()
    .refine((version) => version === versionWithVariables || version === "2008-10-17", "there is no such version")
    .optional(),
  Id: z.string().optional(),
  /** One, or a list. */
  Statement: z.preprocess((written) => (Array.isArray(written) ? written : [written]), z.array(statement).readonly()),
});

export type CheckedPolicyDocument = z.output<typeof policyDocument>;
type WrittenStatement = Omit<z.output<typeof statement>, "Sid">;

function problemsOf(written: WrittenStatement): string[] {
  const { Action, NotAction, Resource, NotResource, Condition = {} } = written;
  return [
    ...((Action === undefined) === (NotAction === undefined) ? ["Action or NotAction is needed, not both"] : []),
    ...((Resource === undefined) === (NotResource === undefined)
      ? ["Resource or NotResource is needed, not both"]
      : []),
    ...listOf(Action ?? NotAction).flatMap((action) =>
      /^(\*|[\w-]+:[\w*?]+)$/.test(action) ? [] : [`'${action}' is no action: it must be '*' or 'service:Name'`],
    ),
    ...listOf(Resource ?? NotResource).flatMap((resource) =>
      /^(\*|arn:.*)$/s.test(resource)
        ? textProblems(resource)
        : [`'${resource}' is no resource: it must be '*' or an ARN`],
    ),
    ...Object.entries(Condition).flatMap(([operator, keys]) => [
      ...(operatorNamed(operator) ? [] : [`the condition operator ${operator} is not simulated`]),
      ...Object.keys(keys).flatMap((key) => keyProblems(operator, key)),
      ...Object.values(keys).flatMap((values) => listOf(values).flatMap((text) => valueProblems(operator, text))),
    ]),
  ];
}

function keyProblems(operator: string, key: string): string[] {
  const count = valuesOf(key);
  if (count === undefined) return [`the condition key ${key} is not simulated`];
  const known = operatorNamed(operator);
  if (count === "multiple" && known && known.set === undefined && operator !== "Null") {
    return [`${key} has many values: ${operator} must be ForAllValues:${operator} or ForAnyValue:${operator}`];
  }
  return [];
}

function valueProblems(operator: string, text: string): string[] {
  if (/Arn(Not)?(Equals|Like)/.test(operator) && !/^arn(:[^:]*){4}:.|\$\{/.test(text)) {
    return [`'${text}' is no ARN, as ${operator} needs it`];
  }
  return textProblems(text);
}

function textProblems(text: string): string[] {
  const problem = variableProblem(text);
  return problem === undefined ? [] : [problem];
}

/** A statement of a policy, as a question that is asked of each request. */
export interface Statement {
  readonly effect: "Allow" | "Deny";
  applies(action: string, resource: string, context: RequestContext): boolean;
}

/** The statements of a document. */
export function statementsOf({ Version, Statement: statements }: CheckedPolicyDocument): Statement[] {
  // The older version of the language has no variables.
  const read = Version === versionWithVariables ? substituted : piecesOf;
  return statements.map((each) => {
    const concernsAction = actionsOf(each);
    return {
      effect: each.Effect,
      applies(action, resource, context) {
        const readAll = (texts: readonly string[]) => texts.map((text) => read(text, context));
        return concernsAction(action) && concernsResource(each, resource, readAll) && isMet(each, context, readAll);
      },
    };
  });
}

/** The names of actions are the same in upper and lower case. Most statements are about others: this is asked often. */
function actionsOf({ Action, NotAction }: WrittenStatement): (action: string) => boolean {
  const named = listOf(Action ?? NotAction).map((pattern) => expressionOf(piecesOf(pattern.toLowerCase())));
  return (action) => named.some((each) => each.test(action.toLowerCase())) === (Action !== undefined);
}

type ReadAll = (texts: readonly string[]) => Patterns;

function concernsResource({ Resource, NotResource }: WrittenStatement, resource: string, readAll: ReadAll): boolean {
  const patterns = readAll(listOf(Resource ?? NotResource));
  const fits = (pattern: readonly Piece[]) => matchesResource(pattern, resource);
  return Resource === undefined ? fitsNone(patterns, fits) : fitsAny(patterns, fits);
}

function isMet({ Condition = {} }: WrittenStatement, context: RequestContext, readAll: ReadAll): boolean {
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) =>
      operatorNamed(operator)?.test(context.values(key), readAll(listOf(values))),
    ),
  );
}

function listOf(values: z.output<typeof conditionValues> | undefined): string[] {
  if (values === undefined) return [];
  return (Array.isArray(values) ? (values as readonly unknown[]) : [values]).map(String);
}
