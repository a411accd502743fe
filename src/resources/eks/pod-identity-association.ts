import {
  CreatePodIdentityAssociationCommand,
  DeletePodIdentityAssociationCommand,
  DescribePodIdentityAssociationCommand,
  paginateListPodIdentityAssociations,
  type PodIdentityAssociation,
  UpdatePodIdentityAssociationCommand,
} from "@aws-sdk/client-eks";
import { created } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { allPages } from "../../aws/eks-pages.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { allow, lookedAt, ofCluster, passing } from "../../aws/permissions.ts";
import type { Tags } from "../../aws/tags.ts";
import type { Action, Live, NamedKind, Planned } from "../../engine/kind.ts";
import { creationTags, taggedLive, tagsAspect } from "../tags-aspect.ts";
import { moments } from "../timings.ts";
import { tagging, taggingNew, updateTags } from "./tags-updates.ts";

export interface PodIdentityAssociationSpec {
  readonly namespace: string;
  readonly serviceAccount: string;
  /** A given role; one that we make comes as a dependency. */
  readonly roleArn?: string;
  readonly targetRoleArn?: string;
  readonly disableSessionTags?: boolean;
  /** JSON text; compared as data. */
  readonly policy?: string;
  readonly tags: Tags;
}
export interface PodIdentityAssociationDeps {
  readonly cluster: { readonly name: string };
  /** None or one. */
  readonly role: readonly { readonly arn: string }[];
}
export interface PodIdentityAssociationAttrs {
  readonly arn: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly roleArn: string;
  readonly targetRoleArn: string | null;
  /** What the target role's trust policy can ask for. */
  readonly externalId: string | null;
  readonly disableSessionTags: boolean;
  readonly policy: string | null;
  /** The ARN of the add-on that it belongs to. */
  readonly addonArn: string | null;
  readonly tags: Tags;
}

/** An association of its own; those of an add-on are a part of the add-on. Its name is `<namespace>/<service account>`. */
export const podIdentityAssociation: NamedKind<
  PodIdentityAssociationSpec,
  PodIdentityAssociationDeps,
  PodIdentityAssociationAttrs,
  AwsContext,
  "config" | "tags"
> = {
  name: "eks.pod-identity-association",
  title: "pod identity association",
  deletedBefore: ["iam.role", "eks.cluster"],
  diesWith: "eks.cluster",
  timing: () => moments,

  actions: {
    list: allow("eks:ListPodIdentityAssociations", ofCluster("cluster")),
    read: allow("eks:DescribePodIdentityAssociation", ofCluster("podidentityassociation")),
    create: (planned) => [
      ...allow("eks:CreatePodIdentityAssociation", ofCluster("cluster")),
      ...taggingNew("podidentityassociation", "CreatePodIdentityAssociation"),
      ...givingRole(planned),
    ],
    delete: allow("eks:DeletePodIdentityAssociation", ofCluster("podidentityassociation")),
    config: (planned) => [
      ...allow("eks:UpdatePodIdentityAssociation", ofCluster("podidentityassociation")),
      ...givingRole(planned),
    ],
    tags: tagging("podidentityassociation"),
  },

  async list(ctx, id) {
    const all = await describeAll({}, ctx);
    return all.filter((live) => live.owner === "us" && (id === undefined || id === live.id));
  },
  read,
  async find(name, ctx) {
    const [namespace, serviceAccount] = name.split("/");
    const [live] = await describeAll({ namespace, serviceAccount }, ctx);
    return live ?? null;
  },

  async create(want, ctx) {
    const { spec, deps } = want;
    const { association } = await ctx.clients.eks.send(
      new CreatePodIdentityAssociationCommand({
        clusterName: deps.cluster.name,
        namespace: spec.namespace,
        serviceAccount: spec.serviceAccount,
        ...settings(spec, deps),
        tags: creationTags(ctx, want.id, spec.tags),
        clientRequestToken: want.token,
      }),
    );
    return created(association?.associationId, "pod identity association");
  },

  async delete(live, ctx) {
    const request = { clusterName: ctx.owner.cluster, associationId: live.ref };
    await ctx.clients.eks.send(new DeletePodIdentityAssociationCommand(request));
  },

  aspects: {
    role: {
      want: roleOf,
      have: (attrs) => attrs.roleArn,
      change: () => "config",
    },
    targetRole: {
      want: (spec) => spec.targetRoleArn,
      have: (attrs) => attrs.targetRoleArn,
      change: () => "config",
    },
    disableSessionTags: {
      want: (spec) => spec.disableSessionTags,
      have: (attrs) => attrs.disableSessionTags,
      change: () => "config",
    },
    policy: {
      want: (spec) => (spec.policy === undefined ? undefined : (JSON.parse(spec.policy) as unknown)),
      have: (attrs) => (attrs.policy === null ? null : (JSON.parse(attrs.policy) as unknown)),
      change: () => "config",
    },
    tags: tagsAspect,
  },

  updates: {
    async config({ spec, deps, token }, live, ctx) {
      await ctx.clients.eks.send(
        new UpdatePodIdentityAssociationCommand({
          clusterName: ctx.owner.cluster,
          associationId: live.ref,
          ...settings(spec, deps),
          clientRequestToken: token,
        }),
      );
      return undefined;
    },
    tags: updateTags,
  },
};

function settings(spec: PodIdentityAssociationSpec, deps: PodIdentityAssociationDeps) {
  const { targetRoleArn, disableSessionTags, policy } = spec;
  return { roleArn: roleOf(spec, deps), targetRoleArn, disableSessionTags, policy };
}

function roleOf(spec: PodIdentityAssociationSpec, deps: PodIdentityAssociationDeps): string {
  const [role] = deps.role;
  const arn = role ? role.arn : spec.roleArn;
  if (arn === undefined)
    throw new Error("a pod identity association has neither a role of its own nor one that we make");
  return arn;
}

/** EKS looks at the role and is handed it. */
function givingRole(planned: Planned<PodIdentityAssociationSpec> | undefined): readonly Action[] {
  if (planned === undefined) return [];
  const given = planned.spec.roleArn;
  const roles = given === undefined ? planned.roles : [given];
  return [...lookedAt(roles, "iam:GetRole"), ...passing(roles, "pods.eks.amazonaws.com")];
}

/** All of the owner's cluster, whoever made them, those of add-ons included. */
export async function everyAssociation(ctx: AwsContext): Promise<readonly Live<PodIdentityAssociationAttrs>[]> {
  const pages = paginateListPodIdentityAssociations({ client: ctx.clients.eks }, { clusterName: ctx.owner.cluster });
  const listed = await allPages(pages, (page) => page.associations);
  const found = await Promise.all(listed.map(({ associationId = "" }) => read(associationId, ctx)));
  return found.flatMap((live) => live ?? []);
}

/** The list gives no tags. Those of add-ons are seen only where one service account is asked for. */
async function describeAll(
  of: { readonly namespace?: string | undefined; readonly serviceAccount?: string | undefined },
  ctx: AwsContext,
): Promise<readonly Live<PodIdentityAssociationAttrs>[]> {
  const { eks } = ctx.clients;
  const pages = paginateListPodIdentityAssociations({ client: eks }, { clusterName: ctx.owner.cluster, ...of });
  const listed = await allPages(pages, (page) => page.associations);
  const wanted = listed.filter(({ ownerArn }) => of.namespace !== undefined || ownerArn === undefined);
  const found = await Promise.all(wanted.map(({ associationId = "" }) => read(associationId, ctx)));
  return found.flatMap((live) => live ?? []);
}

async function read(id: string, ctx: AwsContext): Promise<Live<PodIdentityAssociationAttrs> | null> {
  const request = { clusterName: ctx.owner.cluster, associationId: id };
  const answer = await absentAsNull(() => ctx.clients.eks.send(new DescribePodIdentityAssociationCommand(request)));
  return answer?.association ? toLive(answer.association, ctx) : null;
}

function toLive(one: PodIdentityAssociation, ctx: AwsContext): Live<PodIdentityAssociationAttrs> {
  const attrs = {
    arn: one.associationArn ?? "",
    namespace: one.namespace ?? "",
    serviceAccount: one.serviceAccount ?? "",
    roleArn: one.roleArn ?? "",
    targetRoleArn: one.targetRoleArn ?? null,
    externalId: one.externalId ?? null,
    disableSessionTags: one.disableSessionTags ?? false,
    policy: one.policy ?? null,
    addonArn: one.ownerArn ?? null,
    tags: one.tags ?? {},
  };
  return taggedLive(ctx, one.associationId ?? "", "ready", attrs);
}
