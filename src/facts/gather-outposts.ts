import { GetOutpostCommand, NotFoundException, paginateGetOutpostInstanceTypes } from "@aws-sdk/client-outposts";
import { collect } from "../aws/answers.ts";
import type { Clients } from "../aws/clients.ts";
import { allow, anyOutpost } from "../aws/permissions.ts";
import { outpostId } from "../config/outposts.ts";
import type { Action } from "../engine/kind.ts";
import { InputError } from "../errors.ts";
import type { Needs } from "./needs.ts";
import type { Facts, Outpost } from "./types.ts";

/** The permissions that `gatherOutposts` takes. */
export function gatheringOutposts({ outposts }: Needs): readonly Action[] {
  return outposts.length > 0 ? allow(["outposts:GetOutpost", "outposts:GetOutpostInstanceTypes"], anyOutpost) : [];
}

/**
 * The Outposts that a file names, by their ids. Their types are in no order.
 *
 * @throws InputError for one that is not there.
 */
export async function gatherOutposts({ outposts }: Needs, clients: Clients): Promise<Facts["outposts"]> {
  const found = await Promise.all(
    outposts.map(async (arn) => [outpostId(arn), await gatherOutpost(arn, clients)] as const),
  );
  return Object.fromEntries(found);
}

async function gatherOutpost(arn: string, { outposts }: Clients): Promise<Outpost> {
  try {
    const OutpostId = arn;
    const { Outpost: found } = await outposts.send(new GetOutpostCommand({ OutpostId }));
    const types = await collect(
      paginateGetOutpostInstanceTypes({ client: outposts }, { OutpostId }),
      (page) => page.InstanceTypes,
    );
    return {
      arn,
      zone: found?.AvailabilityZone ?? "",
      instanceTypes: types.flatMap(({ InstanceType }) => InstanceType ?? []),
    };
  } catch (error) {
    if (!(error instanceof NotFoundException)) throw error;
    throw new InputError(`the Outpost ${arn} does not exist, or is not shared with this account`, { cause: error });
  }
}
