import type {
  GetOutpostInput,
  GetOutpostInstanceTypesInput,
  GetOutpostInstanceTypesOutput,
  GetOutpostOutput,
} from "@aws-sdk/client-outposts";
import { AwsError } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import type { World } from "../../world.ts";
import type { OutpostRecord } from "./state.ts";

/** By its id or its ARN, which ends in it. */
export function outpostOf(world: World, region: string, name: string): OutpostRecord | undefined {
  const id = name.slice(name.lastIndexOf("/") + 1);
  const { outposts } = world.region(region);
  return Object.hasOwn(outposts, id) ? outposts[id] : undefined;
}

function found({ world, region, account }: Call, name: string): OutpostRecord {
  const outpost = outpostOf(world, region, name);
  if (outpost) return outpost;
  throw new AwsError("NotFoundException", `Outpost ${name} not found for account ${account}`, { status: 404 });
}

function getOutpost({ OutpostId = "" }: GetOutpostInput, call: Call): GetOutpostOutput {
  const { id, arn, zone } = found(call, OutpostId);
  return {
    Outpost: {
      OutpostId: id,
      OutpostArn: arn,
      OwnerId: arn.split(":")[4],
      Name: id,
      LifeCycleStatus: "ACTIVE",
      AvailabilityZone: zone.name,
      AvailabilityZoneId: zone.id,
      SupportedHardwareType: "RACK",
    },
  };
}

/** All on one page: an Outpost has few. */
function getInstanceTypes({ OutpostId = "" }: GetOutpostInstanceTypesInput, call: Call): GetOutpostInstanceTypesOutput {
  const { id, arn, instanceTypes } = found(call, OutpostId);
  return { OutpostId: id, OutpostArn: arn, InstanceTypes: instanceTypes.map((InstanceType) => ({ InstanceType })) };
}

export const outpostHandlers = { GetOutpost: getOutpost, GetOutpostInstanceTypes: getInstanceTypes };
