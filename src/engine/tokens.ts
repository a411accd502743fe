import { specAtBirth } from "./diff.ts";
import { type Graph, type ManagedNode, dependencies } from "./graph.ts";
import { hash } from "./hash.ts";
import type { Live } from "./kind.ts";

/** Characters; EKS takes 64 for a client request token, EC2 as well. */
const tokenLength = 64;

export interface Creation<Ctx> {
  readonly owner: string;
  readonly graph: Graph<Ctx>;
  readonly node: ManagedNode<Ctx>;
  readonly name: string;
  /** What the new thing takes the place of. */
  readonly replaced: readonly Live<unknown>[];
  /** AWS's identifier of a node's thing. */
  readonly ref: (id: string) => string | undefined;
  /** When the run started. */
  readonly run: number;
  /** What the same request made earlier is known to be gone: it is another request now. */
  readonly anew: boolean;
}

/**
 * The client request token of a creation: the same as long as the same is asked for, so that a request whose answer was lost can
 * be sent again by another run. Dependencies count by their identity, since attributes come and go. Where names are unique the
 * name keeps a second one from being made, and the token holds for one run: what was made, deleted and is made again may be the
 * same request, which AWS would answer with the thing that is gone.
 */
export function creationToken<Ctx>(creation: Creation<Ctx>): string {
  const { owner, graph, node, name, replaced, ref, anew } = creation;
  const run = node.kind.find || anew ? creation.run : undefined;
  const upstream = dependencies(node).map(({ id, part }) => {
    const target = graph.nodes.get(id);
    return [id, part, target?.source === "given" ? target.attrs : ref(id)];
  });
  const request = [node.id, name, specAtBirth(node), upstream, replaced.map((live) => live.ref)];
  return hash(["create", owner, ...request, run]).slice(0, tokenLength);
}

/**
 * The client request token of an update. It holds for one run: going back and forth between two values are different requests,
 * and an update that an earlier run began is seen as pending, not sent again.
 */
export function updateToken(owner: string, ref: string, group: string, changes: unknown, run: number): string {
  return hash(["update", owner, ref, group, changes, run]).slice(0, tokenLength);
}
