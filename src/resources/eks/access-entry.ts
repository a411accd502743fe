import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  DeleteAccessEntryCommand,
  DisassociateAccessPolicyCommand,
  UpdateAccessEntryCommand,
} from "@aws-sdk/client-eks";
import type { AwsContext } from "../../aws/context.ts";
import {
  elementChanges,
  foreignElements,
  memoryChanges,
  rememberedElements,
  wantedElements,
  wroteBy,
} from "../../aws/element-ownership.ts";
import { allow, allowWhen, ofCluster, onlyWhen, passing } from "../../aws/permissions.ts";
import type { Tags } from "../../aws/tags.ts";
import type { NamedKind } from "../../engine/kind.ts";
import { creationTags, tagsAspect } from "../tags-aspect.ts";
import { moments } from "../timings.ts";
import { describeAccessEntry, findAccessEntry, listAccessEntries, policyElements } from "./access-entry-document.ts";
import { setTags, tagging, taggingNew, updateTags } from "./tags-updates.ts";

export interface AccessPolicy {
  readonly policyArn: string;
  readonly scope: { readonly type: "cluster" | "namespace"; readonly namespaces?: readonly string[] };
}
export interface AccessEntrySpec {
  /** A given principal; a role that we make comes as a dependency. The kind's `name` is for display only. */
  readonly principalArn?: string;
  readonly type: string;
  readonly kubernetesGroups?: readonly string[];
  readonly kubernetesUsername?: string;
  readonly policies: readonly AccessPolicy[];
  readonly tags: Tags;
}
export interface AccessEntryDeps {
  readonly cluster: { readonly name: string };
  /** None or one. */
  readonly role: readonly { readonly arn: string }[];
}
export interface AccessEntryAttrs {
  readonly principalArn: string;
  readonly arn: string;
  readonly type: string;
  readonly kubernetesGroups: readonly string[];
  readonly kubernetesUsername: string | null;
  readonly policies: readonly AccessPolicy[];
  readonly tags: Tags;
}

export const accessEntry: NamedKind<
  AccessEntrySpec,
  AccessEntryDeps,
  AccessEntryAttrs,
  AwsContext,
  "identity" | "policies" | "tags"
> = {
  name: "eks.access-entry",
  title: "access entry",
  // An entry holds its role's unique id: one that outlives the role shuts a successor of the same name out.
  deletedBefore: ["iam.role", "eks.cluster"],
  diesWith: "eks.cluster",
  completes: ["policies"],
  timing: () => moments,

  actions: {
    list: allow("eks:ListAccessEntries", ofCluster("cluster")),
    read: (entry) => [
      ...allow("eks:DescribeAccessEntry", ofCluster("access-entry")),
      ...(entry?.spec.type === "STANDARD"
        ? allow("eks:ListAssociatedAccessPolicies", ofCluster("access-entry"))
        : allowWhen("an entry has the type STANDARD", "eks:ListAssociatedAccessPolicies", ofCluster("access-entry"))),
    ],
    create: (entry) => [
      ...allow("eks:CreateAccessEntry", ofCluster("cluster")),
      ...taggingNew("access-entry", "CreateAccessEntry"),
      // An entry for nodes says that EC2 works with the role.
      ...passing(entry?.spec.type === "STANDARD" ? [] : (entry?.roles ?? []), "ec2.amazonaws.com"),
    ],
    delete: allow("eks:DeleteAccessEntry", ofCluster("access-entry")),
    identity: allow("eks:UpdateAccessEntry", ofCluster("access-entry")),
    policies: (entry) => [
      ...(entry?.spec.policies.length === 0 ? [] : allow("eks:AssociateAccessPolicy", ofCluster("access-entry"))),
      ...allowWhen("an entry loses a policy", "eks:DisassociateAccessPolicy", ofCluster("access-entry")),
      ...onlyWhen("the policies of an entry change", tagging("access-entry")),
    ],
    tags: tagging("access-entry"),
  },

  list: listAccessEntries,
  read: describeAccessEntry,
  find: findAccessEntry,

  async create(want, ctx) {
    const { spec, deps } = want;
    const principalArn = principalOf(spec, deps);
    await ctx.clients.eks.send(
      new CreateAccessEntryCommand({
        clusterName: deps.cluster.name,
        principalArn,
        type: spec.type,
        kubernetesGroups: spec.kubernetesGroups && [...spec.kubernetesGroups],
        username: spec.kubernetesUsername,
        tags: {
          ...creationTags(ctx, want.id, spec.tags),
          ...memoryChanges("policies", {}, [], Object.keys(policyElements(spec.policies))).before,
        },
        clientRequestToken: want.token,
      }),
    );
    return { ref: principalArn };
  },

  async delete(live, ctx) {
    const request = { clusterName: ctx.owner.cluster, principalArn: live.ref };
    await ctx.clients.eks.send(new DeleteAccessEntryCommand(request));
  },

  aspects: {
    principal: {
      want: principalOf,
      have: (attrs) => attrs.principalArn,
      change: (from) => makeAnother("principal", from),
    },
    type: {
      want: (spec) => spec.type,
      have: (attrs) => attrs.type,
      change: (from) => makeAnother("type", from),
    },
    kubernetesGroups: {
      want: (spec) => spec.kubernetesGroups?.toSorted(),
      have: (attrs) => attrs.kubernetesGroups,
      change: () => "identity",
    },
    kubernetesUsername: {
      want: (spec) => spec.kubernetesUsername,
      have: (attrs) => attrs.kubernetesUsername,
      change: () => "identity",
    },
    policies: {
      want: (spec) => policyElements(spec.policies),
      have: ({ policies, tags }, want) =>
        rememberedElements(policyElements(policies), wantedElements(want), tags, "policies"),
      change: () => "policies",
      kept: ({ policies, tags }, want) =>
        foreignElements(policyElements(policies), wantedElements(want), wroteBy(tags, "policies")),
    },
    tags: tagsAspect,
  },

  updates: {
    async identity({ spec }, live, ctx) {
      await ctx.clients.eks.send(
        new UpdateAccessEntryCommand({
          clusterName: ctx.owner.cluster,
          principalArn: live.ref,
          kubernetesGroups: spec.kubernetesGroups && [...spec.kubernetesGroups],
          username: spec.kubernetesUsername,
        }),
      );
    },
    async policies({ spec }, live, ctx) {
      const { attrs } = live;
      const { eks } = ctx.clients;
      const entry = { clusterName: ctx.owner.cluster, principalArn: live.ref };
      const [have, wanted] = [policyElements(attrs.policies), policyElements(spec.policies)];
      const changes = elementChanges(have, wanted, wroteBy(attrs.tags, "policies"));
      const memory = memoryChanges("policies", attrs.tags, Object.keys(have), Object.keys(wanted));
      await setTags(ctx, attrs.arn, memory.before);
      for (const [policyArn, { type, namespaces }] of Object.entries(changes.set)) {
        const accessScope = { type, namespaces: [...namespaces] };
        await eks.send(new AssociateAccessPolicyCommand({ ...entry, policyArn, accessScope }));
      }
      for (const policyArn of changes.remove) {
        await eks.send(new DisassociateAccessPolicyCommand({ ...entry, policyArn }));
      }
      await setTags(ctx, attrs.arn, memory.after);
    },
    tags: updateTags,
  },
};

function principalOf(spec: AccessEntrySpec, deps: AccessEntryDeps): string {
  const [role] = deps.role;
  const principal = role ? role.arn : spec.principalArn;
  if (principal === undefined) throw new Error("an access entry has neither a principal nor a role that we make");
  return principal;
}

function makeAnother(what: string, from: unknown) {
  return {
    refuse: `EKS cannot change the ${what} of an access entry (${String(from)}): delete the entry, then create it`,
  };
}
