import { AwsError } from "../aws-error.ts";
import type { Protocol } from "./service-model.ts";

/** What every AWS service may answer whatever was asked; each protocol has its own codes for it. */
type CommonError =
  | "unknownKey"
  | "wrongSignature"
  | "noSignature"
  | "expiredCredentials"
  | "accessDenied"
  | "throttled"
  | "missingParameter"
  | "malformed"
  | "unknownOperation";

/** [code, HTTP status]: the "Common errors" page of a service of that protocol (EC2, IAM, EKS, CloudWatch Logs). */
type Dialect = Readonly<Record<CommonError, readonly [string, number]>>;

const ec2Query: Dialect = {
  unknownKey: ["AuthFailure", 401],
  wrongSignature: ["SignatureDoesNotMatch", 403],
  noSignature: ["MissingAuthenticationToken", 403],
  expiredCredentials: ["RequestExpired", 400],
  accessDenied: ["UnauthorizedOperation", 403],
  throttled: ["RequestLimitExceeded", 503],
  missingParameter: ["MissingParameter", 400],
  malformed: ["InvalidParameterValue", 400],
  unknownOperation: ["InvalidAction", 400],
};

const awsQuery: Dialect = {
  unknownKey: ["InvalidClientTokenId", 403],
  wrongSignature: ["SignatureDoesNotMatch", 403],
  noSignature: ["MissingAuthenticationToken", 403],
  expiredCredentials: ["ExpiredToken", 403],
  accessDenied: ["AccessDenied", 403],
  throttled: ["Throttling", 400],
  missingParameter: ["ValidationError", 400],
  malformed: ["MalformedInput", 400],
  unknownOperation: ["InvalidAction", 400],
};

const restJson: Dialect = {
  unknownKey: ["UnrecognizedClientException", 403],
  wrongSignature: ["InvalidSignatureException", 403],
  noSignature: ["MissingAuthenticationTokenException", 403],
  expiredCredentials: ["ExpiredTokenException", 403],
  accessDenied: ["AccessDeniedException", 403],
  throttled: ["ThrottlingException", 429],
  missingParameter: ["ValidationException", 400],
  malformed: ["SerializationException", 400],
  unknownOperation: ["UnknownOperationException", 404],
};

const awsJson: Dialect = {
  unknownKey: ["UnrecognizedClientException", 400],
  wrongSignature: ["InvalidSignatureException", 400],
  noSignature: ["MissingAuthenticationTokenException", 400],
  expiredCredentials: ["ExpiredTokenException", 400],
  accessDenied: ["AccessDeniedException", 400],
  throttled: ["ThrottlingException", 400],
  missingParameter: ["ValidationException", 400],
  malformed: ["SerializationException", 400],
  unknownOperation: ["UnknownOperationException", 400],
};

const dialects: Readonly<Record<Protocol, Dialect>> = {
  ec2Query,
  awsQuery,
  restJson1: restJson,
  awsJson1_0: awsJson,
  awsJson1_1: awsJson,
};

/** An error that is common to all services, as this protocol's services answer it. */
export function commonError(protocol: Protocol, kind: CommonError, message: string): AwsError {
  const [code, status] = dialects[protocol][kind];
  return new AwsError(code, message, { status });
}
