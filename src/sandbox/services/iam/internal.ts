import { sandboxUser } from "../../credentials.ts";
import type { World } from "../../world.ts";
import { trustedServices } from "./policy-documents.ts";
import type { IamState, RoleRecord } from "./state.ts";

/** A role as other services see it. */
export interface RoleSeen {
  readonly name: string;
  readonly arn: string;
  /** AROA…: another one for a role that is made again under the same name. */
  readonly id: string;
  /** Service principals that may assume it: `eks.amazonaws.com`. */
  readonly trustServices: readonly string[];
  readonly attachedPolicyArns: readonly string[];
  /** Until then other services do not know it, or its trust policy: IAM is eventually consistent. */
  readonly usableAt: number;
}

/** IAM of this account and of every other one that is known here. */
export function everyIam({ state }: World): IamState[] {
  return [state.iam, ...Object.values(state.otherAccounts)];
}

/** The role of this ARN, in whichever account; whether it is usable yet is for the caller to look at. */
export function roleByArn(world: World, arn: string): RoleSeen | undefined {
  const role = everyIam(world)
    .flatMap((iam) => Object.values(iam.roles))
    .find((each) => each.arn === arn);
  return role && seen(role);
}

/** Whether a user has this ARN, in whichever account. */
export function isUser(world: World, arn: string): boolean {
  const { account, partition } = world.state;
  if (arn === `arn:${partition}:iam::${account}:user/${sandboxUser.name}`) return true;
  return everyIam(world).some((iam) => Object.values(iam.users).some((user) => user.arn === arn));
}

function seen(role: RoleRecord): RoleSeen {
  const { name, arn, id, attachedPolicyArns, usableAt } = role;
  return { name, arn, id, trustServices: trustedServices(role.trust), attachedPolicyArns, usableAt };
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
  };
}
