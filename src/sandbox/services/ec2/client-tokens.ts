import { AwsError } from "../../aws-error.ts";
import { ec2Of, type Place } from "./place.ts";

/**
 * Makes a resource once for a client token: the same token and request give the id of what was made first. Without a token
 * every request makes one. Throws IdempotentParameterMismatch when a token comes again with another request.
 */
export function once(
  place: Place,
  operation: string,
  input: { readonly ClientToken?: string | undefined },
  make: () => string,
): string {
  const { ClientToken: token, ...rest } = input;
  if (!token) return make();
  const { clientTokens } = ec2Of(place);
  const key = `${operation} ${token}`;
  const request = canonicalJson(rest);
  const earlier = clientTokens[key];
  if (!earlier) {
    const id = make();
    clientTokens[key] = { request, id };
    return id;
  }
  if (earlier.request !== request) {
    throw new AwsError(
      "IdempotentParameterMismatch",
      "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).",
    );
  }
  return earlier.id;
}

/** JSON with the members of every object in order. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
