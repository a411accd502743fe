import { sandboxUser } from "../../credentials.ts";
import type { World } from "../../world.ts";
import { trustedServices } from "./policy-documents.ts";
import type { RoleRecord } from "./state.ts";

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

/** The role of this ARN; whether it is usable yet is for the caller to look at. */
export function roleByArn(world: World, arn: string): RoleSeen | undefined {
  const role = Object.values(world.state.iam.roles).find((each) => each.arn === arn);
  return role && seen(role);
}

/** Whether a user of this account has this ARN. */
export function isUser(world: World, arn: string): boolean {
  const { account, partition, iam } = world.state;
  if (arn === `arn:${partition}:iam::${account}:user/${sandboxUser.name}`) return true;
  return Object.values(iam.users).some((user) => user.arn === arn);
}

function seen(role: RoleRecord): RoleSeen {
  const { name, arn, id, attachedPolicyArns, usableAt } = role;
  return { name, arn, id, trustServices: trustedServices(role.trust), attachedPolicyArns, usableAt };
}
