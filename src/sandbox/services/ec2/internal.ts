import type { World } from "../../world.ts";
import { securityGroupFamily, subnetFamily } from "./families.ts";
import { lookUp } from "./family.ts";
import * as interfaces from "./network-interfaces.ts";
import * as routing from "./routing.ts";
import * as groups from "./security-groups.ts";
import type { SecurityGroupRecord, SubnetRecord } from "./state.ts";

export type { SecurityGroupRecord, SubnetRecord } from "./state.ts";
export type { Zone } from "./zones.ts";
export { zonesOf } from "./zones.ts";

/** What other services of the sandbox do in EC2 on a user's behalf: no tag is reserved to them, nothing is paged or hidden. */

export function subnetOf(world: World, region: string, id: string): SubnetRecord | undefined {
  return lookUp(subnetFamily, { world, region }, id);
}

export function securityGroupOf(world: World, region: string, id: string): SecurityGroupRecord | undefined {
  return lookUp(securityGroupFamily, { world, region }, id);
}

/** Returns the group's id. Throws InvalidGroup.Duplicate. */
export function makeSecurityGroup(world: World, region: string, wanted: groups.NewSecurityGroup): string {
  return groups.makeSecurityGroup({ world, region }, wanted).GroupId;
}

/** The group with its rules, whatever still refers to it. */
export function dropSecurityGroup(world: World, region: string, id: string): void {
  groups.dropSecurityGroup({ world, region }, id);
}

/** Returns the interface's id. Throws InvalidSubnetID.NotFound and InsufficientFreeAddressesInSubnet. */
export function addNetworkInterface(world: World, region: string, wanted: interfaces.NewNetworkInterface): string {
  return interfaces.makeNetworkInterface({ world, region }, wanted).NetworkInterfaceId;
}

/** They are gone at that instant. */
export function releaseNetworkInterfaces(world: World, region: string, ids: readonly string[], atMs: number): void {
  interfaces.releaseNetworkInterfaces({ world, region }, ids, atMs);
}

/** Where 0.0.0.0/0 goes, by the subnet's own route table or the main one of its VPC. */
export function routeOf(world: World, region: string, subnetId: string): "internet-gateway" | "nat-gateway" | "none" {
  return routing.routeOf({ world, region }, subnetId);
}
