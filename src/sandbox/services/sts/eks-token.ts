import { AwsError } from "../../aws-error.ts";
import { type AccessKey, authenticate } from "../../credentials.ts";
import type { HttpRequest } from "../../wire/http.ts";
import { readSignature } from "../../wire/sigv4.ts";

const tokenPrefix = "k8s-aws-v1.";
/** EKS takes no URL that is good for longer, in seconds. */
const maxExpires = 900;

/**
 * Verifies a bearer token as an EKS API server does: a presigned `sts:GetCallerIdentity` URL, in base64url behind a
 * prefix, with the cluster's name signed as the header `x-k8s-aws-id`.
 *
 * @param registered further keys.
 * @returns the access key that signed it.
 * @throws AwsError Unauthorized, or what STS says about the signature.
 */
export function eksTokenKey(token: string, cluster: string, registered: readonly AccessKey[] = []): string {
  if (!token.startsWith(tokenPrefix)) throw unauthorized("the token has no k8s-aws-v1 prefix");
  const text = Buffer.from(token.slice(tokenPrefix.length), "base64url").toString();
  if (!URL.canParse(text)) throw unauthorized("the token holds no URL");
  const url = new URL(text);
  const request: HttpRequest = {
    method: "GET",
    path: url.pathname,
    query: url.searchParams,
    headers: { host: url.host, "x-k8s-aws-id": cluster },
    body: Buffer.alloc(0),
  };
  const claims = readSignature(request);
  if (claims?.service !== "sts" || url.searchParams.get("Action") !== "GetCallerIdentity") {
    throw unauthorized("the token is no presigned sts:GetCallerIdentity");
  }
  if (!claims.signedHeaders.includes("x-k8s-aws-id")) throw unauthorized("the cluster is not signed");
  if (!(claims.expires !== undefined && claims.expires <= maxExpires)) throw unauthorized("the token lives too long");
  authenticate("awsQuery", request, claims, registered);
  return claims.accessKeyId;
}

function unauthorized(reason: string): AwsError {
  return new AwsError("Unauthorized", reason, { status: 401 });
}
