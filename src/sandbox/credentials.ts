import { createHash } from "node:crypto";
import { realClock } from "../clock.ts";
import type { HttpRequest } from "./wire/http.ts";
import { commonError } from "./wire/dialect.ts";
import type { Protocol } from "./wire/service-model.ts";
import type { Signature } from "./wire/sigv4.ts";
import { isSignedWith, signingTime } from "./wire/sigv4.ts";

/** What requests are signed with. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string;
}

/** The access key that every sandbox account has. */
export const sandboxCredentials = { accessKeyId: "sandbox", secretAccessKey: "sandbox" } as const;

/** The user that the key belongs to. */
export const sandboxUser = { name: "sandbox", id: "AIDASANDBOXSANDBOXSA" } as const;

/** How old a signature may be, and how far ahead, in milliseconds. STS takes presigned requests that long, too. */
const lifetime = 15 * 60_000;

/**
 * Verifies who sent a request. Signing times are real time, whatever the account's clock says.
 *
 * @param registered further keys; one of them may have the id of the sandbox's own.
 * @throws AwsError as the service answers an unknown key, a wrong signature, or one that is too old.
 */
export function authenticate(
  protocol: Protocol,
  request: HttpRequest,
  claims: Signature,
  registered: readonly AccessKey[] = [],
): void {
  const own = registered.find(({ accessKeyId }) => accessKeyId === claims.accessKeyId);
  const key = own ?? (claims.accessKeyId === sandboxCredentials.accessKeyId ? sandboxCredentials : undefined);
  if (!key || (own && own.sessionToken !== sessionTokenOf(request))) {
    throw commonError(protocol, "unknownKey", unknownKeyMessages[protocol]);
  }
  if (!isSignedWith(key.secretAccessKey, request, claims)) {
    throw commonError(
      protocol,
      "wrongSignature",
      "The request signature we calculated does not match the signature you provided. " +
        "Check your AWS Secret Access Key and signing method.",
    );
  }
  const age = realClock.now() - signingTime(claims);
  if (!(Math.abs(age) <= lifetime)) {
    throw commonError(
      protocol,
      "wrongSignature",
      `Signature expired: ${claims.signedAt} is not within the time allowed`,
    );
  }
}

/** A name for the key and session token of a request, from which they cannot be found. */
export function credentialsName(request: HttpRequest, { accessKeyId }: Signature): string {
  return createHash("sha256")
    .update(`${accessKeyId} ${sessionTokenOf(request) ?? ""}`)
    .digest("hex");
}

function sessionTokenOf({ headers, query }: HttpRequest): string | undefined {
  return headers["x-amz-security-token"] ?? query.get("X-Amz-Security-Token") ?? undefined;
}

const invalidToken = "The security token included in the request is invalid.";
const unknownKeyMessages: Readonly<Record<Protocol, string>> = {
  ec2Query: "AWS was not able to validate the provided access credentials",
  awsQuery: invalidToken,
  restJson1: invalidToken,
  awsJson1_0: invalidToken,
  awsJson1_1: invalidToken,
};
