import { AwsError, notSimulated } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import { invalid } from "./errors.ts";

const maxLevels = 15;
/** Characters, the ARN before the name included. */
const maxQualifiedLength = 1011;

const form =
  'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_';

export function parameterArn({ partition, region, account }: Call, name: string): string {
  return `arn:${partition}:ssm:${region}:${account}:parameter/${name.replace(/^\//, "")}`;
}

/** Holds the name of a parameter that is to be made to AWS's rules. */
export function checkNewName(name: string, call: Call): void {
  checkName(name);
  const levels = name.replace(/^\//, "").split("/");
  if (/^aws/i.test(levels[0] ?? "")) {
    throw new AwsError("AccessDeniedException", `No access to reserved parameter name: ${name}.`);
  }
  if (levels.length > 1 && !name.startsWith("/")) throw invalid("Parameter name must be a fully qualified name.");
  if (levels.length > maxLevels) {
    const message = `A parameter hierarchy can have a maximum of ${maxLevels} levels.`;
    throw new AwsError("HierarchyLevelLimitExceededException", message);
  }
  if (parameterArn(call, name).length > maxQualifiedLength) {
    throw invalid(`The fully qualified parameter name has more than ${maxQualifiedLength} characters.`);
  }
}

/** Holds a name, or the path above it, to the form of one. */
export function checkName(name: string): void {
  if (/^\/?aws\/reference\//.test(name)) throw notSimulated(`the public parameter ${name}`);
  if (/^arn:|:/.test(name)) throw notSimulated(`a parameter by its ARN, version or label (${name})`);
  if (!/^\/?[\w.-]+(\/[\w.-]+)*$/.test(name) || /^\/?ssm/i.test(name)) throw invalid(form);
}
