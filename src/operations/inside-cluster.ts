import { UnobservableError } from "../engine/kind.ts";
import { FailedError } from "../errors.ts";

/**
 * Work in the Kubernetes API of a cluster, by a command that is about nothing else.
 *
 * @throws FailedError where the API cannot be used from here.
 */
export async function insideCluster<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof UnobservableError)) throw cause;
    throw new FailedError(cause.message, { cause, hint: "run this where `kubectl get nodes` works" });
  }
}
