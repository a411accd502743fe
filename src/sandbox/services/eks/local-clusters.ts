import type { Cluster, CreateClusterRequest } from "@aws-sdk/client-eks";
import { outpostOf } from "../outposts/outposts.ts";
import type { SubnetRecord } from "../ec2/internal.ts";
import { type About, invalidParameter } from "./errors.ts";
import type { Place } from "./place.ts";
import type { ClusterRecord, OutpostConfig } from "./state.ts";

/** What a local cluster cannot have (EKS user guide, "Comparing deployment options" of Outposts). */
const notOnOutposts = [
  "computeConfig",
  "controlPlaneScalingConfig",
  "encryptionConfig",
  "storageConfig",
  "zonalShiftConfig",
] as const;

/**
 * Where a local cluster is to be; undefined for one in the region. Throws InvalidParameterException for what its Outpost, or
 * its generation, does not have.
 */
export function outpostConfigOf(
  { world, region }: Place,
  input: CreateClusterRequest,
  subnets: readonly SubnetRecord[],
  about: About,
): OutpostConfig | undefined {
  const wanted = input.outpostConfig;
  if (wanted === undefined) {
    const elsewhere = subnets.find(({ outpostArn }) => outpostArn !== undefined);
    if (elsewhere) throw invalidParameter(`Subnet ${elsewhere.SubnetId} is on an Outpost`, about);
    return undefined;
  }
  const [arn = "", ...others] = wanted.outpostArns ?? [];
  if (others.length > 0) throw invalidParameter("Only a single Outpost ARN is supported", about);
  const outpost = outpostOf(world, region, arn);
  if (!outpost) throw invalidParameter(`The Outpost ${arn} does not exist`, about);
  const off = subnets.find((subnet) => subnet.outpostArn !== arn);
  if (off) throw invalidParameter(`Subnet ${off.SubnetId} is not on the Outpost ${arn}`, about);
  const { controlPlaneInstanceType = "", etcdInstanceType, controlPlanePlacement, etcdPlacement } = wanted;
  for (const type of [controlPlaneInstanceType, ...(etcdInstanceType === undefined ? [] : [etcdInstanceType])]) {
    if (!outpost.instanceTypes.includes(type)) {
      throw invalidParameter(`The instance type ${type} is not available on the Outpost ${arn}`, about);
    }
  }
  const unknown = notOnOutposts.find((key) => input[key] !== undefined);
  if (unknown) throw invalidParameter(`${unknown} is not supported for local clusters on Outposts`, about);
  if (input.resourcesVpcConfig?.endpointPublicAccess !== false) {
    throw invalidParameter("Local clusters on Outposts have private endpoint access only", about);
  }
  const isConfigMap = (input.accessConfig?.authenticationMode ?? "CONFIG_MAP") === "CONFIG_MAP";
  if (isConfigMap !== (etcdInstanceType === undefined)) {
    throw invalidParameter("The authentication mode does not fit the local cluster: API needs etcdInstanceType", about);
  }
  return {
    outpostArns: [arn],
    controlPlaneInstanceType,
    ...(controlPlanePlacement && { controlPlanePlacement }),
    ...(etcdInstanceType === undefined ? {} : { etcdInstanceType }),
    ...(etcdPlacement && { etcdPlacement }),
  };
}

/** What DescribeCluster says of a local cluster beside the rest. */
export function localClusterView({ outpost }: ClusterRecord): Pick<Cluster, "id" | "outpostConfig"> {
  if (outpost === undefined) return {};
  const { id, ...outpostConfig } = outpost;
  return { id, outpostConfig };
}

/** A UUID, made of 32 hex digits. */
export function uuidOf(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
