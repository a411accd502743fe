import { KubernetesError } from "../kube/errors.ts";
import { usableApi } from "../resources/kube/reached-api.ts";
import { insideCluster } from "./inside-cluster.ts";
import { type Session, contextOf } from "./session.ts";

const type = { apiVersion: "v1", kind: "Secret" };

/** eksctl's: any change of a secret makes the API server write it anew, encrypted. */
const annotation = "eksctl.io/kms-encryption-timestamp";

/**
 * Writes every secret of a cluster anew, so that those from before its encryption are encrypted too.
 *
 * @throws FailedError where its Kubernetes API cannot be used from here.
 */
export async function rewriteSecrets(session: Session, cluster: string): Promise<void> {
  const ctx = await contextOf(session, cluster);
  const api = await insideCluster(() => usableApi(ctx), "secrets are not written anew");
  const secrets = await api.list(type);
  const annotations = { [annotation]: String(session.clock.now()) };
  for (const { metadata } of secrets) {
    const { name, namespace } = metadata;
    try {
      await api.merge({ ...type, name, ...(namespace !== undefined && { namespace }) }, { metadata: { annotations } });
    } catch (error) {
      // One that has gone meanwhile needs nothing.
      if (!(error instanceof KubernetesError && error.status === 404)) throw error;
    }
  }
  session.emit({
    type: "note",
    at: session.clock.now(),
    text: `${secrets.length} secrets are written anew, encrypted`,
  });
}
