import {
  DeleteVolumeCommand,
  type DescribeVolumesRequest,
  paginateDescribeInstances,
  paginateDescribeVolumes,
  type Volume,
} from "@aws-sdk/client-ec2";
import { collect } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { allow, allowWhen, every } from "../../aws/permissions.ts";
import { type Tags, tagsOf } from "../../aws/tags.ts";
import type { DerivedKind, Holder, Live } from "../../engine/kind.ts";
import { homeOf, isAtHome, lookingForHome } from "../home.ts";
import { allowOnMade, derivedAmong, derivedLive } from "../made-for-cluster.ts";
import { afterRelease } from "../timings.ts";

export interface VolumeAttrs {
  readonly id: string;
  readonly instanceIds: readonly string[];
  readonly tags: Tags;
}

/** Of a persistent volume: people's data. Only while something of the cluster is there can it be told whose it is. */
export const volume: DerivedKind<VolumeAttrs, AwsContext> = {
  name: "ec2.volume",
  title: "volume",
  // They tell, by our tags, whose it is.
  deletedBefore: ["ec2.security-group", "ec2.vpc"],
  madeFor: "eks.cluster",
  holdsData: true,
  timing: () => afterRelease,
  actions: {
    list: [
      ...lookingForHome,
      ...allow("ec2:DescribeVolumes"),
      ...allowWhen("a volume is attached", "ec2:DescribeInstances"),
    ],
    read: allow(["ec2:DescribeVolumes", "ec2:DescribeInstances"]),
    delete: allowOnMade("volume", "ec2:DeleteVolume", every("volume")),
  },

  async list(ctx) {
    const keys = [`kubernetes.io/cluster/${ctx.owner.cluster}`, "eks:eks-cluster-name"];
    return derivedAmong(await describe({ Filters: [{ Name: "tag-key", Values: keys }] }, ctx));
  },
  async read(ref, ctx) {
    const found = await absentAsNull(() => describe({ VolumeIds: [ref] }, ctx));
    return found?.[0] ?? null;
  },
  async delete({ ref }, { clients }) {
    await clients.ec2.send(new DeleteVolumeCommand({ VolumeId: ref }));
  },
  holders: ({ attrs }) =>
    Promise.resolve(attrs.instanceIds.map((id): Holder => ({ name: `instance ${id}`, leaves: true }))),
};

async function describe(request: DescribeVolumesRequest, ctx: AwsContext): Promise<readonly Live<VolumeAttrs>[]> {
  const pages = paginateDescribeVolumes({ client: ctx.clients.ec2 }, request);
  const found = await collect(pages, (page) => page.Volumes);
  return Promise.all(found.map((one) => toLive(one, ctx)));
}

async function toLive(one: Volume, ctx: AwsContext): Promise<Live<VolumeAttrs>> {
  const { VolumeId: id = "", Size, State, Attachments = [], Tags } = one;
  const tags = tagsOf(Tags);
  const instanceIds = Attachments.flatMap(({ InstanceId }) => InstanceId ?? []);
  const claim = tags["kubernetes.io/created-for/pvc/name"];
  return derivedLive(ctx, "volume", {
    ref: id,
    phase: State === "deleting" ? "deleting" : "ready",
    attrs: { id, instanceIds, tags },
    isHere: await areAtHome(instanceIds, ctx),
    detail: claim === undefined ? `${Size} GiB` : `${Size} GiB, of the claim ${claim}`,
  });
}

/** A volume lives in no VPC; what it is attached to does. Where nothing of the cluster is left, nobody can tell whose it is. */
async function areAtHome(instanceIds: readonly string[], ctx: AwsContext): Promise<boolean> {
  if ((await homeOf(ctx)).length === 0) return false;
  if (instanceIds.length === 0) return true;
  const pages = paginateDescribeInstances({ client: ctx.clients.ec2 }, { InstanceIds: [...instanceIds] });
  const found = (await absentAsNull(() => collect(pages, (page) => page.Reservations))) ?? [];
  const vpcIds = found.flatMap(({ Instances = [] }) => Instances.flatMap(({ VpcId }) => VpcId ?? []));
  return (await Promise.all(vpcIds.map((id) => isAtHome(id, ctx)))).every(Boolean);
}
