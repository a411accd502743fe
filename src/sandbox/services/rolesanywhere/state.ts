/** A trust anchor or a profile. */
export interface AnywhereRecord {
  id: string;
  arn: string;
  name: string;
  enabled: boolean;
  tags: Record<string, string>;
}

export interface TrustAnchorRecord extends AnywhereRecord {
  /** PEM. */
  certificates: string;
}

export interface ProfileRecord extends AnywhereRecord {
  roleArns: string[];
  acceptRoleSessionName: boolean;
}

/** What IAM Roles Anywhere holds in one region, by id. */
export interface RolesAnywhereState {
  trustAnchors: Record<string, TrustAnchorRecord>;
  profiles: Record<string, ProfileRecord>;
}

export function emptyRolesAnywhereState(): RolesAnywhereState {
  return { trustAnchors: {}, profiles: {} };
}
