import type { RequestLaunchTemplateData } from "@aws-sdk/client-ec2";
import type { World } from "../../world.ts";
import { instanceFamily, launchTemplateFamily, securityGroupFamily, subnetFamily, vpcFamily } from "./families.ts";
import { lookUp } from "./family.ts";
import { catalogue, type Accelerator } from "./instance-type-catalogue.ts";
import * as keys from "./key-pairs.ts";
import * as instances from "./instances.ts";
import { makeVolume, type NewVolume } from "./volumes.ts";
import { findVersion } from "./launch-template-versions.ts";
import * as templates from "./launch-templates.ts";
import { publicAddress } from "./addresses.ts";
import * as interfaces from "./network-interfaces.ts";
import * as routing from "./routing.ts";
import { rulesOf } from "./rule-filters.ts";
import { makeRule } from "./security-group-rules.ts";
import { reachesByEndpoint } from "./vpc-endpoints.ts";
import * as groups from "./security-groups.ts";
import type {
  InstanceRecord,
  KeyPairRecord,
  LaunchTemplateRecord,
  SecurityGroupRecord,
  SubnetRecord,
  VpcRecord,
} from "./state.ts";

export type { LaunchTemplateRecord, SecurityGroupRecord, SubnetRecord } from "./state.ts";
export { zonesOf } from "./zones.ts";

/** What other services of the sandbox do in EC2 on a user's behalf: no tag is reserved to them, nothing is paged or hidden. */

export function vpcOf(world: World, region: string, id: string): VpcRecord | undefined {
  return lookUp(vpcFamily, { world, region }, id);
}

export function subnetOf(world: World, region: string, id: string): SubnetRecord | undefined {
  return lookUp(subnetFamily, { world, region }, id);
}

export function securityGroupOf(world: World, region: string, id: string): SecurityGroupRecord | undefined {
  return lookUp(securityGroupFamily, { world, region }, id);
}

export function keyPairNamed(world: World, region: string, name: string): KeyPairRecord | undefined {
  return keys.keyPairNamed({ world, region }, name);
}

/** Returns the group's id. Throws InvalidGroup.Duplicate. */
export function makeSecurityGroup(world: World, region: string, wanted: groups.NewSecurityGroup): string {
  return groups.makeSecurityGroup({ world, region }, wanted).GroupId;
}

/** Lets TCP traffic to all ports of a group's members in from those of another group, unless it is let in already. */
export function admitGroup(world: World, region: string, groupId: string, from: string, description: string): void {
  const place = { world, region };
  if (rulesOf(place, groupId, false).some((rule) => rule.peer.group === from)) return;
  const traffic = { IsEgress: false, IpProtocol: "tcp", FromPort: 0, ToPort: 65535 };
  makeRule(place, groupId, { ...traffic, Description: description, peer: { group: from } });
}

/** Whether a network interface or a rule of another group keeps the group from being deleted. */
export function isGroupInUse(world: World, region: string, id: string): boolean {
  const place = { world, region };
  // What was to let go by now has let go, whether anybody has asked in between or not.
  instances.settleInstances(place);
  interfaces.settleNetworkInterfaces(place);
  return groups.isInUse(place, id);
}

/** The group with its rules, whatever still refers to it. */
export function dropSecurityGroup(world: World, region: string, id: string): void {
  groups.dropSecurityGroup({ world, region }, id);
}

/** Returns the interface's id. Throws InvalidSubnetID.NotFound and InsufficientFreeAddressesInSubnet. */
export function addNetworkInterface(world: World, region: string, wanted: interfaces.NewNetworkInterface): string {
  return interfaces.makeNetworkInterface({ world, region }, wanted).NetworkInterfaceId;
}

/** A public address that nobody has, for an interface. */
export function freePublicAddress(world: World, region: string): string {
  return publicAddress({ world, region });
}

/** They are gone at that instant. */
export function releaseNetworkInterfaces(world: World, region: string, ids: readonly string[], atMs: number): void {
  interfaces.releaseNetworkInterfaces({ world, region }, ids, atMs);
}

export function addVolume(world: World, region: string, wanted: NewVolume): void {
  makeVolume({ world, region }, wanted);
}

/** Where 0.0.0.0/0 goes, by the subnet's own route table or the main one of its VPC. */
export function routeOf(world: World, region: string, subnetId: string): "internet-gateway" | "nat-gateway" | "none" {
  return routing.routeOf({ world, region }, subnetId);
}

/** Whether all of these services are reached from a subnet by endpoints of its VPC; by the end of the services' names. */
export function reachesServices(world: World, region: string, subnetId: string, services: readonly string[]): boolean {
  const subnet = subnetOf(world, region, subnetId);
  return subnet !== undefined && services.every((service) => reachesByEndpoint({ world, region }, subnet, service));
}

/**
 * Running instances, spread over those of the subnets whose zones offer the type, each with an interface and a root volume.
 * Returns their ids. Throws Unsupported, InsufficientInstanceCapacity, VcpuLimitExceeded and InsufficientFreeAddressesInSubnet.
 */
export function runInstances(world: World, region: string, wanted: instances.NewInstances): string[] {
  return instances.runInstances({ world, region }, wanted);
}

/** Whatever its state: one that was terminated lingers. */
export function instanceOf(world: World, region: string, id: string): InstanceRecord | undefined {
  return lookUp(instanceFamily, { world, region }, id);
}

/** Their interfaces and volumes are gone after `durations.networkInterfaceRelease`; they linger as `terminated`. */
export function terminateInstances(world: World, region: string, ids: readonly string[]): void {
  instances.terminateInstances({ world, region }, ids);
}

/** `version` is a number, `$Latest` or `$Default`. Undefined: no such template. Throws InvalidLaunchTemplateId.VersionNotFound. */
export function launchTemplateData(
  world: World,
  region: string,
  id: string,
  version: string,
): RequestLaunchTemplateData | undefined {
  const template = launchTemplateById(world, region, id);
  return template && findVersion(template, version).data;
}

/** Where a template has its instances run, and with which interfaces. */
export function placementOf(
  data: RequestLaunchTemplateData,
): Pick<instances.NewInstances, "placementGroup" | "interfaces"> {
  const { Placement, NetworkInterfaces } = data;
  return {
    ...(Placement?.GroupName === undefined ? {} : { placementGroup: Placement.GroupName }),
    ...(NetworkInterfaces === undefined ? {} : { interfaces: NetworkInterfaces }),
  };
}

/** The security groups that a template names; with none a service takes its own. */
export function securityGroupsIn(data: RequestLaunchTemplateData): string[] {
  return [...(data.SecurityGroupIds ?? []), ...(data.NetworkInterfaces ?? []).flatMap(({ Groups }) => Groups ?? [])];
}

/** The keys that a template names for its volumes. */
export function volumeKeysOf({
  BlockDeviceMappings = [],
}: RequestLaunchTemplateData): Pick<instances.NewInstances, "volumeKeys"> {
  return { volumeKeys: BlockDeviceMappings.flatMap(({ Ebs }) => Ebs?.KmsKeyId ?? []) };
}

export function launchTemplateById(world: World, region: string, id: string): LaunchTemplateRecord | undefined {
  return lookUp(launchTemplateFamily, { world, region }, id);
}

export function launchTemplateByName(world: World, region: string, name: string): LaunchTemplateRecord | undefined {
  return templates.launchTemplateByName({ world, region }, name);
}

export function instanceTypeOf(
  name: string,
): { readonly architecture: "x86_64" | "arm64"; readonly accelerator: Accelerator } | undefined {
  return catalogue.get(name);
}

/** Names of the zones of the region in which an instance of the type can be launched now. */
export function zonesWithCapacity(world: World, region: string, type: string): string[] {
  return instances.zonesWithCapacity({ world, region }, type);
}
