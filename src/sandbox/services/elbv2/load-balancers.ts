import type * as Elb from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../../aws-error.ts";
import type { Call, Checked } from "../../service.ts";
import { ensureServiceLinkedRole } from "../iam/internal.ts";
import { invalidConfiguration, takeOnly, validationError } from "../elb/errors.ts";
import { pageOf } from "../elb/pages.ts";
import {
  checkName,
  checkSecurityGroups,
  type Place,
  placeInterfaces,
  placementIn,
  releaseInterfaces,
} from "../elb/placement.ts";
import { withTags } from "../elb/tags.ts";
import { elbArn, elbOf, loadBalancerOf } from "./place.ts";
import type { LoadBalancerRecord } from "./state.ts";

const protection = "deletion_protection.enabled";

/** The attributes of every load balancer, and those of each type, with the values that they begin with. */
const attributes: Readonly<Record<"both" | LoadBalancerRecord["type"], Readonly<Record<string, string>>>> = {
  both: { [protection]: "false", "access_logs.s3.enabled": "false", "load_balancing.cross_zone.enabled": "true" },
  application: { "idle_timeout.timeout_seconds": "60", "routing.http2.enabled": "true" },
  network: {
    "load_balancing.cross_zone.enabled": "false",
    "dns_record.client_routing_policy": "any_availability_zone",
  },
};

function createLoadBalancer(input: Checked<Elb.CreateLoadBalancerInput>, call: Call): Elb.CreateLoadBalancerOutput {
  takeOnly("CreateLoadBalancer", input, [
    "Name",
    "Subnets",
    "SecurityGroups",
    "Scheme",
    "Tags",
    "Type",
    "IpAddressType",
  ]);
  const { Name: name, Subnets = [], SecurityGroups = [], Type: type = "application" } = input;
  checkName(name);
  if (name.startsWith("internal-")) throw validationError("A load balancer name must not begin with 'internal-'");
  if (type === "gateway" || input.IpAddressType === "dualstack") {
    throw new AwsError(
      "NotSimulated",
      `elasticloadbalancing:CreateLoadBalancer of type ${type} is not simulated by the sandbox`,
      {
        status: 501,
      },
    );
  }
  const made = makeLoadBalancer(call, {
    name,
    type,
    subnetIds: Subnets,
    securityGroupIds: SecurityGroups,
    scheme: input.Scheme ?? "internet-facing",
    tags: withTags({}, input.Tags),
  });
  return { LoadBalancers: [view(made, call)] };
}

export type NewLoadBalancer = Pick<
  LoadBalancerRecord,
  "name" | "type" | "subnetIds" | "securityGroupIds" | "scheme" | "tags"
> & { readonly attributes?: Readonly<Record<string, string>> };

/** Throws DuplicateLoadBalancerName, SubnetNotFound, InvalidConfigurationRequest, InvalidSubnet and InvalidSecurityGroup. */
export function makeLoadBalancer(place: Place, wanted: NewLoadBalancer): LoadBalancerRecord {
  const { world, region } = place;
  const { loadBalancers } = elbOf(place);
  if (Object.values(loadBalancers).some(({ name }) => name === wanted.name)) {
    throw new AwsError("DuplicateLoadBalancerName", `A load balancer with the same name '${wanted.name}' exists`);
  }
  const placement = placementIn(place, wanted.subnetIds, wanted.scheme);
  if (wanted.type === "application" && placement.subnets.length < 2) {
    throw invalidConfiguration("At least two subnets in two different Availability Zones must be specified");
  }
  checkSecurityGroups(place, wanted.securityGroupIds, placement.vpcId);
  ensureServiceLinkedRole(world, "elasticloadbalancing.amazonaws.com");
  const resource = `${wanted.type === "network" ? "net" : "app"}/${wanted.name}/${world.hex(16)}`;
  const made: LoadBalancerRecord = {
    ...wanted,
    attributes: { ...attributes.both, ...attributes[wanted.type], ...wanted.attributes },
    arn: elbArn(place, `loadbalancer/${resource}`),
    dnsName: `${wanted.name}-${world.hex(10)}.elb.${region}.amazonaws.com`,
    vpcId: placement.vpcId,
    createdAt: world.now(),
    networkInterfaceIds: placeInterfaces(place, {
      ...placement,
      description: `ELB ${resource}`,
      ...(wanted.type === "network" ? { type: "network_load_balancer" } : {}),
      groupIds: wanted.securityGroupIds,
      scheme: wanted.scheme,
    }),
  };
  loadBalancers[made.arn] = made;
  return made;
}

/** With its listeners. One that is not there, or not any more, is a success. */
function deleteLoadBalancer(input: Checked<Elb.DeleteLoadBalancerInput>, call: Call): Elb.DeleteLoadBalancerOutput {
  const { loadBalancers } = elbOf(call);
  const arn = input.LoadBalancerArn;
  const found = Object.hasOwn(loadBalancers, arn) ? loadBalancers[arn] : undefined;
  if (!found) return {};
  if (found.attributes[protection] === "true") {
    throw new AwsError(
      "OperationNotPermitted",
      `Load balancer '${arn}' cannot be deleted because deletion protection is enabled`,
    );
  }
  dropLoadBalancer(call, found);
  return {};
}

export function dropLoadBalancer(place: Place, record: LoadBalancerRecord): void {
  const { loadBalancers, listeners } = elbOf(place);
  for (const listener of Object.values(listeners)) {
    if (listener.loadBalancerArn === record.arn) delete listeners[listener.arn];
  }
  releaseInterfaces(place, record);
  delete loadBalancers[record.arn];
}

function describeLoadBalancers(input: Elb.DescribeLoadBalancersInput, call: Call): Elb.DescribeLoadBalancersOutput {
  const { LoadBalancerArns: arns = [], Names: names = [] } = input;
  const all = Object.values(elbOf(call).loadBalancers);
  const byName = names.map((name) => loadBalancerOf(call, all.find((each) => each.name === name)?.arn ?? ""));
  const asked = [...arns.map((arn) => loadBalancerOf(call, arn)), ...byName];
  const { items, ...page } = pageOf(arns.length + names.length > 0 ? asked : all, input);
  return { LoadBalancers: items.map((each) => view(each, call)), ...page };
}

function view(record: LoadBalancerRecord, { world, region }: Place): Elb.LoadBalancer {
  const { subnets } = world.region(region).ec2;
  const isActive = record.createdAt + world.duration("loadBalancerCreate", record.name) <= world.now();
  return {
    LoadBalancerArn: record.arn,
    LoadBalancerName: record.name,
    DNSName: record.dnsName,
    CanonicalHostedZoneId: "Z00000000SANDBOX",
    CreatedTime: new Date(record.createdAt),
    Scheme: record.scheme,
    VpcId: record.vpcId,
    State: { Code: isActive ? "active" : "provisioning" },
    Type: record.type,
    AvailabilityZones: record.subnetIds.map((SubnetId) => ({
      SubnetId,
      ZoneName: subnets[SubnetId]?.AvailabilityZone,
      LoadBalancerAddresses: [],
    })),
    SecurityGroups: record.securityGroupIds,
    IpAddressType: "ipv4",
  };
}

function describeAttributes(
  input: Checked<Elb.DescribeLoadBalancerAttributesInput>,
  call: Call,
): Elb.DescribeLoadBalancerAttributesOutput {
  return { Attributes: attributeList(loadBalancerOf(call, input.LoadBalancerArn)) };
}

function modifyAttributes(
  input: Checked<Elb.ModifyLoadBalancerAttributesInput>,
  call: Call,
): Elb.ModifyLoadBalancerAttributesOutput {
  const record = loadBalancerOf(call, input.LoadBalancerArn);
  for (const { Key = "", Value = "" } of input.Attributes) {
    if (!Object.hasOwn(record.attributes, Key)) {
      throw invalidConfiguration(`Load balancer attribute key '${Key}' is not recognized`);
    }
    record.attributes[Key] = Value;
  }
  return { Attributes: attributeList(record) };
}

function attributeList({ attributes: all }: LoadBalancerRecord): Elb.LoadBalancerAttribute[] {
  return Object.entries(all).map(([Key, Value]) => ({ Key, Value }));
}

export const loadBalancerHandlers = {
  CreateLoadBalancer: createLoadBalancer,
  DeleteLoadBalancer: deleteLoadBalancer,
  DescribeLoadBalancers: describeLoadBalancers,
  DescribeLoadBalancerAttributes: describeAttributes,
  ModifyLoadBalancerAttributes: modifyAttributes,
};
