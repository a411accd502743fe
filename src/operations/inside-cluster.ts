import { UnobservableError } from "../engine/kind.ts";
import { FailedError } from "../errors.ts";

/**
 * Work in the Kubernetes API of a cluster, which a command cannot do without.
 *
 * @param undone what of the command is not done where it cannot; absent: all of it.
 * @throws FailedError where the API cannot be used from here.
 */
export async function insideCluster<Result>(work: () => Promise<Result>, undone?: string): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof UnobservableError)) throw cause;
    const message = undone === undefined ? cause.message : `${undone}: ${cause.message}`;
    throw new FailedError(message, { cause, hint: "run the same command where `kubectl get nodes` works" });
  }
}
