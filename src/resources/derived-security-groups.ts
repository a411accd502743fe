import {
  DeleteSecurityGroupCommand,
  type DescribeSecurityGroupsRequest,
  paginateDescribeSecurityGroups,
} from "@aws-sdk/client-ec2";
import { collect } from "../aws/answers.ts";
import type { AwsContext } from "../aws/context.ts";
import { absentAsNull } from "../aws/errors.ts";
import { every } from "../aws/permissions.ts";
import { type Tags, tagsOf } from "../aws/tags.ts";
import type { DerivedKind, Live } from "../engine/kind.ts";
import { whatHoldsGroup } from "./holders.ts";
import { homeOf, isAtHome, lookingForHome } from "./home.ts";
import { allowOnMade, derivedAmong, derivedLive } from "./made-for-cluster.ts";
import { afterRelease } from "./timings.ts";

export interface DerivedSecurityGroupAttrs {
  readonly id: string;
  readonly name: string;
  readonly tags: Tags;
}

/** Whether EKS made a group itself, with the cluster. */
export function isOfControlPlane({ attrs }: Live<DerivedSecurityGroupAttrs>): boolean {
  return "aws:eks:cluster-name" in attrs.tags;
}

/** All security groups in the cluster's VPC that were made for it. */
export async function derivedSecurityGroups(ctx: AwsContext): Promise<readonly Live<DerivedSecurityGroupAttrs>[]> {
  const home = await homeOf(ctx);
  if (home.length === 0) return [];
  return derivedAmong(await describe({ Filters: [{ Name: "vpc-id", Values: [...home] }] }, ctx));
}

/** How the kinds of such groups are read and deleted. */
export const securityGroupCalls: Pick<
  DerivedKind<DerivedSecurityGroupAttrs, AwsContext>,
  "actions" | "read" | "delete" | "holders" | "timing"
> = {
  timing: () => afterRelease,
  actions: {
    list: lookingForHome,
    read: lookingForHome,
    delete: allowOnMade("securityGroup", "ec2:DeleteSecurityGroup", every("security-group")),
  },
  async read(ref, ctx) {
    const found = await absentAsNull(() => describe({ GroupIds: [ref] }, ctx));
    return found?.[0] ?? null;
  },
  async delete({ ref }, { clients }) {
    await clients.ec2.send(new DeleteSecurityGroupCommand({ GroupId: ref }));
  },
  holders: ({ ref }, ctx) => whatHoldsGroup(ref, ctx),
};

async function describe(
  request: DescribeSecurityGroupsRequest,
  ctx: AwsContext,
): Promise<readonly Live<DerivedSecurityGroupAttrs>[]> {
  const pages = paginateDescribeSecurityGroups({ client: ctx.clients.ec2 }, request);
  const found = await collect(pages, (page) => page.SecurityGroups);
  return Promise.all(
    found.map(async ({ GroupId: id = "", GroupName: name = "", VpcId, Tags }) => {
      const attrs = { id, name, tags: tagsOf(Tags) };
      const isHere = await isAtHome(VpcId, ctx);
      return derivedLive(ctx, "securityGroup", { ref: id, attrs, isHere, detail: name });
    }),
  );
}
