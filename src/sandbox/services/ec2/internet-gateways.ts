import type {
  AttachInternetGatewayRequest,
  CreateInternetGatewayRequest,
  DeleteInternetGatewayRequest,
  DescribeInternetGatewaysRequest,
  DescribeInternetGatewaysResult,
  DetachInternetGatewayRequest,
  InternetGateway,
  InternetGatewayAttachment,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import { dependencyViolation, invalidValue, required } from "./errors.ts";
import { internetGatewayFamily, vpcFamily } from "./families.ts";
import { find, selectPage } from "./family.ts";
import { ec2Of, ownerOf, recorded, type Place } from "./place.ts";
import { checkQuota } from "./quotas.ts";
import type { InternetGatewayRecord } from "./state.ts";
import { tagList, tagsOnCreate } from "./tag-specifications.ts";
import type { Open } from "./views.ts";

type Shown = Omit<InternetGateway, "Attachments"> & {
  Attachments: Open<InternetGatewayAttachment, "State">[];
};
type Described = Omit<DescribeInternetGatewaysResult, "InternetGateways"> & { InternetGateways: Shown[] };

function createInternetGateway(input: CreateInternetGatewayRequest, call: Call): { InternetGateway: Shown } {
  const { internetGateways } = ec2Of(call);
  const tags = tagsOnCreate(input.TagSpecifications, "internet-gateway");
  checkQuota(call, "internetGateways", Object.keys(internetGateways).length);
  const gateway = { ...recorded(call, tags), InternetGatewayId: call.world.id("igw"), attachedTo: null };
  internetGateways[gateway.InternetGatewayId] = gateway;
  return { InternetGateway: view(gateway, call) };
}

function attachInternetGateway(input: AttachInternetGatewayRequest, call: Call): void {
  const gateway = find(internetGatewayFamily, call, required(input.InternetGatewayId, "internetGatewayId"));
  const { VpcId: vpcId } = find(vpcFamily, call, required(input.VpcId, "vpcId"));
  if (gateway.attachedTo) {
    throw new AwsError(
      "Resource.AlreadyAssociated",
      `resource ${gateway.InternetGatewayId} is already attached to network ${gateway.attachedTo}`,
    );
  }
  if (Object.values(ec2Of(call).internetGateways).some((each) => each.attachedTo === vpcId)) {
    throw invalidValue(`Network ${vpcId} already has an internet gateway attached`);
  }
  gateway.attachedTo = vpcId;
}

/** Refused while a public address is mapped to anything in the VPC: a NAT gateway, an instance, a load balancer. */
function detachInternetGateway(input: DetachInternetGatewayRequest, call: Call): void {
  const gateway = find(internetGatewayFamily, call, required(input.InternetGatewayId, "internetGatewayId"));
  const { VpcId: vpcId } = find(vpcFamily, call, required(input.VpcId, "vpcId"));
  if (gateway.attachedTo !== vpcId) {
    throw new AwsError(
      "Gateway.NotAttached",
      `resource ${gateway.InternetGatewayId} is not attached to network ${vpcId}`,
    );
  }
  const interfaces = Object.values(ec2Of(call).networkInterfaces);
  if (interfaces.some((each) => each.VpcId === vpcId && each.publicIp !== null)) {
    throw dependencyViolation(
      `Network ${vpcId} has some mapped public address(es). ` +
        "Please unmap those public address(es) before detaching the gateway.",
    );
  }
  gateway.attachedTo = null;
}

function deleteInternetGateway(input: DeleteInternetGatewayRequest, call: Call): void {
  const gateway = find(internetGatewayFamily, call, required(input.InternetGatewayId, "internetGatewayId"));
  const { InternetGatewayId: id } = gateway;
  if (gateway.attachedTo) {
    throw dependencyViolation(`The internetGateway '${id}' has dependencies and cannot be deleted.`);
  }
  delete ec2Of(call).internetGateways[id];
}

function describeInternetGateways(input: DescribeInternetGatewaysRequest, call: Call): Described {
  const query = { ids: ["internetGatewayIds", input.InternetGatewayIds], filters: input.Filters } as const;
  const { items, ...rest } = selectPage(internetGatewayFamily, call, query, input);
  return { InternetGateways: items.map((gateway) => view(gateway, call)), ...rest };
}

function view(gateway: InternetGatewayRecord, place: Place): Shown {
  return {
    InternetGatewayId: gateway.InternetGatewayId,
    OwnerId: ownerOf(place),
    Attachments: gateway.attachedTo ? [{ VpcId: gateway.attachedTo, State: "available" }] : [],
    Tags: tagList(gateway.tags),
  };
}

export const internetGatewayHandlers = {
  CreateInternetGateway: createInternetGateway,
  AttachInternetGateway: attachInternetGateway,
  DetachInternetGateway: detachInternetGateway,
  DeleteInternetGateway: deleteInternetGateway,
  DescribeInternetGateways: describeInternetGateways,
};
