import type * as Elb from "@aws-sdk/client-elastic-load-balancing";
import { AwsError } from "../../aws-error.ts";
import type { Call, Checked } from "../../service.ts";
import { ensureServiceLinkedRole } from "../iam/internal.ts";
import { duplicateName, takeOnly, validationError } from "./errors.ts";
import { pageOf } from "./pages.ts";
import {
  checkName,
  checkSecurityGroups,
  type Place,
  placeInterfaces,
  placementIn,
  releaseInterfaces,
} from "./placement.ts";
import type { ClassicLoadBalancerRecord } from "./state.ts";
import { withTags } from "./tags.ts";

function createLoadBalancer(input: Checked<Elb.CreateAccessPointInput>, call: Call): Elb.CreateAccessPointOutput {
  const { LoadBalancerName: name, Subnets = [], SecurityGroups = [], Listeners } = input;
  takeOnly("CreateLoadBalancer", input, [
    "LoadBalancerName",
    "Listeners",
    "Subnets",
    "SecurityGroups",
    "Scheme",
    "Tags",
  ]);
  checkName(name);
  if (Listeners.length === 0) throw validationError("Listeners cannot be empty");
  const scheme = input.Scheme === "internal" ? "internal" : "internet-facing";
  const made = makeLoadBalancer(call, {
    name,
    subnetIds: Subnets,
    securityGroupIds: SecurityGroups,
    scheme,
    tags: withTags({}, input.Tags),
    listeners: Listeners.map((listener) => ({
      protocol: listener.Protocol ?? "",
      port: listener.LoadBalancerPort ?? 0,
      instanceProtocol: listener.InstanceProtocol ?? listener.Protocol ?? "",
      instancePort: listener.InstancePort ?? 0,
    })),
  });
  return { DNSName: made.dnsName };
}

export type NewClassicLoadBalancer = Pick<
  ClassicLoadBalancerRecord,
  "name" | "subnetIds" | "securityGroupIds" | "scheme" | "tags" | "listeners"
>;

/** Throws DuplicateLoadBalancerName, SubnetNotFound, InvalidConfigurationRequest, InvalidSubnet and InvalidSecurityGroup. */
export function makeLoadBalancer(place: Place, wanted: NewClassicLoadBalancer): ClassicLoadBalancerRecord {
  const { world, region } = place;
  const { loadBalancers } = world.region(region).elb;
  if (Object.hasOwn(loadBalancers, wanted.name)) throw duplicateName(wanted.name);
  const placement = placementIn(place, wanted.subnetIds, wanted.scheme);
  checkSecurityGroups(place, wanted.securityGroupIds, placement.vpcId);
  ensureServiceLinkedRole(world, "elasticloadbalancing.amazonaws.com");
  const made: ClassicLoadBalancerRecord = {
    ...wanted,
    vpcId: placement.vpcId,
    dnsName: `${wanted.name}-${world.hex(10)}.${region}.elb.amazonaws.com`,
    createdAt: world.now(),
    networkInterfaceIds: placeInterfaces(place, {
      ...placement,
      description: `ELB ${wanted.name}`,
      groupIds: wanted.securityGroupIds,
      scheme: wanted.scheme,
    }),
  };
  loadBalancers[wanted.name] = made;
  return made;
}

/** One that is not there, or not any more, is a success. */
function deleteLoadBalancer(input: Checked<Elb.DeleteAccessPointInput>, call: Call): Elb.DeleteAccessPointOutput {
  const { loadBalancers } = call.world.region(call.region).elb;
  const found = Object.hasOwn(loadBalancers, input.LoadBalancerName)
    ? loadBalancers[input.LoadBalancerName]
    : undefined;
  if (!found) return {};
  releaseInterfaces(call, found);
  delete loadBalancers[found.name];
  return {};
}

function describeLoadBalancers(input: Elb.DescribeAccessPointsInput, call: Call): Elb.DescribeAccessPointsOutput {
  const { LoadBalancerNames: names = [] } = input;
  const all = Object.values(call.world.region(call.region).elb.loadBalancers);
  const asked = names.length > 0 ? names.map((name) => loadBalancerNamed(call, name)) : all;
  const { items, ...page } = pageOf(asked, input);
  return { LoadBalancerDescriptions: items.map((each) => view(each, call)), ...page };
}

/** Throws LoadBalancerNotFound. */
export function loadBalancerNamed({ world, region }: Place, name: string): ClassicLoadBalancerRecord {
  const { loadBalancers } = world.region(region).elb;
  const found = Object.hasOwn(loadBalancers, name) ? loadBalancers[name] : undefined;
  if (!found) throw new AwsError("LoadBalancerNotFound", `There is no ACTIVE Load Balancer named '${name}'`);
  return found;
}

function view(record: ClassicLoadBalancerRecord, { world, region }: Place): Elb.LoadBalancerDescription {
  const { subnets } = world.region(region).ec2;
  return {
    LoadBalancerName: record.name,
    DNSName: record.dnsName,
    CanonicalHostedZoneName: record.dnsName,
    CanonicalHostedZoneNameID: "Z00000000SANDBOX",
    ListenerDescriptions: record.listeners.map((listener) => ({
      Listener: {
        Protocol: listener.protocol,
        LoadBalancerPort: listener.port,
        InstanceProtocol: listener.instanceProtocol,
        InstancePort: listener.instancePort,
      },
      PolicyNames: [],
    })),
    AvailabilityZones: record.subnetIds.map((id) => subnets[id]?.AvailabilityZone ?? ""),
    Subnets: record.subnetIds,
    VPCId: record.vpcId,
    Instances: [],
    SecurityGroups: record.securityGroupIds,
    CreatedTime: new Date(record.createdAt),
    Scheme: record.scheme,
  };
}

export const loadBalancerHandlers = {
  CreateLoadBalancer: createLoadBalancer,
  DeleteLoadBalancer: deleteLoadBalancer,
  DescribeLoadBalancers: describeLoadBalancers,
};
