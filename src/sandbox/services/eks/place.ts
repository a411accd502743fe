import { partitionOf } from "../../partitions.ts";
import type { World } from "../../world.ts";
import type { EksState } from "./state.ts";

/** Where something happens: every Call is one. */
export interface Place {
  readonly world: World;
  readonly region: string;
}

export function eksOf({ world, region }: Place): EksState {
  return world.region(region).eks;
}

/** `resource` is the last part of the ARN: `cluster/prod`. */
export function eksArn(place: Place, resource: string): string {
  return `arn:${partitionOf(place.region)}:eks:${place.region}:${place.world.state.account}:${resource}`;
}

export function uuid({ world }: Place): string {
  return world.hex(32).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

const dnsSuffixes: Readonly<Record<string, string>> = {
  "aws-cn": "amazonaws.com.cn",
  "aws-iso": "c2s.ic.gov",
  "aws-iso-b": "sc2s.sgov.gov",
  "aws-iso-e": "cloud.adc-e.uk",
  "aws-iso-f": "csp.hci.ic.gov",
};

/** `amazonaws.com`, or what the region's partition has instead. */
export function dnsSuffixOf(region: string): string {
  return dnsSuffixes[partitionOf(region) ?? ""] ?? "amazonaws.com";
}
