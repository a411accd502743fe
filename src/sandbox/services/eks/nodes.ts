import type { Issue } from "@aws-sdk/client-eks";
import { AwsError } from "../../aws-error.ts";
import {
  placementOf,
  runInstances,
  securityGroupsIn,
  subnetOf,
  terminateInstances,
  volumeKeysOf,
  zonesWithCapacity,
} from "../ec2/internal.ts";
import { recheckAddons } from "./addon-health.ts";
import { imageIdOf } from "./ami-types.ts";
import { templateData } from "./launch-templates.ts";
import type { Place } from "./place.ts";
import type { ClusterRecord, NodegroupRecord } from "./state.ts";

/** What keeps instances from being launched: EC2's error to the nodegroup's issue. */
const launchIssues: Readonly<Record<string, NonNullable<Issue["code"]>>> = {
  AttachmentLimitExceeded: "AsgInstanceLaunchFailures",
  "Client.InvalidKMSKey.InvalidState": "AsgInstanceLaunchFailures",
  "InvalidPlacementGroup.Unknown": "AsgInstanceLaunchFailures",
  Unsupported: "AsgInstanceLaunchFailures",
  InsufficientInstanceCapacity: "AsgInstanceLaunchFailures",
  VcpuLimitExceeded: "AsgInstanceLaunchFailures",
  InsufficientFreeAddressesInSubnet: "InsufficientFreeAddresses",
};

/**
 * Lets the Auto Scaling group run as many instances as the nodegroup desires. Returns what kept it from launching; the
 * instances that go are the oldest. A process of the group that somebody suspended does not run.
 */
export function scaleInstances(place: Place, cluster: ClusterRecord, nodegroup: NodegroupRecord): Issue | undefined {
  const missing = nodegroup.scaling.desiredSize - nodegroup.instanceIds.length;
  const suspended = nodegroup.onGroup?.suspended ?? [];
  if (missing < 0 && !suspended.includes("Terminate")) {
    const gone = nodegroup.instanceIds.splice(0, -missing);
    terminateInstances(place.world, place.region, gone);
  }
  return missing > 0 && !suspended.includes("Launch") ? launch(place, cluster, nodegroup, missing) : undefined;
}

/** Launches instances as the nodegroup now is: with its current template and release. */
export function launch(
  place: Place,
  cluster: ClusterRecord,
  nodegroup: NodegroupRecord,
  count: number,
): Issue | undefined {
  const { world, region } = place;
  const { launchTemplate } = nodegroup;
  const data = launchTemplate ? templateData(place, launchTemplate, { nodegroupName: nodegroup.name }) : {};
  const named = securityGroupsIn(data);
  const [rootVolume, ...dataVolumes] = (data.BlockDeviceMappings ?? []).flatMap(({ DeviceName: device = "", Ebs }) =>
    Ebs?.VolumeSize === undefined ? [] : [{ device, size: Ebs.VolumeSize }],
  );
  const volumeSize = nodegroup.diskSize ?? rootVolume?.size;
  const spot = nodegroup.capacityType === "SPOT";
  try {
    const ids = runInstances(world, region, {
      count,
      subnetIds: nodegroup.subnets,
      groupIds: named.length > 0 ? named : [cluster.clusterSecurityGroupId],
      instanceType: instanceTypeFor(place, nodegroup, data.InstanceType),
      launchTemplateTags: data.TagSpecifications ?? [],
      tags: {
        "aws:autoscaling:groupName": nodegroup.autoScalingGroup,
        "eks:cluster-name": cluster.name,
        "eks:nodegroup-name": nodegroup.name,
        [`kubernetes.io/cluster/${cluster.name}`]: "owned",
      },
      spot,
      imageId: data.ImageId ?? imageIdOf(region, nodegroup.amiType, nodegroup.version, nodegroup.releaseVersion),
      ...(volumeSize === undefined ? {} : { volumeSize }),
      dataVolumes,
      ...volumeKeysOf(data),
      ...placementOf(data),
    });
    nodegroup.instanceIds.push(...ids);
    return undefined;
  } catch (error) {
    const code = error instanceof AwsError ? launchIssues[error.code] : undefined;
    if (!(error instanceof AwsError) || !code) throw error;
    return { code, message: launchFailure(error, spot), resourceIds: [nodegroup.autoScalingGroup] };
  }
}

/** An instance that was there for a moment has a reason of its own, which begins otherwise than errors of the API. */
function launchFailure({ code, message }: AwsError, spot: boolean): string {
  if (code.startsWith("Client.")) return message;
  return `Could not launch ${spot ? "Spot" : "On-Demand"} Instances. ${code} - ${message} Launching EC2 instance failed.`;
}

/** The first of its types that one of its zones has room for. */
function instanceTypeFor({ world, region }: Place, nodegroup: NodegroupRecord, inTemplate: string | undefined): string {
  const types = nodegroup.instanceTypes ?? [inTemplate ?? ""];
  const zones = nodegroup.subnets.map((id) => subnetOf(world, region, id)?.AvailabilityZone);
  const able = types.find((type) => zonesWithCapacity(world, region, type).some((zone) => zones.includes(zone)));
  return able ?? types[0] ?? "";
}

/** The nodegroup's nodes are ready, or there are none: add-ons that wait for nodes notice. */
export function nodesChanged(place: Place, cluster: ClusterRecord, nodegroup: NodegroupRecord): void {
  const ready = nodegroup.instanceIds.length > 0;
  if (ready) nodegroup.readySince ??= place.world.now();
  else nodegroup.readySince = null;
  recheckAddons(place, cluster);
}

/** All its instances go. */
export function terminateNodes(place: Place, cluster: ClusterRecord, nodegroup: NodegroupRecord): void {
  terminateInstances(place.world, place.region, nodegroup.instanceIds);
  nodegroup.instanceIds = [];
  nodesChanged(place, cluster, nodegroup);
}
