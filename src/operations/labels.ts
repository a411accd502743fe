import { UpdateNodegroupConfigCommand } from "@aws-sdk/client-eks";
import { followingUpdates, seeingUpdates, updateOperation } from "../aws/eks-updates.ts";
import { allow, ofCluster, onlyWhen } from "../aws/permissions.ts";
import type { Action } from "../engine/kind.ts";
import type { Change } from "../engine/plan-types.ts";
import { InputError } from "../errors.ts";
import { findCluster } from "./inventory.ts";
import { locked } from "./lock/locked.ts";
import { findNodegroup } from "./nodegroup-lookup.ts";
import { itemOf, proposeNodegroupSteps } from "./nodegroup-steps.ts";
import type { AnyNodegroupSummary } from "./outputs.ts";
import type { Proposal } from "./proposal.ts";
import type { Session } from "./session.ts";
import { earlierUpdate } from "./steps.ts";

export interface LabelRequest {
  readonly cluster: string;
  readonly nodegroup: string;
  readonly set: Readonly<Record<string, string>>;
  /** Keys. */
  readonly unset: readonly string[];
}

/** The permissions to label nodegroups, beside those to look at cluster and nodegroup. */
export const labelling: readonly Action[] = onlyWhen("`set labels` or `unset labels` is used", [
  ...allow("eks:UpdateNodegroupConfig", ofCluster("nodegroup")),
  ...onlyWhen("the nodegroup is being updated already", seeingUpdates("nodegroup")),
  ...followingUpdates("nodegroup"),
]);

const expectSeconds = 60;
const limitSeconds = 1800;

/**
 * Sets and takes away labels of the nodes of a managed nodegroup of any cluster (EKS UpdateNodegroupConfig); no node is replaced.
 * What a file says of labels is enforced by the next `apply`.
 *
 * @throws FailedError when cluster or nodegroup is not there; InputError for a self-managed nodegroup.
 */
export function proposeLabels(
  session: Session,
  request: LabelRequest,
): Promise<Proposal<readonly AnyNodegroupSummary[]>> {
  return locked({ session, propose: () => labelProposal(session, request) });
}

async function labelProposal(
  session: Session,
  { cluster, nodegroup: name, set, unset }: LabelRequest,
): Promise<Proposal<readonly AnyNodegroupSummary[]>> {
  const [live, nodegroup] = await Promise.all([findCluster(session, cluster), findNodegroup(session, cluster, name)]);
  if (!nodegroup.managed) {
    throw new InputError(`the nodegroup ${name} is self-managed: its nodes get their labels when they start`, {
      hint: "set them in its `labels` in the file and run `ekstool apply`: nodes are replaced one after another",
    });
  }
  const { attrs, phase, detail, ref } = nodegroup.live;
  const changes = [
    ...Object.entries(set).flatMap(([key, to]) => change(key, attrs.labels[key], to)),
    ...unset.flatMap((key) => change(key, attrs.labels[key], undefined)),
  ];
  const target = { cluster, nodegroup: ref };
  const labels = { addOrUpdateLabels: { ...set }, removeLabels: unset.filter((key) => key in attrs.labels) };
  const underWay =
    changes.length === 0
      ? undefined
      : await earlierUpdate(
          session,
          { phase, detail: detail ?? "" },
          {
            what: `the nodegroup ${name}`,
            target,
            type: "ConfigUpdate",
            wanted: { LabelsToAdd: JSON.stringify(labels.addOrUpdateLabels) },
          },
        );
  const { eks } = session.clients;
  const step = {
    nodegroup,
    item: itemOf(nodegroup, changes, { waits: underWay !== undefined, interrupts: false, expectSeconds }),
    limitSeconds,
    async start() {
      const input = { clusterName: cluster, nodegroupName: ref, labels };
      const update = underWay ?? (await eks.send(new UpdateNodegroupConfigCommand(input))).update;
      return updateOperation(eks, target, update);
    },
  };
  return proposeNodegroupSteps(session, {
    steps: [step],
    title: `label the nodes of nodegroup ${name} of cluster ${cluster}`,
    owner: { region: session.region, cluster },
    wait: true,
    clusterIsOurs: live.owner === "us",
  });
}

function change(key: string, from: string | undefined, to: string | undefined): readonly Change[] {
  const aspect = `labels.${key}`;
  return from === to ? [] : [{ aspect, from, to, group: "config", interrupts: false, listedOnly: false }];
}
