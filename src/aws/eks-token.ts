import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { STSClient } from "@aws-sdk/client-sts";
import { getEndpointFromInstructions } from "@smithy/core/endpoints";
import { HttpRequest } from "@smithy/core/transport";
import type { Clock } from "../clock.ts";
import { realClock } from "../clock.ts";

/** A bearer token for the Kubernetes API of an EKS cluster. */
export interface EksToken {
  /** `k8s-aws-v1.` and the presigned URL in base64url. */
  readonly token: string;
  /** From then on EKS refuses it. */
  readonly expiration: Date;
}

export interface TokenRequest {
  /** Whose credentials, region and endpoint are used. */
  readonly sts: STSClient;
  readonly cluster: string;
  /** Signatures carry real time, also where everything else runs on a virtual clock. */
  readonly clock?: Pick<Clock, "now">;
}

/** Seconds that the presigned URL itself asks for; EKS takes no other value. */
const urlExpiresIn = 60;
/** EKS takes a token for 15 minutes after its signature; one minute is left for clocks that differ. */
const tokenLifetime = 14 * 60;

/**
 * A presigned STS GetCallerIdentity request for the regional endpoint, bound to one cluster by a signed header. EKS sends
 * it to STS to learn who is asking.
 */
export async function token({ sts, cluster, clock = realClock }: TokenRequest): Promise<EksToken> {
  const { url } = await getEndpointFromInstructions({}, GetCallerIdentityCommand, sts.config, {});
  const request = new HttpRequest({
    method: "GET",
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port && { port: Number(url.port) }),
    path: url.pathname,
    query: { Action: "GetCallerIdentity", Version: "2011-06-15" },
    headers: { host: url.host, "x-k8s-aws-id": cluster },
  });
  const now = clock.now();
  const signer = await sts.config.signer();
  if (!canPresign(signer)) throw new Error("the STS client's signer cannot presign");
  const signed = await signer.presign(request, { signingDate: new Date(now), expiresIn: urlExpiresIn });
  const encoded = Buffer.from(urlOf(signed)).toString("base64url");
  const { expiration: end } = await sts.config.credentials();
  // The token is good as long as what signed it.
  const expiration = Math.min(now + tokenLifetime * 1000, end?.getTime() ?? Infinity);
  return { token: `k8s-aws-v1.${encoded}`, expiration: new Date(expiration) };
}

const execApiVersions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"] as const;
export type ExecApiVersion = (typeof execApiVersions)[number];

/** What an exec plugin prints for kubectl, in the version that it was asked for. */
export function execCredential({ token, expiration }: EksToken, apiVersion: ExecApiVersion) {
  return {
    kind: "ExecCredential",
    apiVersion,
    spec: {},
    status: { expirationTimestamp: expiration.toISOString().replace(/\.\d+Z$/, "Z"), token },
  };
}

/**
 * The version that the caller wants: kubectl says it in KUBERNETES_EXEC_INFO, an ExecCredential as JSON. Without one, or
 * with a version that nobody serves any more, v1.
 */
export function execApiVersion(execInfo: string | undefined): ExecApiVersion {
  return execApiVersions.find((version) => execInfo?.includes(`"${version}"`)) ?? execApiVersions[0];
}

/**
 * The short name of a caller, as it stands in the names of kubeconfig contexts: the last part of the ARN (the session name
 * of an assumed role), `iam-root-account` for the root user.
 */
export function iamName(callerArn: string): string {
  const resource = callerArn.slice(callerArn.lastIndexOf(":") + 1);
  return resource === "root" ? "iam-root-account" : resource.slice(resource.lastIndexOf("/") + 1);
}

interface Presigner {
  presign(request: HttpRequest, options: { signingDate: Date; expiresIn: number }): Promise<HttpRequestParts>;
}
type HttpRequestParts = Pick<HttpRequest, "protocol" | "hostname" | "port" | "path" | "query">;

function canPresign(signer: object): signer is Presigner {
  return "presign" in signer;
}

function urlOf({ protocol, hostname, port, path, query }: HttpRequestParts): string {
  const search = new URLSearchParams(
    Object.entries(query ?? {}).map(([key, value]): [string, string] => [key, String(value)]),
  );
  return `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}${path}?${search.toString()}`;
}
