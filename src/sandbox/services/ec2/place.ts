import type { World } from "../../world.ts";
import type { Ec2State, Recorded } from "./state.ts";

/** Where something happens: every Call is one. */
export interface Place {
  readonly world: World;
  readonly region: string;
}

export function ec2Of(place: Place): Ec2State {
  return place.world.region(place.region).ec2;
}

/** The common part of a new record. EC2 is eventually consistent: what looks for it by its tags may see it later still. */
export function recorded({ world, region }: Place, tags: Record<string, string> = {}): Recorded {
  const of = `${region}/${JSON.stringify(tags)}`;
  const now = world.now();
  const visibleAt = now + world.duration("ec2Propagation", of);
  return {
    tags: { ...tags },
    usableAt: now + world.duration("ec2Usability", of),
    visibleAt,
    listedAt: Math.max(visibleAt, now + world.duration("ec2Propagation", `${of} in lists`)),
  };
}

/** `resource` is the last part of the ARN: `subnet/subnet-0123`. */
export function ec2Arn(place: Place, resource: string): string {
  return `arn:${place.world.state.partition}:ec2:${place.region}:${ownerOf(place)}:${resource}`;
}

export function ownerOf(place: Place): string {
  return place.world.state.account;
}
