import {
  AssociateIdentityProviderConfigCommand,
  DescribeIdentityProviderConfigCommand,
  DisassociateIdentityProviderConfigCommand,
  type OidcIdentityProviderConfig,
  paginateListIdentityProviderConfigs,
} from "@aws-sdk/client-eks";
import type { AwsContext } from "../../aws/context.ts";
import { allPages } from "../../aws/eks-pages.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { allow, ofCluster } from "../../aws/permissions.ts";
import type { Tags } from "../../aws/tags.ts";
import type { Aspect, Duration, Live, Lock, NamedKind, Phase } from "../../engine/kind.ts";
import { creationTags, taggedLive, tagsAspect } from "../tags-aspect.ts";
import { moments } from "../timings.ts";
import { tagging, taggingNew, updateTags } from "./tags-updates.ts";

/** What is absent is left to EKS. */
export interface IdentityProviderConfigSpec {
  readonly name: string;
  readonly issuerUrl: string;
  readonly clientId: string;
  readonly usernameClaim?: string;
  readonly usernamePrefix?: string;
  readonly groupsClaim?: string;
  readonly groupsPrefix?: string;
  readonly requiredClaims?: Readonly<Record<string, string>>;
  readonly tags: Tags;
}
export interface IdentityProviderConfigDeps {
  readonly cluster: { readonly name: string };
}
export interface IdentityProviderConfigAttrs extends Required<IdentityProviderConfigSpec> {
  readonly cluster: string;
  readonly arn: string;
}

type Part = Exclude<keyof IdentityProviderConfigSpec, "tags">;

/** The OIDC provider whose users may enter a cluster: one at most, and nothing of it can be changed but its tags. */
export const identityProviderConfig: NamedKind<
  IdentityProviderConfigSpec,
  IdentityProviderConfigDeps,
  IdentityProviderConfigAttrs,
  AwsContext,
  "tags"
> = {
  name: "eks.identity-provider-config",
  title: "identity provider",
  deletedBefore: ["eks.cluster"],
  diesWith: "eks.cluster",
  onlyOne: true,
  timing: (verb) => (verb === "tags" ? moments : associationTiming),
  locks: (verb) => (verb === "tags" ? [] : exclusive),

  actions: {
    list: allow("eks:ListIdentityProviderConfigs", ofCluster("cluster")),
    read: allow("eks:DescribeIdentityProviderConfig", ofCluster("identityproviderconfig")),
    create: [
      ...allow("eks:AssociateIdentityProviderConfig", ofCluster("cluster")),
      ...taggingNew("identityproviderconfig", "AssociateIdentityProviderConfig"),
    ],
    delete: allow("eks:DisassociateIdentityProviderConfig", ofCluster("identityproviderconfig")),
    tags: tagging("identityproviderconfig"),
  },

  async list(ctx, id) {
    const all = await Promise.all((await namesIn(ctx)).map((name) => read(name, ctx)));
    return all.filter((live) => live !== null).filter((live) => id === undefined || live.id === id);
  },
  read,
  /** Whatever its name: it stands in the way of every other one. */
  async find(_name, ctx) {
    const [only] = await namesIn(ctx);
    return only === undefined ? null : read(only, ctx);
  },

  async create({ id, token, spec, deps }, ctx) {
    const { name, tags, ...oidc } = spec;
    await ctx.clients.eks.send(
      new AssociateIdentityProviderConfigCommand({
        clusterName: deps.cluster.name,
        oidc: { identityProviderConfigName: name, ...oidc },
        tags: creationTags(ctx, id, tags),
        clientRequestToken: token,
      }),
    );
    return { ref: name };
  },

  async delete(live, ctx) {
    const request = { clusterName: live.attrs.cluster, identityProviderConfig: identified(live.ref) };
    await ctx.clients.eks.send(new DisassociateIdentityProviderConfigCommand(request));
  },

  aspects: {
    name: fixed("name"),
    issuerUrl: fixed("issuerUrl"),
    clientId: fixed("clientId"),
    usernameClaim: fixed("usernameClaim"),
    usernamePrefix: fixed("usernamePrefix"),
    groupsClaim: fixed("groupsClaim"),
    groupsPrefix: fixed("groupsPrefix"),
    requiredClaims: fixed("requiredClaims"),
    tags: tagsAspect,
  },

  updates: {
    tags: updateTags,
  },
};

function fixed(
  part: Part,
): Aspect<IdentityProviderConfigSpec, IdentityProviderConfigDeps, IdentityProviderConfigAttrs, "tags"> {
  return { want: (spec) => spec[part], have: (attrs) => attrs[part], change: () => "replace" };
}

/** Seconds. Every API server of the control plane is started anew. */
const associationTiming: Duration = { expect: 600, limit: 5400 };

/** Both are updates of the cluster itself. */
const exclusive: readonly Lock[] = [{ name: "cluster", mode: "exclusive" }];

const identified = (name: string) => ({ type: "oidc", name });

async function namesIn({ clients, owner }: AwsContext): Promise<readonly string[]> {
  const pages = paginateListIdentityProviderConfigs({ client: clients.eks }, { clusterName: owner.cluster });
  const configs = await allPages(pages, (page) => page.identityProviderConfigs);
  return configs.flatMap(({ name }) => name ?? []);
}

/** A provider of the owner's cluster by its name, whoever associated it. */
async function read(name: string, ctx: AwsContext): Promise<Live<IdentityProviderConfigAttrs> | null> {
  const request = { clusterName: ctx.owner.cluster, identityProviderConfig: identified(name) };
  const answer = await absentAsNull(() => ctx.clients.eks.send(new DescribeIdentityProviderConfigCommand(request)));
  const found = answer?.identityProviderConfig?.oidc;
  if (!found) return null;
  return taggedLive(ctx, name, phaseOf(found.status), attributes(found), { uid: found.identityProviderConfigArn });
}

function phaseOf(status: OidcIdentityProviderConfig["status"]): Phase {
  switch (status) {
    case "ACTIVE":
      return "ready";
    case "DELETING":
      return "deleting";
    default:
      return "pending";
  }
}

function attributes(found: OidcIdentityProviderConfig): IdentityProviderConfigAttrs {
  return {
    name: found.identityProviderConfigName ?? "",
    cluster: found.clusterName ?? "",
    arn: found.identityProviderConfigArn ?? "",
    issuerUrl: found.issuerUrl ?? "",
    clientId: found.clientId ?? "",
    usernameClaim: found.usernameClaim ?? "",
    usernamePrefix: found.usernamePrefix ?? "",
    groupsClaim: found.groupsClaim ?? "",
    groupsPrefix: found.groupsPrefix ?? "",
    requiredClaims: found.requiredClaims ?? {},
    tags: found.tags ?? {},
  };
}
