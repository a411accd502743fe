import { DescribeAutoScalingGroupsCommand, UpdateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { UpdateNodegroupConfigCommand } from "@aws-sdk/client-eks";
import { followingUpdates, seeingUpdates, updateOperation } from "../aws/eks-updates.ts";
import { allow, groupsOfStacks, ofCluster, onlyWhen } from "../aws/permissions.ts";
import type { Action, Live, Operation } from "../engine/kind.ts";
import type { Change } from "../engine/plan-types.ts";
import { InputError, RefusedError } from "../errors.ts";
import type { StackAttrs } from "../resources/cloudformation/stack.ts";
import { findCluster } from "./inventory.ts";
import { locked } from "./lock/locked.ts";
import { findNodegroup, nameOfNodegroup, type Nodegroup } from "./nodegroup-lookup.ts";
import type { AnyNodegroupSummary } from "./outputs.ts";
import type { Proposal } from "./proposal.ts";
import type { Session } from "./session.ts";
import { type NodegroupStep, itemOf, proposeNodegroupSteps } from "./nodegroup-steps.ts";
import { earlierUpdate } from "./steps.ts";

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
  ...onlyWhen("the nodegroup is self-managed", [
    ...allow("autoscaling:UpdateAutoScalingGroup", groupsOfStacks),
    ...allow("autoscaling:DescribeAutoScalingGroups"),
  ]),
]);

const expectSeconds = 120;
const limitSeconds = 1800;

/**
 * Changes the size of nodegroups of any cluster (EKS UpdateNodegroupConfig; of self-managed ones UpdateAutoScalingGroup). The size in the file, and the last applied one that
 * is kept in a tag, stay as they are: `apply` takes a live size that differs from the tag for an autoscaler's, and keeps it.
 *
 * @throws InputError for sizes that EKS would refuse; FailedError when cluster or nodegroup is not there.
 */
export function proposeScale(
  session: Session,
  cluster: string,
  sizes: readonly Size[],
  options: { readonly wait: boolean },
): Promise<Proposal<readonly AnyNodegroupSummary[]>> {
  return locked({ session, propose: () => scaleProposal(session, cluster, sizes, options) });
}

async function scaleProposal(
  session: Session,
  cluster: string,
  sizes: readonly Size[],
  options: { readonly wait: boolean },
): Promise<Proposal<readonly AnyNodegroupSummary[]>> {
  const owner = { region: session.region, cluster };
  const live = await findCluster(session, cluster);
  const steps = await Promise.all(
    sizes.map(async (size) => stepOf(session, cluster, await findNodegroup(session, cluster, size.nodegroup), size)),
  );
  const what = sizes.length === 1 ? `nodegroup ${sizes[0]?.nodegroup}` : `${sizes.length} nodegroups`;
  return proposeNodegroupSteps(session, {
    steps,
    title: `scale ${what} of cluster ${cluster}`,
    owner,
    wait: options.wait,
    clusterIsOurs: live.owner === "us",
  });
}

async function stepOf(session: Session, cluster: string, nodegroup: Nodegroup, size: Size): Promise<NodegroupStep> {
  const attrs = nodegroup.managed ? nodegroup.live.attrs : groupOf(nodegroup.live, size.nodegroup);
  const name = nameOfNodegroup(nodegroup);
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
    changes.length === 0 || !nodegroup.managed
      ? undefined
      : await earlierUpdate(session, nodegroup.live, {
          what: `the nodegroup ${attrs.name}`,
          target: { cluster, nodegroup: attrs.name },
          type: "ConfigUpdate",
          wanted: { MinSize: wanted.minSize, MaxSize: wanted.maxSize, DesiredSize: wanted.desiredSize },
        });
  const interrupts = wanted.desiredSize < attrs.desiredCapacity;
  const item = itemOf(nodegroup, changes, { waits: underWay !== undefined, interrupts, expectSeconds });
  return {
    nodegroup,
    item,
    limitSeconds,
    async start() {
      if (!nodegroup.managed) return scaleGroup(session.clients, attrs.name, wanted);
      const input = { clusterName: cluster, nodegroupName: attrs.name, scalingConfig: wanted };
      const update = underWay ?? (await session.clients.eks.send(new UpdateNodegroupConfigCommand(input))).update;
      return updateOperation(session.clients.eks, { cluster, nodegroup: attrs.name }, update);
    },
  };
}

/** @throws RefusedError while CloudFormation works on the stack. */
function groupOf({ attrs, phase, detail }: Live<StackAttrs>, name: string): NonNullable<StackAttrs["group"]> {
  if (attrs.group !== null && phase !== "pending" && phase !== "deleting") return attrs.group;
  throw new RefusedError(`the nodegroup ${name} is ${phase}: ${detail ?? attrs.status}`, {
    hint: "run the same command again when it is ready",
  });
}

/** Its template says nothing of sizes, and its parameters are what the group has by then: the stack is left alone. */
async function scaleGroup(
  { autoscaling }: Session["clients"],
  AutoScalingGroupName: string,
  { minSize, maxSize, desiredSize }: Wanted,
): Promise<Operation> {
  await autoscaling.send(
    new UpdateAutoScalingGroupCommand({
      AutoScalingGroupName,
      MinSize: minSize,
      MaxSize: maxSize,
      DesiredCapacity: desiredSize,
    }),
  );
  return {
    what: `size of ${AutoScalingGroupName}`,
    async check() {
      const request = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [AutoScalingGroupName] });
      const { AutoScalingGroups: [group] = [] } = await autoscaling.send(request);
      if (group === undefined) return { state: "failed", detail: `the group ${AutoScalingGroupName} is gone` };
      const { Instances = [], DesiredCapacity = 0 } = group;
      const inService = Instances.filter(({ LifecycleState }) => LifecycleState === "InService").length;
      const isDone = inService === DesiredCapacity && Instances.length === DesiredCapacity;
      return {
        state: isDone ? "done" : "running",
        detail: `${inService} of ${DesiredCapacity} instances are in service`,
        progress: [Math.min(inService, DesiredCapacity), DesiredCapacity],
      };
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
