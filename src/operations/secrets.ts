import { FailedError } from "../errors.ts";
import { KubernetesError, UnreachableError } from "../kube/errors.ts";
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
  const api = await reached(session, cluster);
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

async function reached(session: Session, cluster: string) {
  const hint = "run the same command again where `kubectl get nodes` works";
  try {
    const api = await (await contextOf(session, cluster)).kubernetes();
    if (api) return api;
  } catch (cause) {
    if (!(cause instanceof UnreachableError)) throw cause;
    throw new FailedError(`secrets are not written anew: ${cause.message}`, { cause, hint });
  }
  throw new FailedError(`secrets are not written anew: the control plane of ${cluster} is not up`, { hint });
}
