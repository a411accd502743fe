import type { Clock } from "../clock.ts";
import type { Account } from "./account.ts";
import type { Control } from "./control.ts";
import { listenForKubernetes } from "./kubernetes/server.ts";
import { type SandboxServer, listen } from "./server.ts";

interface Ports {
  /** Of AWS. Default: a free one. */
  readonly aws?: number | undefined;
  /** Of the Kubernetes APIs: where it is free. */
  readonly kubernetes?: number | undefined;
}

export interface AccountServer extends SandboxServer {
  readonly kubernetesPort: number;
}

/**
 * Serves an account, with the Kubernetes APIs of its clusters.
 *
 * @throws RefusedError when AWS's port is taken.
 */
export async function listenAll(
  account: Account,
  clock: Clock,
  control: Control,
  ports: Ports = {},
): Promise<AccountServer> {
  const aws = await listen(account, clock, control, ports.aws);
  const kubernetes = await listenForKubernetes(account.kubernetes, clock, ports.kubernetes);
  account.world.kubernetesUrl = kubernetes.url;
  return {
    url: aws.url,
    kubernetesPort: kubernetes.port,
    connections: () => aws.connections() + kubernetes.connections(),
    onConnections(observer) {
      aws.onConnections(observer);
      kubernetes.onConnections(observer);
    },
    async close() {
      await Promise.all([aws.close(), kubernetes.close()]);
    },
  };
}
