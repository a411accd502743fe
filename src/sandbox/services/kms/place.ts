import type { World } from "../../world.ts";
import type { KmsState } from "./state.ts";

/** Where keys are. */
export interface Place {
  readonly world: World;
  readonly region: string;
}

export function kmsOf({ world, region }: Place): KmsState {
  return world.region(region).kms;
}

/** `resource` is the last part of the ARN: `key/…`, `alias/…`. */
export function kmsArn({ world, region }: Place, resource: string): string {
  const { partition, account } = world.state;
  return `arn:${partition}:kms:${region}:${account}:${resource}`;
}

export function accountOf({ arn }: { readonly arn: string }): string {
  return arn.split(":")[4] ?? "";
}
