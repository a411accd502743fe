import type { Tags } from "../../aws/tags.ts";

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
