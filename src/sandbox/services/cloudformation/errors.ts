import { AwsError, notSimulated } from "../../aws-error.ts";

export const validationError = (message: string) => new AwsError("ValidationError", message);
export const templateError = (message: string) => validationError(`Template error: ${message}`);
export const formatError = (message: string) => validationError(`Template format error: ${message}`);

/** Refuses parameters that would otherwise be passed over in silence. */
export function takeOnly<T extends object>(operation: string, input: T, simulated: readonly (keyof T)[]): void {
  const taken = new Set<PropertyKey>(simulated);
  const other = Object.entries(input).find(([name, value]) => !taken.has(name) && value !== undefined);
  if (other) throw notSimulated(`cloudformation:${operation} with ${other[0]}`);
}
