import { sandboxUser } from "../../credentials.ts";
import type { World } from "../../world.ts";
import { consistency } from "./consistency.ts";
import { allowedActions, trustedServices } from "./policy-documents.ts";
import { makeServiceLinkedRole, serviceLinkedRoleOf } from "./service-linked-roles.ts";
import type { IamState, InstanceProfileRecord, RoleRecord } from "./state.ts";

/** A role as other services see it. */
export interface RoleSeen {
  readonly name: string;
  readonly arn: string;
  /** AROA…: another one for a role that is made again under the same name. */
  readonly id: string;
  /** Service principals that may assume it: `eks.amazonaws.com`. */
  readonly trustServices: readonly string[];
  /** Whether those may tag their sessions (`sts:TagSession`). */
  readonly tagsSessions: boolean;
  readonly attachedPolicyArns: readonly string[];
  /** Patterns of actions that its own policies and those of the account allow; AWS's policies are not among them. */
  readonly allowedActions: readonly string[];
  /** Until then other services do not know it, or its trust policy: IAM is eventually consistent. */
  readonly usableAt: number;
}

/** IAM of this account and of every other one that is known here. */
export function everyIam({ state }: World): IamState[] {
  return [state.iam, ...Object.values(state.otherAccounts)];
}

/** The record of the role of this ARN, in whichever account. */
export function roleOfArn(world: World, arn: string): RoleRecord | undefined {
  return everyIam(world)
    .flatMap((iam) => Object.values(iam.roles))
    .find((each) => each.arn === arn);
}

/** The role of this ARN, in whichever account; whether it is usable yet is for the caller to look at. */
export function roleByArn(world: World, arn: string): RoleSeen | undefined {
  const role = roleOfArn(world, arn);
  return role && seen(world, role);
}

/** Who sends requests: a user, or the role that a session is of. */
export interface Identity {
  readonly type: "User" | "AssumedRole" | "Account";
  readonly arn: string;
  /** As GetCallerIdentity and `aws:userid` have it. */
  readonly userId: string;
  /** Users have one. */
  readonly userName?: string;
}

/** Who is behind the ARN of a caller, in this account. */
export function identityOf({ state }: World, callerArn: string): Identity {
  const { account, iam } = state;
  const [, session] = /:assumed-role\/(.+)$/.exec(callerArn) ?? [];
  if (session !== undefined) {
    const [roleName = "", sessionName = ""] = session.split("/");
    const role = Object.hasOwn(iam.roles, roleName) ? iam.roles[roleName] : undefined;
    const arn = role?.arn ?? callerArn.replace(/:sts:.*$/, `:iam::${account}:role/${roleName}`);
    return { type: "AssumedRole", arn, userId: `${role?.id ?? ""}:${sessionName}` };
  }
  const [, userName] = /:user\/(?:.*\/)?([^/]+)$/.exec(callerArn) ?? [];
  if (userName === undefined) return { type: "Account", arn: callerArn, userId: account };
  const user = Object.hasOwn(iam.users, userName) ? iam.users[userName] : undefined;
  return { type: "User", arn: callerArn, userId: user?.id ?? sandboxUser.id, userName };
}

/** The instance profile of this account with this name or ARN; undefined as long as IAM has not told everyone about it. */
export function knownInstanceProfile({ state, now }: World, nameOrArn: string): InstanceProfileRecord | undefined {
  const profile = Object.values(state.iam.instanceProfiles).find((each) => [each.name, each.arn].includes(nameOrArn));
  return profile && profile.usableAt <= now() ? profile : undefined;
}

/** Whether a user has this ARN, in whichever account. */
export function isUser(world: World, arn: string): boolean {
  const { account, partition } = world.state;
  if (arn === `arn:${partition}:iam::${account}:user/${sandboxUser.name}`) return true;
  return everyIam(world).some((iam) => Object.values(iam.users).some((user) => user.arn === arn));
}

/** The role that a service works with, and whether the account has it. */
export function serviceLinkedRole(
  { state }: World,
  service: string,
): { readonly name: string; readonly path: string; readonly exists: boolean } {
  const role = serviceLinkedRoleOf(service);
  if (!role) throw new Error(`${service} has no service-linked role here`);
  return { ...role, exists: Object.hasOwn(state.iam.roles, role.name) };
}

export function serviceLinkedRoleArn(world: World, service: string): string {
  const { name, path } = serviceLinkedRole(world, service);
  return `arn:${world.state.partition}:iam::${world.state.account}:role${path}${name}`;
}

/** What a service does on its first use in an account: makes the role that it works with, unless it is there. */
export function ensureServiceLinkedRole(world: World, service: string): void {
  const { exists, ...role } = serviceLinkedRole(world, service);
  if (!exists) makeServiceLinkedRole(world, service, role);
}

function seen({ state }: World, role: RoleRecord): RoleSeen {
  const { name, arn, id, attachedPolicyArns, usableAt } = role;
  const attached = attachedPolicyArns.flatMap((each) => state.iam.policies[each]?.document ?? []);
  return {
    name,
    arn,
    id,
    trustServices: trustedServices(role.trust),
    tagsSessions: allowedActions(role.trust).includes("sts:TagSession"),
    attachedPolicyArns,
    allowedActions: [...Object.values(role.inlinePolicies), ...attached].flatMap(allowedActions),
    usableAt,
  };
}

/** An instance profile that holds a role, as a service's user would make it; nothing when it is there. */
export function ensureInstanceProfile(
  world: World,
  wanted: {
    readonly name: string;
    readonly path: string;
    readonly roleName: string;
    readonly tags: Readonly<Record<string, string>>;
  },
): void {
  const { account, partition, iam } = world.state;
  const { name, path, roleName } = wanted;
  if (Object.hasOwn(iam.instanceProfiles, name)) return;
  iam.instanceProfiles[name] = {
    name,
    path,
    roleName,
    arn: `arn:${partition}:iam::${account}:instance-profile${path}${name}`,
    id: `AIPA${world.hex(17).toUpperCase()}`,
    createdAt: world.now(),
    tags: Object.entries(wanted.tags).map(([Key, Value]) => ({ Key, Value })),
    ...consistency(world, name),
  };
}
