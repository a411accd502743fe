import {
  CreateAddonCommand,
  DeleteAddonCommand,
  UpdateAddonCommand,
  ResolveConflicts,
  paginateListAddons,
} from "@aws-sdk/client-eks";
import type { AwsContext } from "../../aws/context.ts";
import { allPages } from "../../aws/eks-pages.ts";
import { followingUpdates, updateOperation } from "../../aws/eks-updates.ts";
import { allow, ofCluster, onlyWhen, passing } from "../../aws/permissions.ts";
import type { Tags } from "../../aws/tags.ts";
import type { Action, Duration, NamedKind, Lock, Planned } from "../../engine/kind.ts";
import { creationTags, tagsAspect } from "../tags-aspect.ts";
import { moments } from "../timings.ts";
import { configurationOf, describeAddon } from "./addon-document.ts";
import {
  ourAssociations,
  ourServiceAccountRole,
  podIdentityAssociations,
  rolesInUpdate,
  serviceAccountRole,
} from "./addon-roles-updates.ts";
import { tagging, taggingNew, updateTags } from "./tags-updates.ts";

export interface AddonSpec {
  /** A full version, `v1.20.4-eksbuild.1`. */
  readonly version?: string;
  /** JSON text; compared as data. */
  readonly configurationValues?: string;
  /** For the create call (OVERWRITE at cluster creation) and for updates (PRESERVE unless the file says otherwise). */
  readonly resolveConflicts?: { readonly create: string; readonly update: string };
  /** A given role; one that we make comes as a dependency. */
  readonly serviceAccountRoleArn?: string;
  /** Those without a `roleArn` take the roles of `podIdentityRoles`, one after the other. */
  readonly podIdentityAssociations?: readonly { readonly serviceAccount: string; readonly roleArn?: string }[];
  /** Only for creation. */
  readonly namespace?: string;
  readonly tags: Tags;
}
export interface AddonDeps {
  readonly cluster: { readonly name: string };
  /** None or one: the role for its service account (IRSA). */
  readonly role: readonly { readonly arn: string }[];
  /** The roles that we make for those associations that name none, in order. */
  readonly podIdentityRoles: readonly { readonly arn: string }[];
}
export interface AddonAttrs {
  readonly name: string;
  readonly arn: string;
  readonly version: string;
  readonly configurationValues: string | null;
  readonly serviceAccountRoleArn: string | null;
  readonly podIdentityAssociations: readonly { readonly serviceAccount: string; readonly roleArn: string }[];
  readonly namespace: string | null;
  /** AWS's codes and messages. */
  readonly issues: readonly string[];
  readonly tags: Tags;
}

export const addon: NamedKind<AddonSpec, AddonDeps, AddonAttrs, AwsContext, "config" | "tags"> = {
  name: "eks.addon",
  title: "EKS add-on",
  deletedBefore: ["eks.cluster", "iam.role"],
  diesWith: "eks.cluster",
  timing: (verb) => timings[verb] ?? updateTiming,
  locks: (verb) => (verb === "tags" ? [] : shared),

  actions: {
    list: allow("eks:ListAddons", ofCluster("cluster")),
    read: (planned) => [
      ...allow("eks:DescribeAddon", ofCluster("addon")),
      ...forAssociations(planned, allow("eks:DescribePodIdentityAssociation", ofCluster("podidentityassociation"))),
    ],
    create: (planned) => [
      ...allow("eks:CreateAddon", ofCluster("cluster")),
      ...taggingNew("addon", "CreateAddon"),
      ...givingRoles(planned, "CreateAddon"),
    ],
    delete: (planned) => [
      ...allow("eks:DeleteAddon", ofCluster("addon")),
      ...forAssociations(planned, allow("eks:DeleteAddon", ofCluster("podidentityassociation"))),
    ],
    config: (planned) => [
      ...allow("eks:UpdateAddon", ofCluster("addon")),
      ...followingUpdates("addon"),
      ...givingRoles(planned, "UpdateAddon"),
    ],
    tags: tagging("addon"),
  },

  async list(ctx, id) {
    const pages = paginateListAddons({ client: ctx.clients.eks }, { clusterName: ctx.owner.cluster });
    const names = await allPages(pages, (page) => page.addons);
    const all = await Promise.all(names.map((name) => describeAddon(name, ctx)));
    return all.filter((live) => live !== null).filter((live) => id === undefined || live.id === id);
  },
  read: describeAddon,
  find: describeAddon,

  async create(want, ctx) {
    const { spec, deps } = want;
    await ctx.clients.eks.send(
      new CreateAddonCommand({
        clusterName: deps.cluster.name,
        addonName: want.name,
        ...settings(spec),
        serviceAccountRoleArn: serviceAccountRole(spec, deps),
        podIdentityAssociations: podIdentityAssociations(spec, deps)?.map((association) => ({ ...association })),
        resolveConflicts: conflictRule(spec.resolveConflicts?.create),
        namespaceConfig: spec.namespace === undefined ? undefined : { namespace: spec.namespace },
        tags: creationTags(ctx, want.id, spec.tags),
        clientRequestToken: want.token,
      }),
    );
    return { ref: want.name };
  },

  async delete(live, ctx) {
    const request = { clusterName: ctx.owner.cluster, addonName: live.ref, ...(ctx.preserve && { preserve: true }) };
    await ctx.clients.eks.send(new DeleteAddonCommand(request));
  },

  aspects: {
    version: {
      want: (spec) => spec.version,
      have: (attrs) => attrs.version,
      change: () => "config",
    },
    configurationValues: {
      want: (spec) => (spec.configurationValues === undefined ? undefined : configurationOf(spec.configurationValues)),
      have: (attrs) => configurationOf(attrs.configurationValues),
      change: () => "config",
    },
    // Roles that we made are taken back when they are wanted no more, so that they can go; those of others are kept.
    serviceAccountRole: {
      want: (spec, deps) => serviceAccountRole(spec, deps) ?? null,
      have: (attrs, want) => (want === null ? ourServiceAccountRole(attrs) : attrs.serviceAccountRoleArn),
      change: () => "config",
    },
    podIdentityAssociations: {
      want: (spec, deps) => podIdentityAssociations(spec, deps) ?? [],
      have: ourAssociations,
      change: () => "config",
    },
    namespace: {
      want: (spec) => spec.namespace,
      have: (attrs) => attrs.namespace,
      change: (from) => ({
        refuse: `EKS cannot move an add-on to another namespace (it is in ${String(from)}): delete the add-on, then create it`,
      }),
    },
    tags: tagsAspect,
  },

  updates: {
    async config(want, live, ctx) {
      const { eks } = ctx.clients;
      const { update } = await eks.send(
        new UpdateAddonCommand({
          clusterName: ctx.owner.cluster,
          addonName: live.ref,
          ...settings(want.spec),
          ...rolesInUpdate(want.spec, want.deps, live.attrs),
          resolveConflicts: conflictRule(want.spec.resolveConflicts?.update),
        }),
      );
      return updateOperation(eks, { cluster: ctx.owner.cluster, addon: live.ref }, update);
    },
    tags: updateTags,
  },
};

/** Seconds. EKS itself gives up on an add-on whose Pods do not come up after some twenty minutes. */
const timings: Readonly<Partial<Record<string, Duration>>> = {
  create: { expect: 40, limit: 1800 },
  delete: { expect: 20, limit: 900 },
  tags: moments,
};
const updateTiming: Duration = { expect: 40, limit: 1800 };

/** EKS refuses them while the cluster itself is updated; among themselves they go side by side. */
const shared: readonly Lock[] = [{ name: "cluster", mode: "shared" }];

type PlannedAddon = Planned<AddonSpec> | undefined;

/** What is needed where the add-on has pod identity associations. */
function forAssociations(planned: PlannedAddon, actions: readonly Action[]): readonly Action[] {
  return planned?.spec.podIdentityAssociations?.length
    ? actions
    : onlyWhen("an add-on has pod identity associations", actions);
}

/** EKS is handed the roles of an add-on, and makes its pod identity associations in the caller's name. */
function givingRoles(planned: PlannedAddon, operation: string): readonly Action[] {
  if (planned === undefined) return [];
  const { podIdentityAssociations: pods, serviceAccountRoleArn } = planned.spec;
  const given = [serviceAccountRoleArn, ...(pods ?? []).map(({ roleArn }) => roleArn)];
  const roles = [...planned.roles, ...given.filter((arn) => arn !== undefined)];
  if (pods === undefined) return passing(roles, "eks.amazonaws.com");
  return [
    ...passing(roles, "pods.eks.amazonaws.com"),
    ...(pods.length === 0 ? [] : allow(`eks:${operation}`, ofCluster("podidentityassociation"))),
  ];
}

/** What creation and update have in common: all that is wanted, since what an update leaves out may be reset. */
function settings({ version, configurationValues }: AddonSpec) {
  return { addonVersion: version, configurationValues };
}

function conflictRule(word: string | undefined): ResolveConflicts | undefined {
  return Object.values(ResolveConflicts).find((rule) => rule === word);
}
