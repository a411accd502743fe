import type { KubeObject } from "./state.ts";

type Labels = Readonly<Record<string, string>>;

/** Whether an object is what `labelSelector` and `fieldSelector` of a request choose. */
export function selects(query: URLSearchParams, object: KubeObject): boolean {
  return (
    labelsMatch(query.get("labelSelector") ?? "", object.metadata.labels ?? {}) &&
    fieldsMatch(query.get("fieldSelector") ?? "", object)
  );
}

function labelsMatch(selector: string, labels: Labels): boolean {
  return requirements(selector).every((requirement) => meets(requirement, labels));
}

/** At the commas that are not in parentheses. */
function requirements(selector: string): readonly string[] {
  return selector.split(/,(?![^(]*\))/).flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
}

function meets(requirement: string, labels: Labels): boolean {
  const [, key = "", not, list = ""] = /^(\S+)\s+(not)?in\s*\(([^)]*)\)$/.exec(requirement) ?? [];
  if (key !== "") {
    const isIn = list.split(",").some((value) => value.trim() === labels[key]);
    return not ? !isIn : isIn;
  }
  if (requirement.startsWith("!")) return !Object.hasOwn(labels, requirement.slice(1));
  const [, name = "", operator, value = ""] = /^([^=!]+?)\s*(!=|==?)\s*(.*)$/.exec(requirement) ?? [];
  if (operator === undefined) return Object.hasOwn(labels, requirement);
  return operator === "!=" ? labels[name] !== value : labels[name] === value;
}

function fieldsMatch(selector: string, object: KubeObject): boolean {
  return requirements(selector).every((requirement) => {
    const [, path = "", operator, value = ""] = /^([^=!]+)(!=|==?)(.*)$/.exec(requirement) ?? [];
    const actual = fieldAt(object, path.split("."));
    return operator === "!=" ? actual !== value : actual === value;
  });
}

function fieldAt(value: unknown, [step, ...rest]: readonly string[]): string {
  if (step === undefined) return typeof value === "string" || typeof value === "boolean" ? String(value) : "";
  return fieldAt((value as Readonly<Record<string, unknown>> | undefined)?.[step], rest);
}

/** A selector as workloads and budgets have it. */
export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
    readonly values?: readonly string[];
  }[];
}

export function selectorMatches({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): boolean {
  const isEqual = Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
  return (
    isEqual &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const label = labels[key];
      if (operator === "Exists") return label !== undefined;
      if (operator === "DoesNotExist") return label === undefined;
      const isIn = label !== undefined && values.includes(label);
      return operator === "In" ? isIn : !isIn;
    })
  );
}
