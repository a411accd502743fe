import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Io } from "./io.ts";

/** Where the tool keeps what is only a convenience: run logs, and the usual sandbox. */
export function stateDirectory({ env }: Pick<Io, "env">): string {
  const state = env["XDG_STATE_HOME"];
  return state === undefined || state === "" ? join(env["HOME"] ?? homedir(), ".ekstool") : join(state, "ekstool");
}

/** The directory that `--sandbox` or EKSTOOL_SANDBOX means; empty is the usual one. */
export function sandboxDirectory(value: string, io: Pick<Io, "env" | "cwd">): string {
  return value === "" ? join(stateDirectory(io), "sandbox") : resolve(io.cwd, value);
}
