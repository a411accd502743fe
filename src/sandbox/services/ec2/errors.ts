import { AwsError, notSimulated } from "../../aws-error.ts";

export const invalidValue = (message: string) => new AwsError("InvalidParameterValue", message);
export const invalidCombination = (message: string) => new AwsError("InvalidParameterCombination", message);
export const dependencyViolation = (message: string) => new AwsError("DependencyViolation", message);

/** A not-found error of the usual form: `noun` is as EC2 spells it, `The subnet ID 'subnet-1' does not exist`. */
export function notFound(code: string, noun: string): (ids: readonly string[]) => AwsError {
  return (ids) =>
    ids.length === 1
      ? new AwsError(code, `The ${noun} ID '${ids[0]}' does not exist`)
      : new AwsError(code, `The ${noun} IDs '${ids.join(", ")}' do not exist`);
}

export const missingParameter = (name: string) =>
  new AwsError("MissingParameter", `The request must contain the parameter ${name}`);

/** The value of a parameter that the operation requires. */
export function required<T>(value: T | undefined, name: string): T {
  if (value === undefined || value === "") throw missingParameter(name);
  return value;
}

/** Refuses parameters that would otherwise be passed over in silence; `false` asks for nothing. */
export function takeOnly<T extends object>(operation: string, input: T, simulated: readonly (keyof T)[]): void {
  const taken = new Set<PropertyKey>([...simulated, "DryRun"]);
  const other = Object.entries(input).find(
    ([name, value]: [string, unknown]) => !taken.has(name) && value !== undefined && value !== false,
  );
  if (other) throw notSimulated(`${operation} with ${other[0]}`);
}
