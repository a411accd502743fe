import type { AwsContext } from "../../aws/context.ts";
import { allow, ofCluster } from "../../aws/permissions.ts";
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

/** @throws UnobservableError where the API is not up or out of reach: the step is left for later. */
export async function usableApi(ctx: AwsContext): Promise<KubernetesApi> {
  const api = await reachedApi(ctx);
  if (api === null) throw new UnobservableError("the Kubernetes API is not up");
  return api;
}

/** What a kind asks of AWS whose things are in the cluster: only the way to the Kubernetes API. */
export const apiActions = {
  list: allow("eks:DescribeCluster", ofCluster("cluster")),
  read: allow("eks:DescribeCluster", ofCluster("cluster")),
  create: [],
  delete: [],
};
