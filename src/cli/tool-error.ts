import type { EkstoolError } from "../errors.ts";

/** Whether an error is meant for the user's eyes. The sandbox's bundle has classes of its own, so the shape decides. */
export function isToolError(error: unknown): error is EkstoolError {
  return error instanceof Error && "hint" in error && "exitCode" in error && typeof error.exitCode === "number";
}
