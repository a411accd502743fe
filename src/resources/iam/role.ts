import type { Tags } from "../../aws/tags.ts";
import type { OidcProviderAttrs } from "./oidc-provider.ts";

/** A policy document as plain data. */
export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}
export type RoleTrust =
  /** Service principals as `eks.amazonaws.com` (the kind gives them the partition's suffix where it differs). */
  | { readonly kind: "service"; readonly services: readonly string[]; readonly tagSession: boolean }
  /** `subject` as `system:serviceaccount:<namespace>:<name>`; absent: any service account of the cluster. */
  | { readonly kind: "oidc"; readonly subject?: string };
export interface RoleSpec {
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
