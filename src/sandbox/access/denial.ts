import type { AwsError } from "../aws-error.ts";
import type { Call } from "../service.ts";
import { identityOf } from "../services/iam/internal.ts";
import { commonError } from "../wire/dialect.ts";
import type { Protocol } from "../wire/service-model.ts";
import type { Requirement } from "./requirement.ts";

/**
 * The answer to a request that its caller may not make, as the service words it.
 *
 * @param reason why, in IAM's words.
 */
export function accessDenied(requirement: Requirement, reason: string, call: Call, protocol: Protocol): AwsError {
  const { action, resource, named = resource === "*" ? undefined : resource, refusal } = requirement;
  const encoded = encodedMessage(requirement, reason, call);
  if (refusal) return refusal(encoded);
  const on = named === undefined ? "" : ` on resource: ${named}`;
  const message = `User: ${call.principal} is not authorized to perform: ${action}${on} ${reason}`;
  return commonError(protocol, "accessDenied", call.service === "ec2" ? ofEc2(message, on !== "", encoded) : message);
}

/** EC2 encodes what it knows of a denial on a resource: sts:DecodeAuthorizationMessage shows it. */
function ofEc2(message: string, onResource: boolean, encoded: string): string {
  const plain = `You are not authorized to perform this operation. ${message}`;
  return onResource ? `${plain}. Encoded authorization failure message: ${encoded}` : plain;
}

function encodedMessage({ action, resource }: Requirement, reason: string, { world, principal }: Call): string {
  const explicitDeny = reason.startsWith("with an explicit deny");
  const { userId: id } = identityOf(world, principal);
  const known = { allowed: false, explicitDeny, context: { principal: { id, arn: principal }, action, resource } };
  return Buffer.from(JSON.stringify(known)).toString("base64url");
}
