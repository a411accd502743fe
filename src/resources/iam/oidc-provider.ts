import type { Tags } from "../../aws/tags.ts";

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
