import { execApiVersion, execCredential, token } from "../aws/eks-token.ts";
import type { Session } from "./session.ts";

/**
 * What an exec plugin prints for kubectl: a token for any cluster, made without asking AWS.
 *
 * @param execInfo the environment's KUBERNETES_EXEC_INFO, where kubectl says which form it wants.
 */
export async function clusterToken(session: Session, cluster: string, execInfo: string | undefined): Promise<object> {
  return execCredential(await token({ sts: session.clients.sts, cluster }), execApiVersion(execInfo));
}
