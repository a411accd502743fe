import type { AwsContext } from "../../aws/context.ts";
import { UnobservableError } from "../../engine/kind.ts";
import type { KubernetesApi } from "../../kube/api.ts";
import { UnreachableError } from "../../kube/errors.ts";

/**
 * The Kubernetes API of the cluster, for a kind whose things are in there; null while the cluster is not up, and then there is
 * nothing in it.
 *
 * @throws UnobservableError where it cannot be used from here: the engine shows the kind's things as deferred.
 */
export async function reachedApi(ctx: AwsContext): Promise<KubernetesApi | null> {
  try {
    return await ctx.kubernetes();
  } catch (error) {
    if (error instanceof UnreachableError) throw new UnobservableError(error.message);
    throw error;
  }
}
