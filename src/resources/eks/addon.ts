import type { Tags } from "../../aws/tags.ts";

export interface AddonSpec {
  /** A full version, `v1.20.4-eksbuild.1`. */
  readonly version?: string;
  /** JSON text; compared as data. */
  readonly configurationValues?: string;
  /** For the create call (OVERWRITE at cluster creation) and for updates (PRESERVE unless the file says otherwise). */
  readonly resolveConflicts?: { readonly create: string; readonly update: string };
  /** A given role; one that we make comes as a dependency. */
  readonly serviceAccountRoleArn?: string;
  /** One per pod identity association; `roleArn` absent: the dependency of the same place in `podIdentityRoles`. */
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
