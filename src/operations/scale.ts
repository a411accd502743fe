import { UpdateNodegroupConfigCommand } from "@aws-sdk/client-eks";
import { followingUpdates, seeingUpdates, updateOperation } from "../aws/eks-updates.ts";
import { allow, ofCluster, onlyWhen } from "../aws/permissions.ts";
import type { Action, Live } from "../engine/kind.ts";
import type { Change, PlanItem } from "../engine/plan-types.ts";
import { InputError } from "../errors.ts";
import type { NodegroupAttrs } from "../resources/eks/nodegroup.ts";
import { findCluster } from "./inventory.ts";
import { locked } from "./lock/locked.ts";
import { findNodegroup, nodegroupName } from "./nodegroup-lookup.ts";
import type { NodegroupSummary } from "./outputs.ts";
import type { Proposal } from "./proposal.ts";
import type { Session } from "./session.ts";
import { type NodegroupStep, earlierUpdate, proposeSteps } from "./steps.ts";

/** What is absent stays as it is. */
export interface Size {
  readonly nodegroup: string;
  readonly desired?: number;
  readonly min?: number;
  readonly max?: number;
}

/** The permissions to scale, beside those to look at cluster and nodegroup. */
export const scaling: readonly Action[] = onlyWhen("`scale nodegroup` is used", [
  ...allow("eks:UpdateNodegroupConfig", ofCluster("nodegroup")),
  ...onlyWhen("the nodegroup is being updated already", seeingUpdates("nodegroup")),
  ...followingUpdates("nodegroup"),
]);

const expectSeconds = 120;
const limitSeconds = 1800;

/**
 * Changes the size of nodegroups of any cluster (EKS UpdateNodegroupConfig). The size in the file, and the last applied one that
 * is kept in a tag, stay as they are: `apply` takes a live size that differs from the tag for an autoscaler's, and keeps it.
 *
 * @throws InputError for sizes that EKS would refuse; FailedError when cluster or nodegroup is not there.
 */
export function proposeScale(
  session: Session,
  cluster: string,
  sizes: readonly Size[],
  options: { readonly wait: boolean },
): Promise<Proposal<readonly NodegroupSummary[]>> {
  return locked({ session, propose: () => scaleProposal(session, cluster, sizes, options) });
}

async function scaleProposal(
  session: Session,
  cluster: string,
  sizes: readonly Size[],
  options: { readonly wait: boolean },
): Promise<Proposal<readonly NodegroupSummary[]>> {
  const owner = { region: session.region, cluster };
  const live = await findCluster(session, cluster);
  const steps = await Promise.all(
    sizes.map(async (size) => stepOf(session, cluster, await findNodegroup(session, cluster, size.nodegroup), size)),
  );
  const what = sizes.length === 1 ? `nodegroup ${sizes[0]?.nodegroup}` : `${sizes.length} nodegroups`;
  return proposeSteps(session, steps, {
    title: `scale ${what} of cluster ${cluster}`,
    owner,
    wait: options.wait,
    clusterIsOurs: live.owner === "us",
  });
}

async function stepOf(
  session: Session,
  cluster: string,
  live: Live<NodegroupAttrs>,
  size: Size,
): Promise<NodegroupStep> {
  const { attrs } = live;
  const name = nodegroupName(live);
  const wanted = {
    minSize: size.min ?? attrs.minSize,
    maxSize: size.max ?? attrs.maxSize,
    desiredSize: size.desired ?? attrs.desiredCapacity,
  };
  check(name, wanted, size);
  const changes = [
    change("minSize", attrs.minSize, wanted.minSize),
    change("maxSize", attrs.maxSize, wanted.maxSize),
    change("desiredCapacity", attrs.desiredCapacity, wanted.desiredSize),
  ].flat();
  const underWay =
    changes.length === 0
      ? undefined
      : await earlierUpdate(session, live, "ConfigUpdate", {
          MinSize: wanted.minSize,
          MaxSize: wanted.maxSize,
          DesiredSize: wanted.desiredSize,
        });
  const item: PlanItem = {
    verb: underWay ? "wait" : changes.length === 0 ? "keep" : "update",
    id: `nodegroup/${name}`,
    kind: "eks.nodegroup",
    title: "managed nodegroup",
    name,
    ref: live.ref,
    owner: live.owner,
    changes,
    kept: [],
    interrupts: wanted.desiredSize < attrs.desiredCapacity,
    listedOnly: false,
    expectSeconds,
  };
  return {
    live,
    item,
    limitSeconds,
    async start() {
      const input = { clusterName: cluster, nodegroupName: attrs.name, scalingConfig: wanted };
      const update = underWay ?? (await session.clients.eks.send(new UpdateNodegroupConfigCommand(input))).update;
      return updateOperation(session.clients.eks, { cluster, nodegroup: attrs.name }, update);
    },
  };
}

interface Wanted {
  readonly minSize: number;
  readonly maxSize: number;
  readonly desiredSize: number;
}

/** EKS's own rules, said with the way out. */
function check(name: string, { minSize, maxSize, desiredSize }: Wanted, size: Size): void {
  if (minSize > maxSize) {
    throw new InputError(`nodegroup ${name}: the minimum of ${minSize} nodes is above the maximum of ${maxSize}`, {
      hint:
        size.max === undefined ? `raise the maximum too: --nodes-max ${minSize}` : "give a minimum up to the maximum",
    });
  }
  if (desiredSize > maxSize) {
    throw new InputError(`nodegroup ${name}: ${desiredSize} nodes are more than its maximum of ${maxSize}`, {
      hint:
        size.max === undefined
          ? `raise the maximum too: --nodes-max ${desiredSize}`
          : `ask for fewer: --nodes ${maxSize}`,
    });
  }
  if (desiredSize < minSize) {
    throw new InputError(`nodegroup ${name}: ${desiredSize} nodes are fewer than its minimum of ${minSize}`, {
      hint:
        size.min === undefined
          ? `lower the minimum too: --nodes-min ${desiredSize}`
          : `ask for more: --nodes ${minSize}`,
    });
  }
}

function change(aspect: string, from: number, to: number): readonly Change[] {
  return from === to ? [] : [{ aspect, from, to, group: "config", interrupts: false, listedOnly: false }];
}
