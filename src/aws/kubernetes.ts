import { DescribeClusterCommand } from "@aws-sdk/client-eks";
import { type Clock, realClock } from "../clock.ts";
import { type KubernetesApi, kubernetesApi } from "../kube/api.ts";
import { KubernetesError, UnreachableError } from "../kube/errors.ts";
import type { Clients } from "./clients.ts";
import { agentTrusting } from "./connections.ts";
import { type EksToken, token } from "./eks-token.ts";
import { absentAsNull } from "./errors.ts";

/**
 * The Kubernetes API of a cluster; null while there is none, because the cluster is not there or not up. Within a bounded time.
 *
 * @throws UnreachableError where it cannot be used from here, and says why.
 */
export type ClusterApi = () => Promise<KubernetesApi | null>;

/** Milliseconds for which an API that could not be reached is not tried again. */
const forgetsAfter = 60_000;
/** Milliseconds that a token must still be good for. */
const leastLife = 60_000;

interface Access {
  readonly clients: Clients;
  readonly clock: Clock;
  readonly cluster: string;
}

/** Asks nobody before it is called; whoever asks at the same time shares the answer. */
export function clusterApi(access: Access): ClusterApi {
  const { clock } = access;
  let reached: Promise<KubernetesApi | null> | undefined;
  let failure: { readonly error: UnreachableError; readonly at: number } | undefined;
  return () => {
    if (failure && clock.now() - failure.at < forgetsAfter) return Promise.reject(failure.error);
    return (reached ??= reach(access).then(
      (api) => {
        if (api === null) reached = undefined;
        return api;
      },
      (error: unknown) => {
        reached = undefined;
        if (error instanceof UnreachableError) failure = { error, at: clock.now() };
        throw error;
      },
    ));
  };
}

async function reach({ clients, clock, cluster: name }: Access): Promise<KubernetesApi | null> {
  const answer = await absentAsNull(() => clients.eks.send(new DescribeClusterCommand({ name })));
  const { id, status, endpoint, certificateAuthority, resourcesVpcConfig } = answer?.cluster ?? {};
  if (endpoint === undefined || (status !== "ACTIVE" && status !== "UPDATING")) return null;
  const authority = Buffer.from(certificateAuthority?.data ?? "", "base64").toString();
  const agent = agentTrusting(authority, process.env);
  clients.alsoClose(agent);
  const api = kubernetesApi({
    endpoint,
    authority,
    agent,
    // A local cluster knows itself by its id.
    token: tokens(clients, id ?? name),
    clock,
  });
  try {
    await api.greet();
  } catch (cause) {
    throw new UnreachableError(because(cause, resourcesVpcConfig?.endpointPublicAccess !== false), { cause });
  }
  return api;
}

function because(error: unknown, isPublic: boolean): string {
  if (error instanceof KubernetesError && (error.status === 401 || error.status === 403)) {
    return "the Kubernetes API does not let these credentials in: an access entry does";
  }
  if (!isPublic) return "the Kubernetes API can be reached from inside the VPC only";
  const reason = error instanceof Error ? error.message || error.name : String(error);
  return `the Kubernetes API cannot be reached from here: ${reason}`;
}

/** One token after the other, each as long as it is good. Signatures carry real time. */
function tokens({ sts }: Clients, cluster: string): (renew: boolean) => Promise<string> {
  let last: EksToken | undefined;
  return async (renew) => {
    const isGood = last !== undefined && last.expiration.getTime() - realClock.now() > leastLife;
    if (renew || !isGood) last = await token({ sts, cluster });
    return last?.token ?? "";
  };
}
