import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { HttpRequest } from "./http.ts";

/** The signature of a request: its claims, not yet verified. */
export interface Signature {
  readonly accessKeyId: string;
  readonly region: string;
  /** The service's name in the scope. */
  readonly service: string;
  /** When it was signed, as `20260101T000000Z`; real time. */
  readonly signedAt: string;
  /** Seconds that it is good for from then; presigned requests only. */
  readonly expires?: number;
  readonly date: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** Reads the signature from the Authorization header or, of a presigned request, the query; undefined when there is none. */
export function readSignature(request: HttpRequest): Signature | undefined {
  const header = /^AWS4-HMAC-SHA256 +Credential=([^,]+), *SignedHeaders=([^,]+), *Signature=([0-9a-f]+)$/.exec(
    request.headers["authorization"] ?? "",
  );
  const { query } = request;
  const [credential, signedHeaders, signature] = header
    ? header.slice(1)
    : [query.get("X-Amz-Credential"), query.get("X-Amz-SignedHeaders"), query.get("X-Amz-Signature")];
  const signedAt = header ? request.headers["x-amz-date"] : query.get("X-Amz-Date");
  const [accessKeyId, date, region, service, terminator] = credential?.split("/") ?? [];
  if (!accessKeyId || !date || !region || !service || terminator !== "aws4_request") return undefined;
  if (!signedHeaders || !signature || !signedAt) return undefined;
  const claims = { accessKeyId, region, service, signedAt, date, signedHeaders: signedHeaders.split(";"), signature };
  return header ? claims : { ...claims, expires: Number(query.get("X-Amz-Expires")) };
}

/** Whether the request was signed with this secret (AWS Signature Version 4, for services that encode the path twice). */
export function isSignedWith(secret: string, request: HttpRequest, claims: Signature): boolean {
  const canonicalQuery = [...request.query]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map((pair) => pair.join("="))
    .join("&");
  const canonicalRequest = [
    request.method,
    request.path.split("/").map(percentEncode).join("/"),
    canonicalQuery,
    ...claims.signedHeaders.map((name) => `${name}:${(request.headers[name] ?? "").trim().replace(/ +/g, " ")}`),
    "",
    claims.signedHeaders.join(";"),
    sha256(claims.expires === undefined ? request.body : ""),
  ].join("\n");
  const scope = [claims.date, claims.region, claims.service, "aws4_request"];
  const stringToSign = ["AWS4-HMAC-SHA256", claims.signedAt, scope.join("/"), sha256(canonicalRequest)].join("\n");
  const expected = hmac(signingKey(secret, scope), stringToSign);
  const given = Buffer.from(claims.signature, "hex");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** A key is good for one service and one day: it is worked out once. */
const signingKeys = new Map<string, string | Buffer>();

function signingKey(secret: string, scope: readonly string[]): string | Buffer {
  const name = [secret, ...scope].join("/");
  const key =
    signingKeys.get(name) ?? scope.reduce<string | Buffer>((previous, part) => hmac(previous, part), `AWS4${secret}`);
  signingKeys.set(name, key);
  return key;
}

/** When the request was signed, in milliseconds since the epoch. */
export function signingTime(claims: Signature): number {
  return Date.parse(claims.signedAt.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}

/** By code point, as the signature wants it. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
