/** A tag as IAM has it. */
export interface TagRecord {
  Key: string;
  Value: string;
}

export interface RoleRecord {
  name: string;
  path: string;
  arn: string;
  /** AROA…: another one for a role that is made again under the same name. */
  id: string;
  description?: string;
  createdAt: number;
  /** Seconds. */
  maxSessionDuration: number;
  /** The document, as it was sent. */
  trust: string;
  permissionsBoundary?: string;
  /** Name to document. */
  inlinePolicies: Record<string, string>;
  attachedPolicyArns: string[];
  tags: TagRecord[];
  /** From when on IAM itself answers for it, in milliseconds since the epoch. */
  visibleAt: number;
  /** From when on other services know it and its trust policy. */
  usableAt: number;
}

export interface UserRecord {
  name: string;
  path: string;
  arn: string;
  id: string;
  createdAt: number;
  tags: TagRecord[];
}

/** A customer managed policy. */
export interface PolicyRecord {
  name: string;
  path: string;
  arn: string;
  id: string;
  description?: string;
  createdAt: number;
  document: string;
  tags: TagRecord[];
}

export interface OidcProviderRecord {
  arn: string;
  /** Without `https://`. */
  url: string;
  clientIds: string[];
  thumbprints: string[];
  createdAt: number;
  tags: TagRecord[];
}

export interface InstanceProfileRecord {
  name: string;
  path: string;
  arn: string;
  id: string;
  createdAt: number;
  /** At most one. */
  roleName?: string;
  tags: TagRecord[];
  /** As of a role. */
  visibleAt: number;
  usableAt: number;
}

/** What IAM holds: global, not per region. Roles, users and profiles by name, the rest by ARN. */
export interface IamState {
  roles: Record<string, RoleRecord>;
  users: Record<string, UserRecord>;
  policies: Record<string, PolicyRecord>;
  oidcProviders: Record<string, OidcProviderRecord>;
  instanceProfiles: Record<string, InstanceProfileRecord>;
}

export function emptyIamState(): IamState {
  return { roles: {}, users: {}, policies: {}, oidcProviders: {}, instanceProfiles: {} };
}
