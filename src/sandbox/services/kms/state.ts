import type { GrantOperation, KeySpec, KeyUsageType } from "@aws-sdk/client-kms";

export interface GrantRecord {
  id: string;
  token: string;
  name?: string;
  createdAt: number;
  /** An ARN, or the name of a service. */
  grantee: string;
  retiring?: string;
  operations: GrantOperation[];
  /** ARN of who asked for it. */
  issuer: string;
}

export interface KeyRecord {
  /** `1234abcd-12ab-34cd-56ef-1234567890ab`, or `mrk-…`. */
  id: string;
  /** Names its account, which may be another one than this. */
  arn: string;
  description: string;
  createdAt: number;
  spec: KeySpec;
  usage: KeyUsageType;
  multiRegion: boolean;
  enabled: boolean;
  /** When it will be deleted, where that is so. */
  deletedAt: number | null;
  /** The key policy, JSON. */
  policy: string;
  grants: GrantRecord[];
  tags: Record<string, string>;
}

export interface AliasRecord {
  /** `alias/…`. */
  name: string;
  arn: string;
  keyId: string;
  createdAt: number;
}

/** What KMS holds in one region: keys by id, aliases by their ARNs. */
export interface KmsState {
  keys: Record<string, KeyRecord>;
  aliases: Record<string, AliasRecord>;
}

export function emptyKmsState(): KmsState {
  return { keys: {}, aliases: {} };
}
