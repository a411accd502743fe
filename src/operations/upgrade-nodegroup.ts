import { UpdateNodegroupVersionCommand } from "@aws-sdk/client-eks";
import { followingUpdates, seeingUpdates, updateOperation } from "../aws/eks-updates.ts";
import { compareVersions, minorsAhead } from "../aws/eks-versions.ts";
import { allow, launchingInstances, ofCluster, onlyWhen } from "../aws/permissions.ts";
import type { Action, Live } from "../engine/kind.ts";
import type { Change, PlanItem } from "../engine/plan-types.ts";
import { InputError, RefusedError } from "../errors.ts";
import type { StackAttrs } from "../resources/cloudformation/stack.ts";
import type { NodegroupAttrs } from "../resources/eks/nodegroup.ts";
import { findCluster } from "./inventory.ts";
import { locked } from "./lock/locked.ts";
import { checkNodeVersion } from "./node-versions.ts";
import { findNodegroup, nodegroupName } from "./nodegroup-lookup.ts";
import type { AnyNodegroupSummary } from "./outputs.ts";
import type { Proposal } from "./proposal.ts";
import { type NodegroupStep, proposeNodegroupSteps } from "./nodegroup-steps.ts";
import { type Session, contextOf } from "./session.ts";
import { earlierUpdate } from "./steps.ts";
import { selfManagedStep, upgradingSelfManaged } from "./upgrade-self-managed.ts";

export interface NodegroupUpgrade {
  readonly cluster: string;
  readonly nodegroup: string;
  /** `1.34`; the newest AMI release of it. Not together with `releaseVersion`. */
  readonly kubernetesVersion?: string;
  /** An exact AMI release, as `1.34.1-20251016`. */
  readonly releaseVersion?: string;
  /** Absent: the version that it has. */
  readonly launchTemplateVersion?: string;
  /** Goes on where pods cannot be drained. */
  readonly force: boolean;
  readonly wait: boolean;
}

/** The permissions to upgrade a nodegroup, beside those to look at it and its cluster. */
export const upgradingNodegroups: readonly Action[] = [
  ...allow("eks:UpdateNodegroupVersion", ofCluster("nodegroup")),
  ...onlyWhen("the nodegroup is being updated already", seeingUpdates("nodegroup")),
  ...followingUpdates("nodegroup"),
  ...onlyWhen("--launch-template-version is used", launchingInstances),
  ...onlyWhen("the nodegroup is self-managed", upgradingSelfManaged),
];

/** EKS replaces node after node; about this long each, and longer where pods take their time to go. */
const expectSecondsPerNode = 240;
const limitSeconds = 4 * 3600;

/**
 * Moves a nodegroup of any cluster to another version (EKS UpdateNodegroupVersion): without a version, to the newest AMI
 * release of the Kubernetes version that it has; a self-managed one to the newest image of its cluster's version (a change set of its stack). Every node
 * is replaced. Before its control plane can go back by a minor, it goes back.
 *
 * @throws InputError or RefusedError for what EKS would refuse; FailedError when cluster or nodegroup is not there.
 */
export function proposeNodegroupUpgrade(
  session: Session,
  request: NodegroupUpgrade,
): Promise<Proposal<readonly AnyNodegroupSummary[]>> {
  return locked({ session, propose: () => upgradeProposal(session, request) });
}

async function upgradeProposal(
  session: Session,
  request: NodegroupUpgrade,
): Promise<Proposal<readonly AnyNodegroupSummary[]>> {
  const [cluster, nodegroup] = await Promise.all([
    findCluster(session, request.cluster),
    findNodegroup(session, request.cluster, request.nodegroup),
  ]);
  const { version } = cluster.attrs;
  const step = nodegroup.managed
    ? await managedStep(session, request, nodegroup.live, version)
    : await selfManagedUpgrade(session, request, nodegroup.live, version);
  return proposeNodegroupSteps(session, {
    steps: [step],
    title: `upgrade nodegroup ${request.nodegroup} of cluster ${request.cluster}`,
    owner: { region: session.region, cluster: request.cluster },
    wait: request.wait,
    clusterIsOurs: cluster.owner === "us",
  });
}

async function selfManagedUpgrade(
  session: Session,
  request: NodegroupUpgrade,
  live: Live<StackAttrs>,
  controlPlane: string,
): Promise<NodegroupStep> {
  const { kubernetesVersion = controlPlane } = request;
  checkNodeVersion(kubernetesVersion, controlPlane);
  return selfManagedStep(live, request, kubernetesVersion, await contextOf(session, request.cluster));
}

async function managedStep(
  session: Session,
  request: NodegroupUpgrade,
  live: Live<NodegroupAttrs>,
  controlPlane: string,
): Promise<NodegroupStep> {
  checkVersions(request, live.attrs, controlPlane);
  const { eks } = session.clients;
  const target = { cluster: request.cluster, nodegroup: live.ref };
  const underWay = await earlierUpdate(session, live, {
    what: `the nodegroup ${live.attrs.name}`,
    target,
    type: "VersionUpdate",
    wanted: {
      Version: request.kubernetesVersion,
      ReleaseVersion: request.releaseVersion,
      LaunchTemplateVersion: request.launchTemplateVersion,
    },
  });
  return {
    nodegroup: { managed: true, live },
    item: itemOf(live, request, underWay !== undefined),
    limitSeconds,
    async start() {
      const update = underWay ?? (await eks.send(new UpdateNodegroupVersionCommand(input(request, live.attrs)))).update;
      return updateOperation(eks, target, update);
    },
  };
}

function checkVersions(request: NodegroupUpgrade, attrs: NodegroupAttrs, controlPlane: string): void {
  const { kubernetesVersion, releaseVersion, launchTemplateVersion, nodegroup } = request;
  if (kubernetesVersion !== undefined && releaseVersion !== undefined) {
    throw new InputError("--kubernetes-version and --release-version cannot be used together", {
      hint: "an AMI release is one of a certain Kubernetes version already",
    });
  }
  if (kubernetesVersion !== undefined) checkNodeVersion(kubernetesVersion, controlPlane);
  if (attrs.amiType === "CUSTOM" && (kubernetesVersion ?? releaseVersion) !== undefined) {
    throw new InputError(`nodegroup ${nodegroup} uses an AMI of its own, which EKS cannot move to a version`, {
      hint: "put the new AMI into a new version of its launch template, and use --launch-template-version",
    });
  }
  if (attrs.amiType === "CUSTOM" && launchTemplateVersion === undefined) {
    throw new InputError(`nodegroup ${nodegroup} uses an AMI of its own: only --launch-template-version can move it`);
  }
  if (launchTemplateVersion !== undefined && attrs.launchTemplate === null) {
    throw new InputError(`nodegroup ${nodegroup} was made without a launch template, and EKS cannot give it one`, {
      hint: "make a new nodegroup, then delete this one",
    });
  }
  const minor = kubernetesVersion ?? kubernetesMinor(releaseVersion, attrs);
  if (minor === undefined) return;
  checkNodeVersion(minor, controlPlane);
  if (minorsAhead(minor, attrs.version) < -1) {
    throw new RefusedError(
      `a nodegroup goes back by one minor version only: ${nodegroup} has ${attrs.version}, ${minor} is asked for`,
      {
        hint: "make a new nodegroup, then delete this one",
      },
    );
  }
  if (releaseVersion !== undefined && compareVersions(minor, attrs.version) !== 0) {
    throw new RefusedError(
      `the release ${releaseVersion} is one of ${minor}; nodegroup ${nodegroup} has ${attrs.version}`,
      {
        hint: `move to that minor with --kubernetes-version ${minor}`,
      },
    );
  }
}

/** Releases of Amazon Linux start with the Kubernetes version; Bottlerocket counts its own. */
function kubernetesMinor(releaseVersion: string | undefined, { amiType }: NodegroupAttrs): string | undefined {
  if (amiType.startsWith("BOTTLEROCKET")) return undefined;
  return /^(1\.\d+)\.\d+-\d{8}$/u.exec(releaseVersion ?? "")?.[1];
}

function input(request: NodegroupUpgrade, { name, launchTemplate }: NodegroupAttrs) {
  return {
    clusterName: request.cluster,
    nodegroupName: name,
    force: request.force,
    ...(request.kubernetesVersion === undefined ? {} : { version: request.kubernetesVersion }),
    ...(request.releaseVersion === undefined ? {} : { releaseVersion: request.releaseVersion }),
    ...(request.launchTemplateVersion === undefined || launchTemplate === null
      ? {}
      : { launchTemplate: { id: launchTemplate.id, version: request.launchTemplateVersion } }),
  };
}

function itemOf(live: Live<NodegroupAttrs>, request: NodegroupUpgrade, underWay: boolean): PlanItem {
  const { attrs } = live;
  const { kubernetesVersion = attrs.version, force } = request;
  const template = attrs.launchTemplate && String(attrs.launchTemplate.version);
  const changes = [
    change("release", attrs.releaseVersion, request.releaseVersion ?? `newest of ${kubernetesVersion}`),
    change("kubernetes", attrs.version, kubernetesVersion),
    change("launch template version", template, request.launchTemplateVersion ?? template),
  ].flat();
  const verb = underWay ? "wait" : changes.length === 0 ? "keep" : "update";
  return {
    verb,
    id: `nodegroup/${nodegroupName(live)}`,
    kind: "eks.nodegroup",
    title: "managed nodegroup",
    name: nodegroupName(live),
    ref: live.ref,
    owner: live.owner,
    changes,
    ...(verb === "keep" ? {} : { reason: underWay ? "it is under way already" : replacement(force) }),
    kept: [],
    interrupts: verb === "update",
    listedOnly: false,
    expectSeconds: verb === "keep" ? 0 : expectSecondsPerNode * Math.max(1, attrs.desiredCapacity),
  };
}

function replacement(force: boolean): string {
  return force
    ? "every node is replaced, also where a disruption budget forbids it (--force-upgrade)"
    : "every node is replaced, one after the other, as disruption budgets allow";
}

function change(aspect: string, from: unknown, to: unknown): readonly Change[] {
  return from === to ? [] : [{ aspect, from, to, group: "version", interrupts: true, listedOnly: false }];
}
