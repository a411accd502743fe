import { AwsError } from "../../aws-error.ts";

export const validationError = (message: string) => new AwsError("ValidationError", message);
export const duplicateName = (name: string) =>
  new AwsError(
    "DuplicateLoadBalancerName",
    `A load balancer with the same name '${name}' exists, but with different settings`,
  );
export const invalidConfiguration = (message: string) => new AwsError("InvalidConfigurationRequest", message);

/** Refuses parameters that would otherwise be passed over in silence. */
export function takeOnly<T extends object>(operation: string, input: T, simulated: readonly (keyof T)[]): void {
  const taken = new Set<PropertyKey>(simulated);
  const other = Object.entries(input).find(([name, value]) => !taken.has(name) && value !== undefined);
  if (other) {
    throw new AwsError(
      "NotSimulated",
      `elasticloadbalancing:${operation} with ${other[0]} is not simulated by the sandbox`,
      {
        status: 501,
      },
    );
  }
}
