import type { AwsContext } from "../aws/context.ts";
import { allow, tagged, type Where } from "../aws/permissions.ts";
import { owned, type Tags } from "../aws/tags.ts";
import type { Action, Live, Phase } from "../engine/kind.ts";
import type { Tagged } from "./tags-aspect.ts";

/** By which tags a thing is known to have been made for a cluster. */
interface Marks {
  /** Each of these alone says for which cluster. */
  readonly anyOf: readonly ((cluster: string) => readonly [key: string, value: string])[];
  /** One of these keys must be there too. */
  readonly andKey?: readonly string[];
}

const ownedByCluster = (cluster: string) => [`kubernetes.io/cluster/${cluster}`, "owned"] as const;
/** EKS Auto Mode and newer controllers. */
const eksCluster = (cluster: string) => ["eks:eks-cluster-name", cluster] as const;
/** AWS Load Balancer Controller. */
const controllerCluster = (cluster: string) => ["elbv2.k8s.aws/cluster", cluster] as const;

/**
 * The closed table of what Kubernetes makes for a cluster and is deleted with it. Where a type lives in a VPC it must be the
 * cluster's, besides (`home.ts`). Nothing else is ever taken for derived.
 */
export const madeForCluster = {
  /** By the cloud controller. */
  classicLoadBalancer: { anyOf: [ownedByCluster] },
  loadBalancer: { anyOf: [controllerCluster, ownedByCluster, eksCluster] },
  targetGroup: { anyOf: [controllerCluster, ownedByCluster, eksCluster] },
  securityGroup: { anyOf: [controllerCluster, ownedByCluster, eksCluster] },
  /** Left `available` by the VPC CNI when its node has died. */
  networkInterface: { anyOf: [(cluster) => ["cluster.k8s.amazonaws.com/name", cluster], ownedByCluster] },
  /** Launched by Karpenter, of whatever age. */
  instance: { anyOf: [ownedByCluster, eksCluster], andKey: ["karpenter.sh/nodepool", "karpenter.sh/provisioner-name"] },
  /** Made by Karpenter for a role of nodes. */
  instanceProfile: { anyOf: [ownedByCluster, eksCluster] },
  /** By the EBS CSI driver, or the provisioner that Kubernetes had before. */
  volume: {
    anyOf: [ownedByCluster, eksCluster],
    andKey: ["ebs.csi.aws.com/cluster", "CSIVolumeName", "kubernetes.io/created-for/pvc/name"],
  },
} as const satisfies Readonly<Record<string, Marks>>;

type DerivedType = keyof typeof madeForCluster;

/**
 * Doing something to things of a type that were made for the cluster, by whichever tag says so: what policies can tell of the
 * table. That they are in the cluster's VPC, or are of Karpenter, is left to us.
 */
export function allowOnMade(type: DerivedType, actions: string | readonly string[], where: Where): readonly Action[] {
  const { anyOf }: Marks = madeForCluster[type];
  return anyOf.flatMap((tagOf) => allow(actions, tagged(where, tagOf)));
}

/** Whether a thing with these tags was made for the cluster, and not by us. `shared` things belong to several clusters. */
export function isMadeFor(type: DerivedType, tags: Tags, { owner }: AwsContext): boolean {
  const { anyOf, andKey }: Marks = madeForCluster[type];
  const [mark, value] = ownedByCluster(owner.cluster);
  if (owned(tags, owner) || (mark in tags && tags[mark] !== value)) return false;
  const names = anyOf.map((of) => of(owner.cluster));
  return names.some(([key, wanted]) => tags[key] === wanted) && (!andKey || andKey.some((key) => key in tags));
}

/** A live thing that is `derived` where the table and its home say so, else foreign. */
export function derivedLive<Attrs extends Tagged>(
  ctx: AwsContext,
  type: DerivedType,
  thing: {
    readonly ref: string;
    readonly phase?: Phase;
    readonly attrs: Attrs;
    /** In the cluster's VPC, where the type has one. */
    readonly isHere: boolean;
    readonly uid?: string | undefined;
    readonly detail?: string;
  },
): Live<Attrs> {
  const { ref, phase = "ready", attrs, isHere, uid, detail } = thing;
  const owner = isHere && isMadeFor(type, attrs.tags, ctx) ? "derived" : "foreign";
  const more = { ...(uid === undefined ? {} : { uid }), ...(detail === undefined ? {} : { detail }) };
  return { id: "", ref, owner, phase, attrs, ...more };
}

/** Of things that were looked at, those that were made for the cluster. */
export function derivedAmong<Attrs>(lives: readonly Live<Attrs>[]): readonly Live<Attrs>[] {
  return lives.filter(({ owner }) => owner === "derived");
}
