import type { ClusterConfig } from "../config/types.ts";
import type { KindName, Live } from "../engine/kind.ts";
import { stack as stackKind } from "../resources/cloudformation/stack.ts";
import { launchTemplate as launchTemplateKind } from "../resources/ec2/launch-template.ts";
import { nodegroup as nodegroupKind } from "../resources/eks/nodegroup.ts";
import { type AnyNodegroupSummary, type Timings, nodegroupSummaries, timingsOf } from "./outputs.ts";
import { type ChooseParts, type MadePart, type RemovedPart, proposePart, proposeRemoval } from "./part-proposals.ts";
import { nodegroups } from "./parts.ts";
import type { Proposal } from "./proposal.ts";
import type { Session } from "./session.ts";
import type { TopologyOptions } from "../topology/index.ts";
import type { Found } from "./things.ts";

export interface NodegroupsOutput {
  readonly cluster: string;
  readonly region: string;
  readonly nodegroups: readonly AnyNodegroupSummary[];
  readonly timings: Timings;
}

/**
 * Makes the nodegroups of a ClusterConfig that are missing in its cluster, or never came up, and nothing else.
 *
 * @throws RefusedError when the cluster is not there, is not ours, or lacks what the nodegroups need.
 */
export function proposeCreateNodegroups(
  session: Session,
  config: ClusterConfig,
  selected: (name: string) => boolean,
  options: Pick<TopologyOptions, "withoutDevicePlugins"> = {},
): Promise<Proposal<NodegroupsOutput>> {
  return proposePart(session, config, { part: nodegroups, verb: "create", selected, output, ...options });
}

/**
 * Deletes nodegroups with what was made for them: launch template, role, access entry, SSH group.
 *
 * @param choose which ones, of the names of all that are ours; beside them it is given the names of others'.
 */
export function proposeDeleteNodegroups(
  session: Session,
  cluster: string,
  choose: ChooseParts,
): Promise<Proposal<RemovedPart>> {
  return proposeRemoval(session, cluster, nodegroups, choose, (names) =>
    session.drain || names.length === 0 ? [] : ["nodes are not drained before they go (--drain=false)"],
  );
}

function output({ owner: { region, cluster }, names, config, result }: MadePart): NodegroupsOutput {
  const isSelfManaged = (name: string) => config.nodeGroups?.some((group) => group.name === name) === true;
  const found = names.flatMap((name) => [
    ...foundAs(isSelfManaged(name) ? stackKind : nodegroupKind, result.live.get(`nodegroup/${name}`)),
    ...foundAs(launchTemplateKind, result.live.get(`launch-template/${name}`)),
  ]);
  return { cluster, region, nodegroups: nodegroupSummaries(found, cluster), timings: timingsOf(result) };
}

function foundAs({ name }: { readonly name: KindName }, live: Live<unknown> | undefined): readonly Found[] {
  return live === undefined ? [] : [{ kind: name, live }];
}
