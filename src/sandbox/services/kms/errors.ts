import { AwsError } from "../../aws-error.ts";

export const notFound = (message: string) => new AwsError("NotFoundException", message);
export const invalidState = (message: string) => new AwsError("KMSInvalidStateException", message);
export const invalidArn = (message: string) => new AwsError("InvalidArnException", message);
export const invalid = (message: string) => new AwsError("ValidationException", message);
export const malformedPolicy = (message: string) => new AwsError("MalformedPolicyDocumentException", message);
