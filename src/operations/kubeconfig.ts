import { iamName } from "../aws/eks-token.ts";
import type { Owner } from "../aws/context.ts";
import { FailedError } from "../errors.ts";
import { type KubeconfigSpec, contextName, kubeconfig, kubeconfigId } from "../resources/local/kubeconfig.ts";
import { findCluster } from "./inventory.ts";
import { type Session, contextOf } from "./session.ts";

/** How the kubeconfig entry is to be. */
export interface KubeconfigChoice {
  readonly setCurrent: boolean;
  /** @param isLocalCluster its control plane is on an Outpost. */
  exec(owner: Owner, isLocalCluster: boolean): KubeconfigSpec["exec"];
}

/** What a kubeconfig entry is for. */
interface Target {
  readonly owner: Owner;
  readonly isLocalCluster: boolean;
}

export function kubeconfigSpec(choice: KubeconfigChoice, target: Target, callerArn: string): KubeconfigSpec {
  const { owner, isLocalCluster } = target;
  return {
    context: contextName(iamName(callerArn), owner),
    setCurrent: choice.setCurrent,
    exec: choice.exec(owner, isLocalCluster),
  };
}

export interface WrittenKubeconfig {
  readonly path: string;
  readonly context: string;
  readonly endpoint: string;
}

/**
 * Writes the entry of any cluster, whoever made it.
 *
 * @throws FailedError when there is no such cluster, or it has no endpoint yet.
 */
export async function writeKubeconfig(
  session: Session,
  cluster: string,
  choice: KubeconfigChoice,
): Promise<WrittenKubeconfig> {
  const [{ attrs, phase }, caller, ctx] = await Promise.all([
    findCluster(session, cluster),
    session.caller(),
    contextOf(session, cluster),
  ]);
  if (attrs.endpoint === "" || attrs.certificateAuthority === "") {
    throw new FailedError(`the cluster ${cluster} has no endpoint yet (it is ${phase})`, {
      hint: "run the same command again when it is ready",
    });
  }
  const spec = kubeconfigSpec(choice, { owner: ctx.owner, isLocalCluster: attrs.outpost !== null }, caller.arn);
  const want = { id: kubeconfigId, name: spec.context, token: "", spec, deps: { cluster: attrs } };
  const { ref } = await kubeconfig.create(want, ctx);
  return { path: ref, context: spec.context, endpoint: attrs.endpoint };
}
