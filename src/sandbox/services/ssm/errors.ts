import { AwsError } from "../../aws-error.ts";

export function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}

export function parameterNotFound(name: string): AwsError {
  return new AwsError("ParameterNotFound", `Parameter ${name} not found.`);
}
