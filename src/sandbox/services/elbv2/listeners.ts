import type * as Elb from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../../aws-error.ts";
import type { Call, Checked } from "../../service.ts";
import { takeOnly, validationError } from "../elb/errors.ts";
import { pageOf } from "../elb/pages.ts";
import type { Place } from "../elb/placement.ts";
import { withTags } from "../elb/tags.ts";
import { elbArn, elbOf, loadBalancerOf, targetGroupOf } from "./place.ts";
import type { ListenerRecord } from "./state.ts";

function createListener(input: Checked<Elb.CreateListenerInput>, call: Call): Elb.CreateListenerOutput {
  takeOnly("CreateListener", input, ["LoadBalancerArn", "Protocol", "Port", "DefaultActions", "Tags"]);
  const [action, ...more] = input.DefaultActions;
  const { Protocol: protocol, Port: port } = input;
  if (action?.Type !== "forward" || action.TargetGroupArn === undefined || more.length > 0) {
    throw new AwsError(
      "NotSimulated",
      "a listener that does not forward to one target group is not simulated by the sandbox",
      {
        status: 501,
      },
    );
  }
  if (protocol === undefined || port === undefined) throw validationError("A protocol and a port must be specified");
  const made = makeListener(call, {
    loadBalancerArn: input.LoadBalancerArn,
    protocol,
    port,
    targetGroupArn: action.TargetGroupArn,
    tags: withTags({}, input.Tags),
  });
  return { Listeners: [view(made)] };
}

/** Throws LoadBalancerNotFound, TargetGroupNotFound and DuplicateListener. */
export function makeListener(place: Place, wanted: Omit<ListenerRecord, "arn">): ListenerRecord {
  const { listeners } = elbOf(place);
  const loadBalancer = loadBalancerOf(place, wanted.loadBalancerArn);
  targetGroupOf(place, wanted.targetGroupArn);
  const siblings = Object.values(listeners).filter((each) => each.loadBalancerArn === loadBalancer.arn);
  if (siblings.some(({ port }) => port === wanted.port)) {
    throw new AwsError("DuplicateListener", "A listener already exists on this port for this load balancer");
  }
  const [, resource = ""] = loadBalancer.arn.split(":loadbalancer/");
  const arn = elbArn(place, `listener/${resource}/${place.world.hex(16)}`);
  return (listeners[arn] = { ...wanted, arn });
}

function deleteListener(input: Checked<Elb.DeleteListenerInput>, call: Call): Elb.DeleteListenerOutput {
  delete elbOf(call).listeners[listenerOf(call, input.ListenerArn).arn];
  return {};
}

function describeListeners(input: Elb.DescribeListenersInput, call: Call): Elb.DescribeListenersOutput {
  const { LoadBalancerArn: loadBalancerArn, ListenerArns: arns } = input;
  if (loadBalancerArn === undefined && !arns?.length) {
    throw validationError("You must specify either listener ARNs or a load balancer ARN");
  }
  if (loadBalancerArn !== undefined) loadBalancerOf(call, loadBalancerArn);
  const found = arns?.length
    ? arns.map((arn) => listenerOf(call, arn))
    : Object.values(elbOf(call).listeners).filter((each) => each.loadBalancerArn === loadBalancerArn);
  const { items, ...page } = pageOf(found, input);
  return { Listeners: items.map(view), ...page };
}

function listenerOf(place: Place, arn: string): ListenerRecord {
  const { listeners } = elbOf(place);
  const found = Object.hasOwn(listeners, arn) ? listeners[arn] : undefined;
  if (!found) throw new AwsError("ListenerNotFound", "One or more listeners not found");
  return found;
}

function view(record: ListenerRecord): Elb.Listener {
  return {
    ListenerArn: record.arn,
    LoadBalancerArn: record.loadBalancerArn,
    Protocol: record.protocol,
    Port: record.port,
    DefaultActions: [{ Type: "forward", TargetGroupArn: record.targetGroupArn }],
  };
}

export const listenerHandlers = {
  CreateListener: createListener,
  DeleteListener: deleteListener,
  DescribeListeners: describeListeners,
};
