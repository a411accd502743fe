import type * as Iam from "@aws-sdk/client-iam";
import type { Call, Checked } from "../../service.ts";
import type { World } from "../../world.ts";
import { alreadyExists, invalidInput, limitExceeded, noSuchEntity, validationError } from "./errors.ts";
import type { OidcProviderRecord } from "./state.ts";
import { markedPage, withTags, withoutTags } from "./tags.ts";

const maxProviders = 100;
const maxClientIds = 100;
const maxThumbprints = 5;

export const oidcProviderHandlers = {
  /** Thumbprints are optional: IAM fetches one when none is sent. */
  CreateOpenIDConnectProvider(
    input: Checked<Iam.CreateOpenIDConnectProviderRequest>,
    { world, partition, account }: Call,
  ): Iam.CreateOpenIDConnectProviderResponse {
    const { oidcProviders } = world.state.iam;
    if (!/^https:\/\/[^/?#]+(\/[^?#]*)?$/.test(input.Url)) {
      throw validationError("Invalid Open ID Connect Provider URL: it must begin with https:// and have no query.");
    }
    const url = input.Url.slice("https://".length).replace(/\/$/, "");
    const arn = `arn:${partition}:iam::${account}:oidc-provider/${url}`;
    if (Object.hasOwn(oidcProviders, arn)) throw alreadyExists(`Provider with url ${input.Url} already exists.`);
    if (Object.keys(oidcProviders).length >= maxProviders) {
      throw limitExceeded(`Cannot exceed quota for OpenIdConnectProvidersPerAccount: ${maxProviders}`);
    }
    const clientIds = [...new Set(input.ClientIDList)];
    if (clientIds.length > maxClientIds)
      throw limitExceeded(`Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: ${maxClientIds}`);
    oidcProviders[arn] = {
      arn,
      url,
      clientIds,
      thumbprints: checkedThumbprints(input.ThumbprintList ?? [world.hex(40)]),
      createdAt: world.now(),
      tags: withTags([], input.Tags),
    };
    return { OpenIDConnectProviderArn: arn, Tags: oidcProviders[arn].tags };
  },

  GetOpenIDConnectProvider(
    input: Checked<Iam.GetOpenIDConnectProviderRequest>,
    { world }: Call,
  ): Iam.GetOpenIDConnectProviderResponse {
    const provider = providerOf(world, input.OpenIDConnectProviderArn);
    return {
      Url: provider.url,
      ClientIDList: provider.clientIds,
      ThumbprintList: provider.thumbprints,
      CreateDate: new Date(provider.createdAt),
      Tags: provider.tags,
    };
  },

  ListOpenIDConnectProviders(_: object, { world }: Call): Iam.ListOpenIDConnectProvidersResponse {
    return { OpenIDConnectProviderList: Object.keys(world.state.iam.oidcProviders).map((Arn) => ({ Arn })) };
  },

  AddClientIDToOpenIDConnectProvider(
    input: Checked<Iam.AddClientIDToOpenIDConnectProviderRequest>,
    { world }: Call,
  ): void {
    const provider = providerOf(world, input.OpenIDConnectProviderArn);
    if (!provider.clientIds.includes(input.ClientID)) provider.clientIds.push(input.ClientID);
  },

  RemoveClientIDFromOpenIDConnectProvider(
    input: Checked<Iam.RemoveClientIDFromOpenIDConnectProviderRequest>,
    { world }: Call,
  ): void {
    const provider = providerOf(world, input.OpenIDConnectProviderArn);
    provider.clientIds = provider.clientIds.filter((id) => id !== input.ClientID);
  },

  UpdateOpenIDConnectProviderThumbprint(
    input: Checked<Iam.UpdateOpenIDConnectProviderThumbprintRequest>,
    { world }: Call,
  ): void {
    providerOf(world, input.OpenIDConnectProviderArn).thumbprints = checkedThumbprints(input.ThumbprintList);
  },

  TagOpenIDConnectProvider(input: Checked<Iam.TagOpenIDConnectProviderRequest>, { world }: Call): void {
    const provider = providerOf(world, input.OpenIDConnectProviderArn);
    provider.tags = withTags(provider.tags, input.Tags);
  },

  UntagOpenIDConnectProvider(input: Checked<Iam.UntagOpenIDConnectProviderRequest>, { world }: Call): void {
    const provider = providerOf(world, input.OpenIDConnectProviderArn);
    provider.tags = withoutTags(provider.tags, input.TagKeys);
  },

  ListOpenIDConnectProviderTags(
    input: Checked<Iam.ListOpenIDConnectProviderTagsRequest>,
    { world }: Call,
  ): Iam.ListOpenIDConnectProviderTagsResponse {
    const { items, page } = markedPage(providerOf(world, input.OpenIDConnectProviderArn).tags, input);
    return { Tags: items, ...page };
  },

  DeleteOpenIDConnectProvider(input: Checked<Iam.DeleteOpenIDConnectProviderRequest>, { world }: Call): void {
    delete world.state.iam.oidcProviders[providerOf(world, input.OpenIDConnectProviderArn).arn];
  },
};

function providerOf(world: World, arn: string): OidcProviderRecord {
  const { oidcProviders } = world.state.iam;
  const provider = Object.hasOwn(oidcProviders, arn) ? oidcProviders[arn] : undefined;
  if (!provider) throw noSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`);
  return provider;
}

function checkedThumbprints(thumbprints: readonly string[]): string[] {
  if (thumbprints.length > maxThumbprints)
    throw invalidInput(`Thumbprint list must contain fewer than ${maxThumbprints} entries.`);
  if (!thumbprints.every((each) => /^[0-9a-f]{40}$/i.test(each)))
    throw validationError("A thumbprint has 40 hex digits.");
  return [...thumbprints];
}
