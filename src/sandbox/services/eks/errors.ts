import { AwsError } from "../../aws-error.ts";

/** What an error is about, as EKS's errors carry it. */
export interface About {
  readonly clusterName?: string;
  readonly nodegroupName?: string;
  readonly addonName?: string;
  readonly fargateProfileName?: string;
}

export const invalidParameter = (message: string, about: About = {}) =>
  new AwsError("InvalidParameterException", message, { members: { ...about } });

export const invalidRequest = (message: string, about: About = {}) =>
  new AwsError("InvalidRequestException", message, { members: { ...about } });

export const resourceInUse = (message: string, about: About = {}) =>
  new AwsError("ResourceInUseException", message, { status: 409, members: { ...about } });

export const resourceNotFound = (message: string, about: About = {}) =>
  new AwsError("ResourceNotFoundException", message, { status: 404, members: { ...about } });

/** For what AWS can do and the sandbox cannot. */
export const notSimulated = (what: string) =>
  new AwsError("NotSimulated", `The sandbox does not simulate ${what}.`, { status: 501 });

/** Throws for each of these members of a request that is there: AWS knows them, the sandbox does not. */
export function refuseUnsimulated<T extends object>(input: T, members: readonly (keyof T & string)[]): void {
  for (const member of members) if (input[member] !== undefined) throw notSimulated(member);
}
