import {
  ArgoCdRole,
  type ArgoCdRoleMapping,
  CapabilityType,
  CreateCapabilityCommand,
  DeleteCapabilityCommand,
  SsoIdentityType,
  UpdateCapabilityCommand,
  paginateListCapabilities,
} from "@aws-sdk/client-eks";
import type { AwsContext } from "../../aws/context.ts";
import { allPages } from "../../aws/eks-pages.ts";
import { followingUpdates, updateOperation } from "../../aws/eks-updates.ts";
import { allow, ofCluster, passing } from "../../aws/permissions.ts";
import type { Tags } from "../../aws/tags.ts";
import type { Action, Aspect, Duration, Lock, NamedKind, Planned } from "../../engine/kind.ts";
import { creationTags, tagsAspect } from "../tags-aspect.ts";
import { moments } from "../timings.ts";
import { describeCapability, inOrder, mappingChanges } from "./capability-document.ts";
import { tagging, taggingNew, updateTags } from "./tags-updates.ts";

export interface Identity {
  readonly id: string;
  /** SSO_USER or SSO_GROUP. */
  readonly type: string;
}
export interface RoleMapping {
  /** ADMIN, EDITOR or VIEWER. */
  readonly role: string;
  readonly identities: readonly Identity[];
}
/** What is absent is left to EKS. */
export interface ArgoCdSpec {
  readonly namespace?: string;
  readonly idcInstanceArn: string;
  readonly idcRegion?: string;
  readonly roleMappings?: readonly RoleMapping[];
  readonly vpcEndpointIds?: readonly string[];
}
export interface ArgoCdAttrs extends Required<ArgoCdSpec> {
  /** Of its web interface and API; null before it is up. */
  readonly serverUrl: string | null;
}
export interface CapabilitySpec {
  readonly name: string;
  /** ACK, KRO or ARGOCD. */
  readonly type: string;
  /** A given role; one that we make comes as a dependency. */
  readonly roleArn?: string;
  readonly argoCd?: ArgoCdSpec;
  readonly tags: Tags;
}
export interface CapabilityDeps {
  readonly cluster: { readonly name: string };
  /** None or one. */
  readonly role: readonly { readonly arn: string }[];
}
export interface CapabilityAttrs {
  readonly name: string;
  readonly arn: string;
  readonly type: string;
  /** Of its software, which EKS keeps new; null before it is up. */
  readonly version: string | null;
  readonly roleArn: string;
  readonly argoCd: ArgoCdAttrs | null;
  readonly tags: Tags;
}

/** A controller that EKS runs for a cluster, outside of it. */
export const capability: NamedKind<CapabilitySpec, CapabilityDeps, CapabilityAttrs, AwsContext, "config" | "tags"> = {
  name: "eks.capability",
  title: "capability",
  // EKS deletes no cluster that has one.
  deletedBefore: ["eks.cluster", "eks.access-entry", "iam.role"],
  timing: (verb) => (verb === "tags" ? moments : capabilityTiming),
  locks: (verb) => (verb === "tags" ? [] : shared),

  actions: {
    list: allow("eks:ListCapabilities", ofCluster("cluster")),
    read: allow("eks:DescribeCapability", ofCluster("capability")),
    create: (planned) => [
      ...allow("eks:CreateCapability", ofCluster("cluster")),
      ...taggingNew("capability", "CreateCapability"),
      ...givingRole(planned),
    ],
    delete: allow("eks:DeleteCapability", ofCluster("capability")),
    config: (planned) => [
      ...allow("eks:UpdateCapability", ofCluster("capability")),
      ...followingUpdates("capability"),
      ...givingRole(planned),
    ],
    tags: tagging("capability"),
  },

  async list(ctx, id) {
    const all = await Promise.all((await summaries(ctx)).map(({ name }) => describeCapability(name, ctx)));
    return all.filter((live) => live !== null).filter((live) => id === undefined || live.id === id);
  },
  read: describeCapability,
  /** One of the type stands in the way of every other one, whatever its name. */
  async find(name, ctx, spec) {
    const all = await summaries(ctx);
    const found = all.find((one) => one.name === name) ?? all.find((one) => one.type === spec?.type);
    return found ? describeCapability(found.name, ctx) : null;
  },

  async create(want, ctx) {
    const { spec, deps } = want;
    await ctx.clients.eks.send(
      new CreateCapabilityCommand({
        clusterName: deps.cluster.name,
        capabilityName: want.name,
        type: oneOf(CapabilityType, spec.type),
        roleArn: roleOf(spec, deps),
        // EKS knows no other.
        deletePropagationPolicy: "RETAIN",
        configuration: spec.argoCd && { argoCd: argoCdRequest(spec.argoCd) },
        tags: creationTags(ctx, want.id, spec.tags),
        clientRequestToken: want.token,
      }),
    );
    return { ref: want.name };
  },

  async delete(live, ctx) {
    const request = { clusterName: ctx.owner.cluster, capabilityName: live.ref };
    await ctx.clients.eks.send(new DeleteCapabilityCommand(request));
  },

  aspects: {
    name: {
      want: (spec) => spec.name,
      have: (attrs) => attrs.name,
      change: (from) => ({
        refuse: `EKS takes one capability of a type, and has ${String(from)}: delete that one, then create the other`,
      }),
    },
    type: fixed(
      "type",
      (spec) => spec.type,
      (attrs) => attrs.type,
    ),
    role: {
      want: roleOf,
      have: (attrs) => attrs.roleArn,
      change: () => "config",
    },
    namespace: fixed(
      "namespace",
      ({ argoCd }) => argoCd?.namespace,
      ({ argoCd }) => argoCd?.namespace,
    ),
    idcInstance: fixed(
      "instance of IAM Identity Center",
      ({ argoCd }) => argoCd?.idcInstanceArn,
      ({ argoCd }) => argoCd?.idcInstanceArn,
    ),
    idcRegion: fixed(
      "region of IAM Identity Center",
      ({ argoCd }) => argoCd?.idcRegion,
      ({ argoCd }) => argoCd?.idcRegion,
    ),
    roleMappings: {
      want: ({ argoCd }) => argoCd?.roleMappings && inOrder(argoCd.roleMappings),
      have: ({ argoCd }) => argoCd?.roleMappings,
      change: () => "config",
    },
    vpcEndpoints: {
      want: ({ argoCd }) => argoCd?.vpcEndpointIds?.toSorted(),
      have: ({ argoCd }) => argoCd?.vpcEndpointIds,
      change: () => "config",
    },
    tags: tagsAspect,
  },

  updates: {
    async config({ spec, deps }, { ref, attrs }, ctx) {
      const { eks } = ctx.clients;
      const { update } = await eks.send(
        new UpdateCapabilityCommand({
          clusterName: ctx.owner.cluster,
          capabilityName: ref,
          roleArn: roleOf(spec, deps),
          configuration: spec.argoCd && { argoCd: argoCdUpdate(spec.argoCd, attrs.argoCd?.roleMappings ?? []) },
        }),
      );
      return updateOperation(eks, { cluster: ctx.owner.cluster, capability: ref }, update);
    },
    tags: updateTags,
  },
};

async function summaries({ clients, owner }: AwsContext) {
  const pages = paginateListCapabilities({ client: clients.eks }, { clusterName: owner.cluster });
  const all = await allPages(pages, (page) => page.capabilities);
  return all.map(({ capabilityName = "", type }) => ({ name: capabilityName, type }));
}

/** Seconds. */
const capabilityTiming: Duration = { expect: 120, limit: 1200 };

const shared: readonly Lock[] = [{ name: "cluster", mode: "shared" }];

function roleOf({ roleArn }: CapabilitySpec, { role: [made] }: CapabilityDeps): string {
  const arn = made ? made.arn : roleArn;
  if (arn === undefined) throw new Error("a capability has neither a given role nor one that we make");
  return arn;
}

function givingRole(planned: Planned<CapabilitySpec> | undefined): readonly Action[] {
  const { roles = [], spec } = planned ?? {};
  return passing(spec?.roleArn === undefined ? roles : [...roles, spec.roleArn], "eks.amazonaws.com");
}

function fixed(
  what: string,
  want: (spec: CapabilitySpec) => string | undefined,
  have: (attrs: CapabilityAttrs) => string | undefined,
): Aspect<CapabilitySpec, CapabilityDeps, CapabilityAttrs, "config"> {
  return {
    want,
    have,
    change: (from) => ({
      refuse: `EKS cannot change the ${what} of a capability (${String(from)}): delete the capability, then create it`,
    }),
  };
}

function argoCdRequest({ namespace, idcInstanceArn, idcRegion, roleMappings, vpcEndpointIds }: ArgoCdSpec) {
  return {
    namespace,
    awsIdc: { idcInstanceArn, idcRegion },
    rbacRoleMappings: roleMappings && mappingsRequest(roleMappings),
    networkAccess: vpcEndpointIds && { vpceIds: [...vpcEndpointIds] },
  };
}

/** What an update leaves out stays. */
function argoCdUpdate({ roleMappings, vpcEndpointIds }: ArgoCdSpec, live: readonly RoleMapping[]) {
  const { set, remove } = mappingChanges(live, roleMappings ?? live);
  return {
    rbacRoleMappings:
      set.length + remove.length === 0
        ? undefined
        : { addOrUpdateRoleMappings: mappingsRequest(set), removeRoleMappings: mappingsRequest(remove) },
    networkAccess: vpcEndpointIds && { vpceIds: [...vpcEndpointIds] },
  };
}

function mappingsRequest(mappings: readonly RoleMapping[]): ArgoCdRoleMapping[] {
  return mappings.map(({ role, identities }) => ({
    role: oneOf(ArgoCdRole, role),
    identities: identities.map(({ id, type }) => ({ id, type: oneOf(SsoIdentityType, type) })),
  }));
}

/** A word of the file as the SDK's: the file's schema has taken none but these. */
function oneOf<Word extends string>(words: Readonly<Record<string, Word>>, wanted: string): Word {
  const word = Object.values(words).find((one) => one === wanted);
  if (word === undefined) throw new Error(`EKS knows no ${wanted}`);
  return word;
}
