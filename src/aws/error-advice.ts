import type { CauseClass } from "../errors.ts";
import type { FailedCall } from "./failed-call.ts";

/** Where an error comes from, and what to do about it. */
export interface Advice {
  readonly cause: CauseClass;
  readonly hint?: string;
}

interface Row {
  /** The whole code, or (for errors that quote AWS) anywhere in the message. */
  readonly code?: RegExp;
  readonly message?: RegExp;
  readonly cause: CauseClass;
  readonly hint?: string | ((code: string, call: FailedCall | undefined) => string | undefined);
}

/** What services say of temporary credentials whose time is over. */
export const expiredCodes = /^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenRefreshRequired)$/;

const withoutAccount = "Or try it without an account: --sandbox.";

/** Quotas that new accounts reach first, by EC2's error code (Service Quotas, `ec2` and `vpc`). */
const quotas: Readonly<Record<string, { readonly service: string; readonly code: string; readonly of: string }>> = {
  AddressLimitExceeded: { service: "ec2", code: "L-0263D0A3", of: "Elastic IP addresses" },
  VpcLimitExceeded: { service: "vpc", code: "L-F678F1CE", of: "VPCs per region" },
  InternetGatewayLimitExceeded: { service: "vpc", code: "L-A4707A72", of: "internet gateways per region" },
  NatGatewayLimitExceeded: { service: "vpc", code: "L-FE5A380F", of: "NAT gateways per zone" },
  SecurityGroupLimitExceeded: { service: "vpc", code: "L-E79EC296", of: "security groups per region" },
};

function quotaHint(code: string): string {
  const quota = quotas[code];
  const request =
    quota &&
    `aws service-quotas request-service-quota-increase --service-code ${quota.service} --quota-code ${quota.code} --desired-value N`;
  return request
    ? `The quota for ${quota.of} is used up. Delete what is not needed, or ask for more: ${request}`
    : "A quota of the account is used up. Delete what is not needed, or ask for more in Service Quotas.";
}

function permissionHint(_code: string, call: FailedCall | undefined): string | undefined {
  return call && `The caller needs the permission ${call.service}:${call.operation}.`;
}

/** In order: the first row that fits counts. */
const rows: readonly Row[] = [
  {
    message: /^Region is missing$/,
    cause: "credentials",
    hint: "Name a region: metadata.region in the file, --region, or AWS_REGION.",
  },
  {
    code: /^(CredentialsProviderError|TokenProviderError)$/,
    message: /\bSSO\b|sso login/i,
    cause: "credentials",
    hint: "Sign in again with `aws sso login`, with the same --profile.",
  },
  {
    code: /^(CredentialsProviderError|TokenProviderError)$/,
    cause: "credentials",
    hint: `Set up credentials with \`aws configure\`, or choose a profile with --profile or AWS_PROFILE. ${withoutAccount}`,
  },
  {
    code: expiredCodes,
    cause: "credentials",
    hint: "The session has expired. Sign in again (`aws sso login`, or however you get credentials) and run the same command.",
  },
  {
    code: /^(InvalidClientTokenId|UnrecognizedClientException|AuthFailure|InvalidAccessKeyId|MissingAuthenticationToken(Exception)?)$/,
    cause: "credentials",
    hint: `AWS does not know these credentials. See who you are with \`aws sts get-caller-identity\`; check AWS_ACCESS_KEY_ID, AWS_PROFILE and the region's partition. ${withoutAccount}`,
  },
  {
    code: /^(SignatureDoesNotMatch|InvalidSignature(Exception)?|IncompleteSignature(Exception)?|RequestTimeTooSkewed|RequestInTheFuture)$/,
    cause: "credentials",
    hint: "The signature was refused: check the secret access key, and this machine's clock.",
  },
  {
    code: /^(OptInRequired|SubscriptionRequiredException)$/,
    cause: "credentials",
    hint: "The account has not enabled this region or service.",
  },
  {
    code: /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/,
    cause: "transient",
    hint: "The endpoint cannot be reached: check the spelling of the region, AWS_ENDPOINT_URL, and the network or proxy.",
  },
  {
    code: /^Proxy(Refusal|Unavailable)$/,
    cause: "transient",
    hint: "Check HTTPS_PROXY (with user and password, where the proxy asks for them) and NO_PROXY.",
  },
  {
    code: /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_(GET_ISSUER_CERT(_LOCALLY)?|VERIFY_LEAF_SIGNATURE))$/,
    cause: "config",
    hint: "The certificate is of an authority that is not trusted here, as a proxy's may be: name its file in NODE_EXTRA_CA_CERTS or AWS_CA_BUNDLE.",
  },
  {
    code: /^(AccessDenied(Exception)?|UnauthorizedOperation|UnauthorizedException)$/,
    cause: "permission",
    hint: permissionHint,
  },
  { message: /is not authorized to perform|AccessDenied|UnauthorizedOperation/, cause: "permission" },
  {
    code: /^(?!Request|Bandwidth).*(LimitExceeded|QuotaExceeded)(Exception)?$/,
    cause: "quota",
    hint: quotaHint,
  },
  {
    message: /VcpuLimitExceeded|InstanceLimitExceeded|QuotaExceeded|(VPC|NatGateway|Address)LimitExceeded/i,
    cause: "quota",
  },
  {
    code: /^(Insufficient.*|Unsupported|UnsupportedAvailabilityZoneException)$/,
    cause: "capacity",
    hint: "Choose other zones or instance types, or try again later.",
  },
  { message: /Insufficient(Instance|Free|Address|Host)\w*|UnfulfillableCapacity/, cause: "capacity" },
  {
    code: /^(EntityAlreadyExists(Exception)?|ResourceAlreadyExistsException|.*\.AlreadyExists(Exception)?|.*\.Duplicate|.*AlreadyAssociated|.*\.Conflict)$/,
    cause: "conflict",
  },
  { code: /^ResourceInUse(Exception)?$/, message: /already exists/i, cause: "conflict" },
  { code: /^(DependencyViolation|DeleteConflict(Exception)?|ResourceInUse(Exception)?)$/, cause: "conflict" },
  {
    code: /^(Validation(Error|Exception)|InvalidParameter.*|InvalidInput(Exception)?|InvalidRequestException|MalformedPolicyDocument(Exception)?|Invalid.*\.(Malformed|Range|NotFound)|MissingParameter|BadRequestException)$/,
    cause: "config",
  },
];

/** What is known about an error of this code and message; undefined: nothing. */
export function adviceFor(code: string, message: string, call: FailedCall | undefined): Advice | undefined {
  const row = rows.find(
    (row) =>
      (row.code === undefined || row.code.test(code)) && (row.message === undefined || row.message.test(message)),
  );
  if (!row) return undefined;
  const hint = typeof row.hint === "function" ? row.hint(code, call) : row.hint;
  return hint === undefined ? { cause: row.cause } : { cause: row.cause, hint };
}
