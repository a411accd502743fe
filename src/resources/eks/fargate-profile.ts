import {
  CreateFargateProfileCommand,
  DeleteFargateProfileCommand,
  DescribeFargateProfileCommand,
  type FargateProfile,
  paginateListFargateProfiles,
} from "@aws-sdk/client-eks";
import type { AwsContext } from "../../aws/context.ts";
import { allPages } from "../../aws/eks-pages.ts";
import { issueText } from "../../aws/eks-updates.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { allow, allowWhen, lookedAt, ofCluster, passing, serviceLinkedRole } from "../../aws/permissions.ts";
import type { Tags } from "../../aws/tags.ts";
import type { Duration, Live, Lock, NamedKind } from "../../engine/kind.ts";
import { creationTags, taggedLive, tagsAspect } from "../tags-aspect.ts";
import { moments } from "../timings.ts";
import { phaseOf } from "./status-document.ts";
import { tagging, taggingNew, updateTags } from "./tags-updates.ts";

export interface FargateSelector {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}
export interface FargateProfileSpec {
  readonly selectors: readonly FargateSelector[];
  readonly tags: Tags;
}
export interface FargateProfileDeps {
  readonly cluster: { readonly name: string };
  readonly role: { readonly arn: string };
  /** None: EKS takes the cluster's private ones. */
  readonly subnets: readonly { readonly id: string }[];
}
export interface FargateProfileAttrs {
  readonly name: string;
  readonly cluster: string;
  readonly arn: string;
  readonly podExecutionRoleArn: string;
  readonly subnetIds: readonly string[];
  readonly selectors: readonly FargateSelector[];
  readonly tags: Tags;
}

/** Nothing of a profile can be changed but its tags: it is replaced by one of another name, which takes its pods over. */
export const fargateProfile: NamedKind<
  FargateProfileSpec,
  FargateProfileDeps,
  FargateProfileAttrs,
  AwsContext,
  "tags"
> = {
  name: "eks.fargate-profile",
  title: "Fargate profile",
  // Pods that end need their way out and their role, and are let in by the access entry.
  deletedBefore: [
    "eks.cluster",
    "eks.access-entry",
    "iam.role",
    "ec2.route-table",
    "ec2.vpc-endpoint",
    "ec2.nat-gateway",
    "ec2.internet-gateway",
    "ec2.security-group",
    "ec2.subnet",
  ],
  timing: (verb) => (verb === "tags" ? moments : profileTiming),
  locks: (verb) => (verb === "tags" ? [] : oneByOne),

  actions: {
    list: allow("eks:ListFargateProfiles", ofCluster("cluster")),
    read: allow("eks:DescribeFargateProfile", ofCluster("fargateprofile")),
    create: (planned) => [
      ...allow("eks:CreateFargateProfile", ofCluster("cluster")),
      ...taggingNew("fargateprofile", "CreateFargateProfile"),
      ...passing(planned?.roles ?? [], "eks.amazonaws.com"),
      ...lookedAt(planned?.roles ?? [], "iam:GetRole"),
      ...allowWhen("a Fargate profile names its subnets", "ec2:DescribeSubnets"),
      ...serviceLinkedRole("eks-fargate.amazonaws.com", "AWSServiceRoleForAmazonEKSForFargate"),
    ],
    delete: allow("eks:DeleteFargateProfile", ofCluster("fargateprofile")),
    tags: tagging("fargateprofile"),
  },

  async list(ctx, id) {
    const pages = paginateListFargateProfiles({ client: ctx.clients.eks }, { clusterName: ctx.owner.cluster });
    const names = await allPages(pages, (page) => page.fargateProfileNames);
    const all = await Promise.all(names.map((name) => read(name, ctx)));
    return all.filter((live) => live !== null).filter((live) => id === undefined || live.id === id);
  },
  read,
  find: read,

  async create(want, ctx) {
    const { spec, deps } = want;
    await ctx.clients.eks.send(
      new CreateFargateProfileCommand({
        clusterName: deps.cluster.name,
        fargateProfileName: want.name,
        podExecutionRoleArn: deps.role.arn,
        subnets: deps.subnets.length > 0 ? deps.subnets.map(({ id }) => id) : undefined,
        selectors: spec.selectors.map(({ namespace, labels }) => ({ namespace, labels: { ...labels } })),
        tags: creationTags(ctx, want.id, spec.tags),
        clientRequestToken: want.token,
      }),
    );
    return { ref: want.name };
  },

  async delete(live, ctx) {
    const request = { clusterName: live.attrs.cluster, fargateProfileName: live.ref };
    await ctx.clients.eks.send(new DeleteFargateProfileCommand(request));
  },

  aspects: {
    selectors: {
      want: (spec) => inOrder(spec.selectors),
      have: (attrs) => attrs.selectors,
      change: () => "replace",
    },
    podExecutionRole: {
      want: (_spec, deps) => deps.role.arn,
      have: (attrs) => attrs.podExecutionRoleArn,
      change: () => "replace",
    },
    subnets: {
      want: (_spec, deps) => (deps.subnets.length > 0 ? deps.subnets.map(({ id }) => id).toSorted() : undefined),
      have: (attrs) => attrs.subnetIds,
      change: () => "replace",
    },
    tags: tagsAspect,
  },

  updates: {
    tags: updateTags,
  },
};

/** Seconds. Pods are ended before the profile goes. */
const profileTiming: Duration = { expect: 130, limit: 1800 };

/** One profile of a cluster at a time comes or goes, and none while the cluster is updated. */
const oneByOne: readonly Lock[] = [
  { name: "fargate", mode: "exclusive" },
  { name: "cluster", mode: "shared" },
];

/** A profile of the owner's cluster by its name, whoever made it. */
async function read(name: string, ctx: AwsContext): Promise<Live<FargateProfileAttrs> | null> {
  const { eks } = ctx.clients;
  const request = { clusterName: ctx.owner.cluster, fargateProfileName: name };
  const answer = await absentAsNull(() => eks.send(new DescribeFargateProfileCommand(request)));
  if (!answer?.fargateProfile) return null;
  const { fargateProfile: found } = answer;
  const issues = (found.health?.issues ?? []).map(issueText);
  return taggedLive(ctx, name, phaseOf(found.status), attributes(found), {
    detail: issues.length > 0 ? issues.join("; ") : undefined,
    uid: found.createdAt?.toISOString(),
  });
}

function attributes(found: FargateProfile): FargateProfileAttrs {
  return {
    name: found.fargateProfileName ?? "",
    cluster: found.clusterName ?? "",
    arn: found.fargateProfileArn ?? "",
    podExecutionRoleArn: found.podExecutionRoleArn ?? "",
    subnetIds: (found.subnets ?? []).toSorted(),
    selectors: inOrder((found.selectors ?? []).map(({ namespace = "", labels = {} }) => ({ namespace, labels }))),
    tags: found.tags ?? {},
  };
}

/** Which of them a pod fits does not depend on their order. */
function inOrder(selectors: readonly FargateSelector[]): readonly FargateSelector[] {
  const text = ({ namespace, labels }: FargateSelector) =>
    JSON.stringify([namespace, Object.entries(labels).toSorted(([a], [b]) => a.localeCompare(b))]);
  return selectors.toSorted((a, b) => text(a).localeCompare(text(b)));
}
