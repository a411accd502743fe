import {
  DeleteNetworkInterfaceCommand,
  type DescribeNetworkInterfacesRequest,
  paginateDescribeNetworkInterfaces,
} from "@aws-sdk/client-ec2";
import { collect } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { allow, every } from "../../aws/permissions.ts";
import { type Tags, tagsOf } from "../../aws/tags.ts";
import type { DerivedKind, Live } from "../../engine/kind.ts";
import { homeOf, isAtHome, lookingForHome } from "../home.ts";
import { allowOnMade, derivedAmong, derivedLive } from "../made-for-cluster.ts";
import { moments } from "../timings.ts";

export interface NetworkInterfaceAttrs {
  readonly id: string;
  readonly tags: Tags;
}

/** Left behind by the VPC CNI, whose node died before it could delete it. One that is in use goes with what uses it. */
export const networkInterface: DerivedKind<NetworkInterfaceAttrs, AwsContext> = {
  name: "ec2.network-interface",
  title: "network interface",
  deletedBefore: ["ec2.derived-security-group", "ec2.cluster-security-group", "ec2.security-group", "ec2.subnet"],
  madeFor: "eks.cluster",
  timing: () => moments,
  actions: {
    list: [...lookingForHome, ...allow("ec2:DescribeNetworkInterfaces")],
    read: allow("ec2:DescribeNetworkInterfaces"),
    delete: allowOnMade("networkInterface", "ec2:DeleteNetworkInterface", every("network-interface")),
  },

  async list(ctx) {
    const home = await homeOf(ctx);
    if (home.length === 0) return [];
    const inVpc = { Name: "vpc-id", Values: [...home] };
    const unused = { Name: "status", Values: ["available"] };
    return derivedAmong(await describe({ Filters: [inVpc, unused] }, ctx));
  },
  async read(ref, ctx) {
    const found = await absentAsNull(() => describe({ NetworkInterfaceIds: [ref] }, ctx));
    return found?.[0] ?? null;
  },
  async delete({ ref }, { clients }) {
    await clients.ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: ref }));
  },
};

async function describe(
  request: DescribeNetworkInterfacesRequest,
  ctx: AwsContext,
): Promise<readonly Live<NetworkInterfaceAttrs>[]> {
  const pages = paginateDescribeNetworkInterfaces({ client: ctx.clients.ec2 }, request);
  const found = await collect(pages, (page) => page.NetworkInterfaces);
  return Promise.all(
    found.map(async ({ NetworkInterfaceId: id = "", VpcId, Status, Description, TagSet }) => {
      const isHere = Status === "available" && (await isAtHome(VpcId, ctx));
      const attrs = { id, tags: tagsOf(TagSet) };
      return derivedLive(ctx, "networkInterface", {
        ref: id,
        attrs,
        isHere,
        ...(Description && { detail: Description }),
      });
    }),
  );
}
