import { fluxBootstrap } from "../resources/kube/flux-bootstrap.ts";
import { type Session, contextOf } from "./session.ts";

export interface ListedFlux {
  readonly name: string;
  readonly namespace: string;
}

/** Flux, where ekstool has bootstrapped it. */
export async function listFlux(session: Session, cluster: string): Promise<readonly ListedFlux[]> {
  const lives = await fluxBootstrap.list(await contextOf(session, cluster), undefined);
  return lives.map(({ attrs: { namespace } }) => ({ name: fluxBootstrap.title, namespace }));
}
