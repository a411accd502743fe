import { validationError } from "./errors.ts";

const nameCharacters = /^[\w+=,.@-]+$/;
const pathForm = /^\/([\u0021-\u007e]+\/)?$/;
const maxPathLength = 512;

/**
 * Holds a name to IAM's rules.
 *
 * @param member what the request calls it: `roleName`.
 * @throws AwsError ValidationError.
 */
export function checkName(member: string, name: string, maxLength: number): void {
  if (name.length < 1 || name.length > maxLength) throw lengthError(member, name, maxLength);
  if (!nameCharacters.test(name)) {
    throw validationError(
      `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    );
  }
}

/** The path that a thing gets: `/` when none was sent. Throws AwsError ValidationError. */
export function checkedPath(path = "/"): string {
  if (path.length > maxPathLength) throw lengthError("path", path, maxPathLength);
  if (!pathForm.test(path)) {
    throw validationError(
      "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.",
    );
  }
  return path;
}

function lengthError(member: string, value: string, maxLength: number) {
  return validationError(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ` +
      `Member must have length ${value.length < 1 ? "greater than or equal to 1" : `less than or equal to ${maxLength}`}`,
  );
}
