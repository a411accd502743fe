import type * as Elb from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../../aws-error.ts";
import type { Call, Checked } from "../../service.ts";
import { vpcOf } from "../ec2/internal.ts";
import { takeOnly, validationError } from "../elb/errors.ts";
import { pageOf } from "../elb/pages.ts";
import { checkName, type Place } from "../elb/placement.ts";
import { withTags } from "../elb/tags.ts";
import { ensureServiceLinkedRole } from "../iam/internal.ts";
import { elbArn, elbOf, loadBalancerOf, targetGroupOf } from "./place.ts";
import type { TargetGroupRecord } from "./state.ts";

function createTargetGroup(input: Checked<Elb.CreateTargetGroupInput>, call: Call): Elb.CreateTargetGroupOutput {
  takeOnly("CreateTargetGroup", input, ["Name", "Protocol", "Port", "VpcId", "TargetType", "Tags"]);
  const { Name: name, Protocol: protocol, Port: port, VpcId: vpcId } = input;
  checkName(name);
  if (protocol === undefined || port === undefined || vpcId === undefined) {
    throw validationError("A protocol, a port and a VPC ID must be specified");
  }
  if (!vpcOf(call.world, call.region, vpcId)) throw validationError(`The VPC ID '${vpcId}' is not found`);
  const targetType = input.TargetType ?? "instance";
  const made = makeTargetGroup(call, { name, protocol, port, vpcId, targetType, tags: withTags({}, input.Tags) });
  return { TargetGroups: [view(made, call)] };
}

/** Throws DuplicateTargetGroupName. */
export function makeTargetGroup(place: Place, wanted: Omit<TargetGroupRecord, "arn">): TargetGroupRecord {
  const { targetGroups } = elbOf(place);
  if (Object.values(targetGroups).some(({ name }) => name === wanted.name)) {
    throw new AwsError("DuplicateTargetGroupName", `A target group with the same name '${wanted.name}' exists`);
  }
  ensureServiceLinkedRole(place.world, "elasticloadbalancing.amazonaws.com");
  const arn = elbArn(place, `targetgroup/${wanted.name}/${place.world.hex(16)}`);
  return (targetGroups[arn] = { ...wanted, arn });
}

/** Refused while a listener sends requests there; one that is not there, or not any more, is a success. */
function deleteTargetGroup(input: Checked<Elb.DeleteTargetGroupInput>, call: Call): Elb.DeleteTargetGroupOutput {
  const arn = input.TargetGroupArn;
  if (listenersOf(call, arn).length > 0) {
    throw new AwsError("ResourceInUse", `Target group '${arn}' is currently in use by a listener or a rule`);
  }
  delete elbOf(call).targetGroups[arn];
  return {};
}

function describeTargetGroups(input: Elb.DescribeTargetGroupsInput, call: Call): Elb.DescribeTargetGroupsOutput {
  const { TargetGroupArns: arns, Names: names, LoadBalancerArn: loadBalancerArn } = input;
  const all = Object.values(elbOf(call).targetGroups);
  const asked = () => {
    if (loadBalancerArn !== undefined) {
      loadBalancerOf(call, loadBalancerArn);
      return all.filter(({ arn }) => listenersOf(call, arn).some((each) => each.loadBalancerArn === loadBalancerArn));
    }
    if (names?.length) return names.map((name) => targetGroupOf(call, all.find((one) => one.name === name)?.arn ?? ""));
    return arns?.length ? arns.map((arn) => targetGroupOf(call, arn)) : all;
  };
  const { items, ...page } = pageOf(asked(), input);
  return { TargetGroups: items.map((each) => view(each, call)), ...page };
}

function listenersOf(place: Place, targetGroupArn: string) {
  return Object.values(elbOf(place).listeners).filter((listener) => listener.targetGroupArn === targetGroupArn);
}

function view(record: TargetGroupRecord, place: Place): Elb.TargetGroup {
  return {
    TargetGroupArn: record.arn,
    TargetGroupName: record.name,
    Protocol: record.protocol,
    Port: record.port,
    VpcId: record.vpcId,
    TargetType: record.targetType,
    HealthCheckEnabled: true,
    HealthCheckProtocol: record.protocol,
    HealthCheckPort: "traffic-port",
    HealthCheckIntervalSeconds: 30,
    HealthyThresholdCount: 5,
    IpAddressType: "ipv4",
    LoadBalancerArns: [...new Set(listenersOf(place, record.arn).map(({ loadBalancerArn }) => loadBalancerArn))],
  };
}

export const targetGroupHandlers = {
  CreateTargetGroup: createTargetGroup,
  DeleteTargetGroup: deleteTargetGroup,
  DescribeTargetGroups: describeTargetGroups,
};
