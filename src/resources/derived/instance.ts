import {
  type DescribeInstancesRequest,
  type Instance,
  paginateDescribeInstances,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { collect } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { allow, every } from "../../aws/permissions.ts";
import { type Tags, tagsOf } from "../../aws/tags.ts";
import type { DerivedKind, Live } from "../../engine/kind.ts";
import { homeOf, isAtHome, lookingForHome } from "../home.ts";
import { allowOnMade, derivedAmong, derivedLive, madeForCluster } from "../made-for-cluster.ts";

export interface InstanceAttrs {
  readonly id: string;
  readonly tags: Tags;
}

/** A node that Karpenter launched. Those of nodegroups go with them, those of Auto Mode with the cluster. */
export const instance: DerivedKind<InstanceAttrs, AwsContext> = {
  name: "ec2.instance",
  title: "instance",
  // While it ends it needs what the nodes of nodegroups need.
  deletedBefore: [
    "eks.cluster",
    "iam.derived-instance-profile",
    "iam.instance-profile",
    "ec2.volume",
    "ec2.network-interface",
    "ec2.derived-security-group",
    "ec2.cluster-security-group",
    "ec2.security-group",
    "ec2.internet-gateway",
    "ec2.subnet",
  ],
  madeFor: "eks.cluster",
  timing: () => ({ expect: 60, limit: 1200 }),
  actions: {
    list: [...lookingForHome, ...allow("ec2:DescribeInstances")],
    read: allow("ec2:DescribeInstances"),
    delete: allowOnMade("instance", "ec2:TerminateInstances", every("instance")),
  },

  async list(ctx) {
    const home = await homeOf(ctx);
    if (home.length === 0) return [];
    const inVpc = { Name: "vpc-id", Values: [...home] };
    const marked = { Name: "tag-key", Values: [...madeForCluster.instance.andKey] };
    return derivedAmong(await describe({ Filters: [inVpc, marked] }, ctx));
  },
  async read(ref, ctx) {
    const found = await absentAsNull(() => describe({ InstanceIds: [ref] }, ctx));
    return found?.[0] ?? null;
  },
  async delete({ ref }, { clients }) {
    await clients.ec2.send(new TerminateInstancesCommand({ InstanceIds: [ref] }));
  },
};

async function describe(request: DescribeInstancesRequest, ctx: AwsContext): Promise<readonly Live<InstanceAttrs>[]> {
  const pages = paginateDescribeInstances({ client: ctx.clients.ec2 }, request);
  const reservations = await collect(pages, (page) => page.Reservations);
  const present = reservations
    .flatMap(({ Instances = [] }) => Instances)
    .filter(({ State }) => State?.Name !== "terminated");
  return Promise.all(present.map((one) => toLive(one, ctx)));
}

async function toLive(one: Instance, ctx: AwsContext): Promise<Live<InstanceAttrs>> {
  const { InstanceId: id = "", InstanceType, VpcId, State, Operator, Tags } = one;
  return derivedLive(ctx, "instance", {
    ref: id,
    phase: State?.Name === "shutting-down" ? "deleting" : "ready",
    attrs: { id, tags: tagsOf(Tags) },
    isHere: Operator?.Managed !== true && (await isAtHome(VpcId, ctx)),
    ...(InstanceType && { detail: InstanceType }),
  });
}
