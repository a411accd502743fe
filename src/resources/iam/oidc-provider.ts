import {
  AddClientIDToOpenIDConnectProviderCommand,
  CreateOpenIDConnectProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  ListOpenIDConnectProvidersCommand,
  TagOpenIDConnectProviderCommand,
  UntagOpenIDConnectProviderCommand,
} from "@aws-sdk/client-iam";
import { created } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { absentAsNull } from "../../aws/errors.ts";
import { allow, oidcProviders } from "../../aws/permissions.ts";
import { tagList, type Tags, tagsOf } from "../../aws/tags.ts";
import type { Kind, Live } from "../../engine/kind.ts";
import { oursAmong } from "../ours.ts";
import { creationTags, tagChanges, taggedLive, tagsAspect } from "../tags-aspect.ts";
import { moments } from "../timings.ts";

export interface OidcProviderSpec {
  readonly tags: Tags;
}
export interface OidcProviderDeps {
  readonly cluster: { readonly oidcIssuer: string };
}
export interface OidcProviderAttrs {
  readonly arn: string;
  /** Host and path, without `https://`. */
  readonly issuer: string;
  readonly clientIds: readonly string[];
  readonly tags: Tags;
}

const audience = "sts.amazonaws.com";

export const oidcProvider: Kind<
  OidcProviderSpec,
  OidcProviderDeps,
  OidcProviderAttrs,
  AwsContext,
  "audience" | "tags"
> = {
  name: "iam.oidc-provider",
  title: "OIDC identity provider",
  deletedBefore: [],
  timing: () => moments,

  actions: {
    list: allow("iam:ListOpenIDConnectProviders"),
    read: allow("iam:GetOpenIDConnectProvider", oidcProviders),
    create: [
      ...allow("iam:CreateOpenIDConnectProvider", oidcProviders),
      ...allow("iam:TagOpenIDConnectProvider", oidcProviders, "tags go with CreateOpenIDConnectProvider"),
    ],
    delete: allow("iam:DeleteOpenIDConnectProvider", oidcProviders),
    audience: allow("iam:AddClientIDToOpenIDConnectProvider", oidcProviders),
    tags: allow(["iam:TagOpenIDConnectProvider", "iam:UntagOpenIDConnectProvider"], oidcProviders),
  },

  async list(ctx, id) {
    const { OpenIDConnectProviderList } = await ctx.clients.iam.send(new ListOpenIDConnectProvidersCommand({}));
    // The list says nothing but ARNs; those end in the issuer, and EKS's issuers begin with their region.
    const arns = (OpenIDConnectProviderList ?? [])
      .flatMap(({ Arn }) => Arn ?? [])
      .filter((arn) => arn.includes(`:oidc-provider/oidc.eks.${ctx.owner.region}.`));
    return oursAmong(arns, read, ctx, id);
  },
  read,

  async create(want, ctx) {
    // Without a thumbprint: IAM gets it itself, and for EKS's issuers it does not look at it.
    const { OpenIDConnectProviderArn } = await ctx.clients.iam.send(
      new CreateOpenIDConnectProviderCommand({
        Url: want.deps.cluster.oidcIssuer,
        ClientIDList: [audience],
        Tags: tagList(creationTags(ctx, want.id, want.spec.tags)),
      }),
    );
    return created(OpenIDConnectProviderArn, "OIDC identity provider");
  },

  async delete(live, ctx) {
    await ctx.clients.iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: live.ref }));
  },

  aspects: {
    issuer: {
      want: (_spec, deps) => deps.cluster.oidcIssuer.replace(/^https:\/\//, ""),
      have: (attrs) => attrs.issuer,
      change: () => "replace",
    },
    audience: {
      want: () => true,
      have: (attrs) => attrs.clientIds.includes(audience),
      change: () => "audience",
    },
    tags: tagsAspect,
  },
  updates: {
    async audience(_want, live, { clients }) {
      const request = { OpenIDConnectProviderArn: live.ref, ClientID: audience };
      await clients.iam.send(new AddClientIDToOpenIDConnectProviderCommand(request));
      return undefined;
    },
    async tags(want, { ref: OpenIDConnectProviderArn, attrs }, { clients }) {
      const { set, remove } = tagChanges(attrs.tags, want.spec.tags);
      if (remove.length > 0) {
        const TagKeys = [...remove];
        await clients.iam.send(new UntagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, TagKeys }));
      }
      if (Object.keys(set).length > 0) {
        await clients.iam.send(new TagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, Tags: tagList(set) }));
      }
      return undefined;
    },
  },
};

async function read(arn: string, ctx: AwsContext): Promise<Live<OidcProviderAttrs> | null> {
  const get = new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn });
  const found = await absentAsNull(() => ctx.clients.iam.send(get));
  if (!found) return null;
  const attrs = {
    arn,
    issuer: (found.Url ?? "").replace(/^https:\/\//, ""),
    clientIds: found.ClientIDList ?? [],
    tags: tagsOf(found.Tags),
  };
  return taggedLive(ctx, arn, "ready", attrs, { uid: found.CreateDate?.toISOString() });
}
