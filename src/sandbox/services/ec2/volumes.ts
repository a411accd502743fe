import type { DeleteVolumeRequest, DescribeVolumesRequest, DescribeVolumesResult, Volume } from "@aws-sdk/client-ec2";
import { AwsError } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import { required } from "./errors.ts";
import { volumeFamily } from "./families.ts";
import { find, selectPage } from "./family.ts";
import { ec2Of, recorded, type Place } from "./place.ts";
import type { VolumeRecord } from "./state.ts";
import { tagList } from "./tag-specifications.ts";

export interface NewVolume {
  readonly zone: string;
  /** GiB. */
  readonly size: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Absent: attached to nothing. */
  readonly instanceId?: string;
}

export function makeVolume(place: Place, wanted: NewVolume): VolumeRecord {
  const volume: VolumeRecord = {
    ...recorded(place, wanted.tags),
    VolumeId: place.world.id("vol"),
    AvailabilityZone: wanted.zone,
    Size: wanted.size,
    VolumeType: "gp3",
    Encrypted: false,
    instanceId: wanted.instanceId ?? null,
    createdAt: place.world.now(),
  };
  ec2Of(place).volumes[volume.VolumeId] = volume;
  return volume;
}

function describeVolumes(input: DescribeVolumesRequest, call: Call): DescribeVolumesResult {
  const query = { ids: ["volumeIds", input.VolumeIds], filters: input.Filters } as const;
  const { items, ...rest } = selectPage(volumeFamily, call, query, input);
  return { Volumes: items.map(view), ...rest };
}

function view(volume: VolumeRecord): Volume {
  return {
    VolumeId: volume.VolumeId,
    AvailabilityZone: volume.AvailabilityZone,
    Size: volume.Size,
    VolumeType: volume.VolumeType,
    Iops: 3000,
    Throughput: 125,
    Encrypted: volume.Encrypted,
    State: volume.instanceId === null ? "available" : "in-use",
    CreateTime: new Date(volume.createdAt),
    Attachments:
      volume.instanceId === null
        ? []
        : [
            {
              VolumeId: volume.VolumeId,
              InstanceId: volume.instanceId,
              Device: "/dev/xvda",
              State: "attached",
              AttachTime: new Date(volume.createdAt),
              DeleteOnTermination: true,
            },
          ],
    Tags: tagList(volume.tags),
  };
}

function deleteVolume(input: DeleteVolumeRequest, call: Call): void {
  const volume = find(volumeFamily, call, required(input.VolumeId, "volumeId"));
  if (volume.instanceId !== null) {
    throw new AwsError("VolumeInUse", `Volume ${volume.VolumeId} is currently attached to ${volume.instanceId}`);
  }
  delete ec2Of(call).volumes[volume.VolumeId];
}

export const volumeHandlers = { DescribeVolumes: describeVolumes, DeleteVolume: deleteVolume };
