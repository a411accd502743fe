import type { Live } from "../engine/kind.ts";
import { FailedError } from "../errors.ts";
import { type StackAttrs, stack } from "../resources/cloudformation/stack.ts";
import { type NodegroupAttrs, nodegroup } from "../resources/eks/nodegroup.ts";
import { type Session, contextOf } from "./session.ts";

/** A nodegroup of either kind. */
export type Nodegroup =
  | { readonly managed: true; readonly live: Live<NodegroupAttrs> }
  | { readonly managed: false; readonly live: Live<StackAttrs> };

const idPrefix = "nodegroup/";

/** The name in the file, of a nodegroup of ours by its logical id. */
export function nameInFile(id: string): string {
  return id.slice(idPrefix.length);
}

/** What people call a nodegroup: the name in the file, also where a successor has another one in EKS. */
export function nodegroupName({ id, owner, attrs }: Live<NodegroupAttrs>): string {
  return owner === "us" && id.startsWith(idPrefix) ? nameInFile(id) : attrs.name;
}

/** The same, of either kind. */
export function nameOfNodegroup(one: Nodegroup): string {
  return one.managed ? nodegroupName(one.live) : nameInFile(one.live.id);
}

/**
 * A nodegroup of any cluster, by its name in the file or in EKS; of self-managed ones those that we made.
 *
 * @throws FailedError when it is not there.
 */
export async function findNodegroup(session: Session, cluster: string, name: string): Promise<Nodegroup> {
  const ctx = await contextOf(session, cluster);
  const live = await nodegroup.find(name, ctx);
  if (live) return { managed: true, live };
  const [successor] = await nodegroup.list(ctx, idPrefix + name);
  if (successor?.owner === "us") return { managed: true, live: successor };
  const [own] = await stack.list(ctx, idPrefix + name);
  if (own) return { managed: false, live: own };
  throw noNodegroup(session, cluster, name);
}

/** All nodegroups of a cluster: beside the managed ones, whoever made them, those of ours that are self-managed. */
export async function allNodegroups(session: Session, cluster: string): Promise<readonly Nodegroup[]> {
  const ctx = await contextOf(session, cluster);
  const [managed, stacks] = await Promise.all([nodegroup.list(ctx, undefined), stack.list(ctx, undefined)]);
  return [
    ...managed.map((live) => ({ managed: true, live }) as const),
    ...stacks.map((live) => ({ managed: false, live }) as const),
  ];
}

export function noNodegroup(session: Session, cluster: string, name: string): FailedError {
  return new FailedError(`the cluster ${cluster} has no nodegroup ${name}`, {
    hint: `\`ekstool get nodegroup --cluster ${cluster} --region ${session.region}\` lists those it has`,
  });
}
