import { paginateDescribeSecurityGroups, paginateDescribeVpcs } from "@aws-sdk/client-ec2";
import { DescribeClusterCommand } from "@aws-sdk/client-eks";
import { collect } from "../aws/answers.ts";
import type { AwsContext } from "../aws/context.ts";
import { absentAsNull } from "../aws/errors.ts";
import { allow, ofCluster } from "../aws/permissions.ts";
import { owned } from "../aws/tags.ts";
import { ownedFilters } from "./ec2/tags-updates.ts";

/** What looking for the cluster's VPC takes. */
export const lookingForHome = [
  ...allow(["ec2:DescribeVpcs", "ec2:DescribeSecurityGroups"]),
  ...allow("eks:DescribeCluster", ofCluster("cluster")),
];

/** A cluster has one VPC for its whole life; it is remembered, since what made it known may go first. */
const known = new WeakMap<AwsContext, Promise<readonly string[]>>();

/**
 * The VPC of a cluster of ours: the one that is ours, that its security groups are in, or that its control plane is in. None
 * where nothing of it is left, or it is not ours.
 */
export function homeOf(ctx: AwsContext): Promise<readonly string[]> {
  const found = known.get(ctx) ?? lookForHome(ctx);
  known.set(ctx, found);
  const forget = () => known.delete(ctx);
  found.then((ids) => ids.length === 0 && forget(), forget);
  return found;
}

/** Whether a thing in this VPC is at home; nothing is in no VPC. */
export async function isAtHome(vpcId: string | undefined, ctx: AwsContext): Promise<boolean> {
  return vpcId !== undefined && (await homeOf(ctx)).includes(vpcId);
}

async function lookForHome(ctx: AwsContext): Promise<readonly string[]> {
  const { ec2, eks } = ctx.clients;
  const mine = { Filters: ownedFilters(ctx) };
  const [vpcs, groups, answer] = await Promise.all([
    collect(paginateDescribeVpcs({ client: ec2 }, mine), (page) => page.Vpcs),
    collect(paginateDescribeSecurityGroups({ client: ec2 }, mine), (page) => page.SecurityGroups),
    absentAsNull(() => eks.send(new DescribeClusterCommand({ name: ctx.owner.cluster }))),
  ]);
  const control = answer?.cluster;
  const controlVpc = control && owned(control.tags ?? {}, ctx.owner) ? control.resourcesVpcConfig?.vpcId : undefined;
  const ids = [...vpcs.map(({ VpcId }) => VpcId), ...groups.map(({ VpcId }) => VpcId), controlVpc];
  return [...new Set(ids.flatMap((id) => id ?? []))];
}
