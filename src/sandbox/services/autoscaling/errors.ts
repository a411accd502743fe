import { AwsError, notSimulated } from "../../aws-error.ts";

export const validationError = (message: string) => new AwsError("ValidationError", message);
export const alreadyExists = (message: string) => new AwsError("AlreadyExists", message);
export const resourceInUse = (message: string) => new AwsError("ResourceInUse", message);

/** Refuses parameters that would otherwise be passed over in silence. */
export function takeOnly<T extends object>(operation: string, input: T, simulated: readonly (keyof T)[]): void {
  const taken = new Set<PropertyKey>(simulated);
  const other = Object.entries(input).find(([name, value]) => !taken.has(name) && value !== undefined);
  if (other) throw notSimulated(`autoscaling:${operation} with ${other[0]}`);
}
