import {
  CreateRoleCommand,
  DeleteRoleCommand,
  GetRoleCommand,
  paginateListRoles,
  PutRolePermissionsBoundaryCommand,
  type Role,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { collect } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import {
  elementChanges,
  foreignElements,
  memory,
  memoryChanges,
  memoryTag,
  ownElements,
  remembersMore,
  unforgotten,
  wantedElements,
  wroteBy,
} from "../../aws/element-ownership.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { mayBeRoleOf, roleMark } from "../../aws/names.ts";
import { servicePrincipal } from "../../aws/partition.ts";
import { tagList, type Tags, tagsOf } from "../../aws/tags.ts";
import type { NamedKind, Live, Want } from "../../engine/kind.ts";
import { profilesThatHold } from "../holders.ts";
import { oursAmong } from "../ours.ts";
import { creationTags, tagChanges, taggedLive, tagsAspect } from "../tags-aspect.ts";
import { moments } from "../timings.ts";
import type { OidcProviderAttrs } from "./oidc-provider.ts";
import { canonical, parsePolicy, trustDocument, withServicePrincipals } from "./policy-document.ts";
import { roleActions } from "./role-actions.ts";
import { attachedPolicyArns, changePolicies, inlinePolicies, strip } from "./role-policies-updates.ts";

/** A policy document as plain data. */
export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}
export type RoleTrust =
  /** Service principals as `eks.amazonaws.com` (the kind gives them the partition's suffix where it differs). */
  | {
      readonly kind: "service";
      readonly services: readonly string[];
      readonly tagSession: boolean;
      /** Only for the sake of resources with such an ARN, which may hold `*`. */
      readonly sourceArn?: string;
    }
  /** `subject` as `system:serviceaccount:<namespace>:<name>`; absent: every service account of the cluster. In `subjectPattern` * and ? stand for any text. */
  | { readonly kind: "oidc"; readonly subject?: string; readonly subjectPattern?: string }
  /** Whoever has a certificate of the trust anchor's authority. */
  | { readonly kind: "anywhere" };
export interface RoleSpec {
  /** The name that somebody asks for; absent: it is nobody's business. */
  readonly chosenName?: string;
  /** `/ekstool/<region>/<cluster>/`, or `/`. */
  readonly path: string;
  readonly description: string;
  readonly trust: RoleTrust;
  readonly managedPolicyArns: readonly string[];
  /** Policy name to document. */
  readonly inlinePolicies: Readonly<Record<string, PolicyDocument>>;
  readonly permissionsBoundary?: string;
  readonly tags: Tags;
}
export interface RoleDeps {
  /** One for an OIDC trust, else none. */
  readonly oidcProviders: readonly Pick<OidcProviderAttrs, "arn" | "issuer">[];
  /** One for a trust in IAM Roles Anywhere, else none. */
  readonly trustAnchors: readonly { readonly arn: string }[];
}
export interface RoleAttrs {
  readonly name: string;
  readonly arn: string;
  /** AROA…: access entries hold this, not the ARN. */
  readonly roleId: string;
  readonly path: string;
  readonly trust: unknown;
  readonly managedPolicyArns: readonly string[];
  readonly inlinePolicies: Readonly<Record<string, unknown>>;
  readonly permissionsBoundary: string | null;
  readonly tags: Tags;
}

type RoleWant = Want<RoleSpec, RoleDeps>;

export const role: NamedKind<RoleSpec, RoleDeps, RoleAttrs, AwsContext, "trust" | "policies" | "boundary" | "tags"> = {
  name: "iam.role",
  title: "IAM role",
  deletedBefore: [],
  completes: ["policies"],
  timing: () => moments,

  actions: roleActions,

  /**
   * ListRoles gives no tags: candidates are roles with our path, and (where a path cannot be) with our mark at the end of the
   * description; GetRole tells whether they are ours.
   */
  async list(ctx, id) {
    const roles = await collect(
      paginateListRoles({ client: ctx.clients.iam, pageSize: 1000 }, { PathPrefix: "/" }),
      (page) => page.Roles,
    );
    const candidates = roles.filter((one) => mayBeRoleOf(ctx.owner, one));
    return oursAmong(
      candidates.map(({ RoleName = "" }) => RoleName),
      read,
      ctx,
      id,
    );
  },
  read,
  find: read,

  async create(want, ctx) {
    const { spec } = want;
    const remembered = { [memoryTag("policies")]: memory(Object.keys(policyKeys(spec))) };
    await ctx.clients.iam.send(
      new CreateRoleCommand({
        RoleName: want.name,
        Path: spec.path,
        Description: `${spec.description} ${roleMark(ctx.owner)}`,
        AssumeRolePolicyDocument: trustText(want, ctx),
        PermissionsBoundary: spec.permissionsBoundary,
        Tags: tagList({ ...creationTags(ctx, want.id, spec.tags), ...remembered }),
      }),
    );
    return { ref: want.name };
  },

  async delete({ ref }, { clients }) {
    await strip(clients.iam, ref);
    await clients.iam.send(new DeleteRoleCommand({ RoleName: ref }));
  },

  holders: ({ ref }, ctx) => profilesThatHold(ref, ctx),

  aspects: {
    name: {
      want: (spec) => spec.chosenName,
      have: (attrs) => attrs.name,
      change: (from) => ({ refuse: `IAM cannot rename a role (it is ${String(from)}): keep its name in the file` }),
    },
    trust: {
      want: (spec, deps) => canonical(trustDocument(spec.trust, deps)),
      have: (attrs) => attrs.trust,
      change: () => "trust",
    },
    managedPolicies: {
      want: (spec) => spec.managedPolicyArns.toSorted(),
      have: (attrs, want) => Object.keys(ownElements(attached(attrs), wantedElements(want), wrote(attrs))).toSorted(),
      change: () => "policies",
      kept: (attrs, want) => foreignElements(attached(attrs), wantedElements(want), wrote(attrs)),
    },
    inlinePolicies: {
      want: (spec) => canonical(spec.inlinePolicies),
      have: (attrs, want) => ownElements(attrs.inlinePolicies, wantedElements(want), wrote(attrs)),
      change: () => "policies",
      kept: (attrs, want) => foreignElements(attrs.inlinePolicies, wantedElements(want), wrote(attrs)),
    },
    // Both kinds of policies have one memory, which a removal that is cut short leaves behind.
    removedPolicies: {
      want: (spec) => policyKeys(spec),
      have(attrs, want) {
        const known = Object.keys({ ...attached(attrs), ...attrs.inlinePolicies, ...wantedElements(want) });
        return remembersMore(attrs.tags, "policies", known) ? unforgotten : want;
      },
      change: () => "policies",
    },
    permissionsBoundary: {
      want: (spec) => spec.permissionsBoundary,
      have: (attrs) => attrs.permissionsBoundary,
      change: () => "boundary",
    },
    tags: tagsAspect,
  },
  updates: {
    async trust(want, { ref }, ctx) {
      const PolicyDocument = trustText(want, ctx);
      await ctx.clients.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: ref, PolicyDocument }));
      return undefined;
    },
    async policies({ spec }, { ref, attrs }, ctx) {
      const { iam } = ctx.clients;
      const live = { ...attached(attrs), ...attrs.inlinePolicies };
      const memory = memoryChanges("policies", attrs.tags, Object.keys(live), Object.keys(policyKeys(spec)));
      const managed = elementChanges(attached(attrs), wantedElements(spec.managedPolicyArns), wrote(attrs));
      const inline = elementChanges(attrs.inlinePolicies, wantedElements(canonical(spec.inlinePolicies)), wrote(attrs));
      await writeTags(ref, memory.before, ctx);
      await changePolicies(iam, ref, {
        attach: Object.keys(managed.set),
        detach: managed.remove,
        put: Object.fromEntries(Object.entries(spec.inlinePolicies).filter(([name]) => name in inline.set)),
        remove: inline.remove,
      });
      await writeTags(ref, memory.after, ctx);
      return undefined;
    },
    async boundary({ spec }, { ref }, { clients }) {
      const PermissionsBoundary = spec.permissionsBoundary;
      await clients.iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: ref, PermissionsBoundary }));
      return undefined;
    },
    async tags(want, { ref, attrs }, ctx) {
      const { set, remove } = tagChanges(attrs.tags, want.spec.tags);
      if (remove.length > 0) {
        await ctx.clients.iam.send(new UntagRoleCommand({ RoleName: ref, TagKeys: [...remove] }));
      }
      await writeTags(ref, set, ctx);
      return undefined;
    },
  },
};

/** ARNs of attached policies and names of inline ones: the elements whose writer is remembered. */
function policyKeys(spec: RoleSpec): Readonly<Record<string, unknown>> {
  return { ...wantedElements(spec.managedPolicyArns), ...spec.inlinePolicies };
}

function attached(attrs: RoleAttrs): Readonly<Record<string, unknown>> {
  return wantedElements(attrs.managedPolicyArns);
}

function wrote(attrs: RoleAttrs): (policy: string) => boolean {
  return wroteBy(attrs.tags, "policies");
}

function trustText({ spec, deps }: RoleWant, ctx: AwsContext): string {
  const document = trustDocument(spec.trust, deps);
  return JSON.stringify(withServicePrincipals(document, (service) => servicePrincipal(service, ctx.partition)));
}

async function writeTags(RoleName: string, tags: Tags, { clients }: AwsContext): Promise<void> {
  if (Object.keys(tags).length === 0) return;
  await clients.iam.send(new TagRoleCommand({ RoleName, Tags: tagList(tags) }));
}

/** The reference of a role is its name. */
async function read(name: string, ctx: AwsContext): Promise<Live<RoleAttrs> | null> {
  const { iam } = ctx.clients;
  return absentAsNull(async () => {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: name }));
    const [managed, inline] = await Promise.all([attachedPolicyArns(iam, name), inlinePolicies(iam, name)]);
    return toLive(Role, managed, inline, ctx);
  });
}

function toLive(
  one: Role | undefined,
  managedPolicyArns: readonly string[],
  inline: Readonly<Record<string, unknown>>,
  ctx: AwsContext,
): Live<RoleAttrs> {
  const name = one?.RoleName ?? "";
  const attrs = {
    name,
    arn: one?.Arn ?? "",
    roleId: one?.RoleId ?? "",
    path: one?.Path ?? "/",
    trust: canonical(withServicePrincipals(parsePolicy(one?.AssumeRolePolicyDocument), commercialName)),
    managedPolicyArns,
    inlinePolicies: inline,
    permissionsBoundary: one?.PermissionsBoundary?.PermissionsBoundaryArn ?? null,
    tags: tagsOf(one?.Tags),
  };
  return taggedLive(ctx, name, "ready", attrs, { uid: one?.RoleId });
}

/** China's `ec2.amazonaws.com.cn` under the name that specs have for it. */
function commercialName(service: string): string {
  return service.replace(/\.amazonaws\.com\.cn$/, ".amazonaws.com");
}
