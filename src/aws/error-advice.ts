import type { CauseClass } from "../errors.ts";
import { denialOf } from "./denial.ts";
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
  readonly hint?: string | ((said: Said) => string | undefined);
}

/** What AWS said, and to which call. */
interface Said {
  readonly code: string;
  readonly message: string;
  readonly call: FailedCall | undefined;
}

/** What services say of temporary credentials whose time is over. */
export const expiredCodes = /^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenRefreshRequired)$/;

const withoutAccount = "Or try it without an account: --sandbox.";

interface Quota {
  /** As Service Quotas names them. */
  readonly service: string;
  readonly code: string;
  readonly of: string;
}

/** Quotas by EC2's error code, or by the call to EKS that its one code answers. */
const quotas: Readonly<Record<string, Quota>> = {
  AddressLimitExceeded: { service: "ec2", code: "L-0263D0A3", of: "Elastic IP addresses" },
  VpcLimitExceeded: { service: "vpc", code: "L-F678F1CE", of: "VPCs per region" },
  InternetGatewayLimitExceeded: { service: "vpc", code: "L-A4707A72", of: "internet gateways per region" },
  NatGatewayLimitExceeded: { service: "vpc", code: "L-FE5A380F", of: "NAT gateways per zone" },
  SecurityGroupLimitExceeded: { service: "vpc", code: "L-E79EC296", of: "security groups per region" },
  RulesPerSecurityGroupLimitExceeded: { service: "vpc", code: "L-0EA8095F", of: "rules per security group" },
  VcpuLimitExceeded: { service: "ec2", code: "L-1216C47A", of: "vCPUs of running on-demand standard instances" },
  CreateCluster: { service: "eks", code: "L-1194D53C", of: "clusters per region" },
  CreateNodegroup: { service: "eks", code: "L-6D54EA21", of: "managed nodegroups per cluster" },
  CreateFargateProfile: { service: "eks", code: "L-33415657", of: "Fargate profiles per cluster" },
};

function quotaHint({ code, message, call }: Said): string {
  const quoted = /\b\w+LimitExceeded\b/.exec(message)?.[0] ?? "";
  const quota = quotas[code] ?? quotas[quoted] ?? (call?.service === "eks" ? quotas[call.operation] : undefined);
  const request =
    quota &&
    `aws service-quotas request-service-quota-increase --service-code ${quota.service} --quota-code ${quota.code} --desired-value N`;
  return request
    ? `The quota for ${quota.of} is used up. Delete what is not needed, or ask for more: ${request}`
    : "A quota of the account is used up. Delete what is not needed, or ask for more in Service Quotas.";
}

function permissionHint({ message, call }: Said): string | undefined {
  const denial = denialOf(message, call);
  if (denial === undefined) return undefined;
  const what = `${denial.action}${denial.resource === undefined ? "" : ` on ${denial.resource}`}`;
  return denial.explicit
    ? `A policy denies the caller ${what} explicitly: no other policy can allow it.`
    : `The caller needs the permission ${what}. All that a file takes: ekstool utils iam-policy -f FILE --for create`;
}

/** EKS names the zones that it could take instead. */
function zonesHint({ message }: Said): string {
  const zones = /choose from these availability zones: ([\w-]+(?:, [\w-]+)*)/i.exec(message)?.[1];
  return zones
    ? `EKS has room for a control plane in ${zones}: name some of them, two at least, in availabilityZones, and begin anew.`
    : "Choose other zones: availabilityZones in the file.";
}

/** EKS does not say which of EC2's permissions is missing: that is in a message that only AWS can read. */
const launchHint = [
  "The caller needs ec2:RunInstances on the launch template, its image, subnets, security groups, instances, volumes and",
  "network interfaces, and ec2:CreateTags on those that it tags. AWS tells which of them is missing:",
  "aws sts decode-authorization-message --encoded-message MESSAGE",
].join(" ");

/** Nothing tells whether the role may use the key: it is in the key's policy, or in a grant, which callers may not see. */
const keyHint = [
  "A disk's KMS key is not enabled, or Auto Scaling may not use it: it launches nodes by its service-linked role, which a key's usual",
  "policy does not let in. Name that role in the key's policy, or give it a grant: aws kms create-grant --key-id KEY",
  "--grantee-principal arn:PARTITION:iam::ACCOUNT:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
  "--operations Encrypt Decrypt ReEncryptFrom ReEncryptTo GenerateDataKey GenerateDataKeyWithoutPlaintext DescribeKey CreateGrant",
].join(" ");

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
  {
    message: /not authorized to launch instances with this launch template/,
    cause: "permission",
    hint: launchHint,
  },
  {
    message: /is not authorized to perform|due to missing permissions for|AccessDenied|UnauthorizedOperation/,
    cause: "permission",
    hint: permissionHint,
  },
  {
    code: /^(?!Request|Bandwidth).*(LimitExceeded|QuotaExceeded)(Exception)?$/,
    cause: "quota",
    hint: quotaHint,
  },
  {
    message: /VcpuLimitExceeded|InstanceLimitExceeded|QuotaExceeded|(VPC|NatGateway|Address)LimitExceeded/i,
    cause: "quota",
    hint: quotaHint,
  },
  {
    code: /^InvalidStateException$/,
    message: /readiness issues/i,
    cause: "config",
    hint: "See what stands in the way with `aws eks list-insights --cluster-name NAME`, and each one with `aws eks describe-insight`; when it is dealt with, run the same command again. metadata.forceUpdateVersion, and --force of `ekstool upgrade cluster`, go on all the same.",
  },
  {
    message: /Unsupported Kubernetes minor version update/,
    cause: "config",
    hint: "EKS moves a control plane up by one minor at a time. It takes only the last upgrade back, for seven days, and none of a cluster that was made at its version.",
  },
  { code: /^UnsupportedAvailabilityZoneException$/, cause: "capacity", hint: zonesHint },
  {
    // Client.InternalError is EC2's older word for it (kubernetes/kops#11545).
    message: /InvalidKMSKey\.\w+|Client\.InternalError: Client error on launch/,
    cause: "config",
    hint: keyHint,
  },
  {
    message: /Insufficient(Instance|Host)Capacity|UnfulfillableCapacity/,
    cause: "capacity",
    hint: "EC2 has no room for these instances there now. Name more instanceTypes or other availabilityZones for the nodegroup, or run the same command again later.",
  },
  {
    message: /Insufficient(Free)?Address\w*/,
    cause: "capacity",
    hint: "The subnets have no free addresses left: use larger ones, or other subnets.",
  },
  {
    message: /NodeCreationFailure\W+Instances failed to join/,
    cause: "config",
    hint: "Nodes need a way out to the cluster's endpoint and to the image registry, a role with the policies of a node, and an access entry for that very role.",
  },
  {
    message: /NodeCreationFailure\W+Unhealthy nodes/,
    cause: "config",
    hint: "Nodes become ready when vpc-cni and kube-proxy run on them, and vpc-cni may manage network interfaces: see whether these add-ons are there and healthy.",
  },
  {
    code: /^(Insufficient.*|Unsupported)$/,
    cause: "capacity",
    hint: "Choose other zones or instance types, or try again later.",
  },
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
  const hint = typeof row.hint === "function" ? row.hint({ code, message, call }) : row.hint;
  return hint === undefined ? { cause: row.cause } : { cause: row.cause, hint };
}
