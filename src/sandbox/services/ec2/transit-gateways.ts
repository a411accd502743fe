import type {
  CreateTransitGatewayVpcAttachmentRequest,
  CreateTransitGatewayVpcAttachmentResult,
  DeleteTransitGatewayVpcAttachmentRequest,
  DeleteTransitGatewayVpcAttachmentResult,
  DescribeTransitGatewaysRequest,
  DescribeTransitGatewaysResult,
  DescribeTransitGatewayVpcAttachmentsRequest,
  DescribeTransitGatewayVpcAttachmentsResult,
  ModifyTransitGatewayVpcAttachmentRequest,
  ModifyTransitGatewayVpcAttachmentResult,
  TransitGatewayVpcAttachment,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import { invalidValue, notFound, required, takeOnly } from "./errors.ts";
import { subnetFamily, transitGatewayAttachmentFamily, vpcFamily } from "./families.ts";
import { find, selectPage } from "./family.ts";
import { applyFilters } from "./filters.ts";
import { makeNetworkInterface } from "./network-interfaces.ts";
import { pageOf } from "./pages.ts";
import { ec2Of, ownerOf, recorded, type Place } from "./place.ts";
import type { SubnetRecord, TransitGatewayAttachmentRecord } from "./state.ts";
import { tagList, tagsOnCreate } from "./tag-specifications.ts";

const transitGatewayNotFound = notFound("InvalidTransitGatewayID.NotFound", "transitGateway");

/** Those of the account, and those that are shared with it. */
function describeTransitGateways(input: DescribeTransitGatewaysRequest, call: Call): DescribeTransitGatewaysResult {
  takeOnly("DescribeTransitGateways", input, ["Filters", "MaxResults", "NextToken"]);
  const gateways = Object.keys(ec2Of(call).transitGateways);
  const found = applyFilters(
    gateways,
    input.Filters,
    { "transit-gateway-id": (id) => id, state: () => "available" },
    call,
  );
  const { items, ...rest } = pageOf(found, input);
  return { TransitGateways: items.map((TransitGatewayId) => ({ TransitGatewayId, State: "available" })), ...rest };
}

/** One attachment of a VPC, with an interface in one subnet a zone. */
function createAttachment(
  input: CreateTransitGatewayVpcAttachmentRequest,
  call: Call,
): CreateTransitGatewayVpcAttachmentResult {
  takeOnly("CreateTransitGatewayVpcAttachment", input, ["TransitGatewayId", "VpcId", "SubnetIds", "TagSpecifications"]);
  const { transitGateways, transitGatewayAttachments } = ec2Of(call);
  const gatewayId = required(input.TransitGatewayId, "transitGatewayId");
  if (!Object.hasOwn(transitGateways, gatewayId)) throw transitGatewayNotFound([gatewayId]);
  const { VpcId: vpcId } = find(vpcFamily, call, required(input.VpcId, "vpcId"));
  const subnets = required(input.SubnetIds, "subnetIds").map((id) => find(subnetFamily, call, id));
  checkSubnets(subnets, vpcId);
  const tags = tagsOnCreate(input.TagSpecifications, "transit-gateway-attachment");
  const there = Object.values(transitGatewayAttachments).find(
    (each) => each.VpcId === vpcId && each.TransitGatewayId === gatewayId && each.State !== "deleted",
  );
  if (there) {
    throw new AwsError(
      "DuplicateTransitGatewayAttachment",
      `${gatewayId} has non-deleted Transit Gateway Attachments with same VPC ID.`,
    );
  }
  const { world } = call;
  const id = world.id("tgw-attach");
  const made = subnets.map(({ SubnetId }) => makeAttachmentInterface(call, id, SubnetId));
  const attachment: TransitGatewayAttachmentRecord = {
    ...recorded(call, tags),
    TransitGatewayAttachmentId: id,
    TransitGatewayId: gatewayId,
    VpcId: vpcId,
    SubnetIds: subnets.map((subnet) => subnet.SubnetId),
    State: "pending",
    createdAt: world.now(),
    networkInterfaceIds: made,
    next: { state: "available", at: world.now() + world.duration("transitGatewayAttach", vpcId) },
  };
  transitGatewayAttachments[id] = attachment;
  return { TransitGatewayVpcAttachment: view(attachment, call) };
}

function checkSubnets(subnets: readonly SubnetRecord[], vpcId: string): void {
  const foreign = subnets.find((subnet) => subnet.VpcId !== vpcId);
  if (foreign) throw invalidValue(`Subnet ${foreign.SubnetId} does not belong to the VPC ${vpcId}`);
  if (new Set(subnets.map((subnet) => subnet.AvailabilityZone)).size < subnets.length) {
    throw new AwsError("DuplicateSubnetsInSameZone", "Duplicate Subnets for same AZ");
  }
}

function describeAttachments(
  input: DescribeTransitGatewayVpcAttachmentsRequest,
  call: Call,
): DescribeTransitGatewayVpcAttachmentsResult {
  const ids = input.TransitGatewayAttachmentIds;
  const query = { ids: ["transitGatewayAttachmentIds", ids], filters: input.Filters } as const;
  const { items, ...rest } = selectPage(transitGatewayAttachmentFamily, call, query, input);
  return { TransitGatewayVpcAttachments: items.map((each) => view(each, call)), ...rest };
}

function view(attachment: TransitGatewayAttachmentRecord, place: Place): TransitGatewayVpcAttachment {
  return {
    TransitGatewayAttachmentId: attachment.TransitGatewayAttachmentId,
    TransitGatewayId: attachment.TransitGatewayId,
    VpcId: attachment.VpcId,
    VpcOwnerId: ownerOf(place),
    State: attachment.State,
    SubnetIds: attachment.SubnetIds,
    CreationTime: new Date(attachment.createdAt),
    Tags: tagList(attachment.tags),
  };
}

/** One subnet a zone stays at least. */
function modifyAttachment(
  input: ModifyTransitGatewayVpcAttachmentRequest,
  call: Call,
): ModifyTransitGatewayVpcAttachmentResult {
  takeOnly("ModifyTransitGatewayVpcAttachment", input, [
    "TransitGatewayAttachmentId",
    "AddSubnetIds",
    "RemoveSubnetIds",
  ]);
  const id = required(input.TransitGatewayAttachmentId, "transitGatewayAttachmentId");
  const attachment = find(transitGatewayAttachmentFamily, call, id);
  if (attachment.State !== "available") throw new AwsError("IncorrectState", `${id} is in invalid state`);
  const { AddSubnetIds: come = [], RemoveSubnetIds: go = [] } = input;
  const { networkInterfaces } = ec2Of(call);
  const stay = attachment.SubnetIds.filter((each) => !go.includes(each));
  const subnets = [...stay, ...come].map((each) => find(subnetFamily, call, each));
  if (subnets.length === 0) throw invalidValue(`${id} must have a subnet`);
  checkSubnets(subnets, attachment.VpcId);
  const left = attachment.networkInterfaceIds.filter((each) => go.includes(networkInterfaces[each]?.SubnetId ?? ""));
  for (const each of left) delete networkInterfaces[each];
  attachment.networkInterfaceIds = [
    ...attachment.networkInterfaceIds.filter((each) => !left.includes(each)),
    ...come.map((each) => makeAttachmentInterface(call, id, each)),
  ];
  attachment.SubnetIds = subnets.map(({ SubnetId }) => SubnetId);
  attachment.State = "modifying";
  attachment.next = { state: "available", at: call.world.now() + call.world.duration("transitGatewayAttach", id) };
  return { TransitGatewayVpcAttachment: view(attachment, call) };
}

function makeAttachmentInterface(call: Call, attachmentId: string, subnetId: string): string {
  return makeNetworkInterface(call, {
    subnetId,
    description: `Network Interface for Transit Gateway Attachment ${attachmentId}`,
    type: "transit_gateway",
    requesterManaged: true,
  }).NetworkInterfaceId;
}

function deleteAttachment(
  input: DeleteTransitGatewayVpcAttachmentRequest,
  call: Call,
): DeleteTransitGatewayVpcAttachmentResult {
  const id = required(input.TransitGatewayAttachmentId, "transitGatewayAttachmentId");
  const attachment = find(transitGatewayAttachmentFamily, call, id);
  if (attachment.State === "deleted") throw transitGatewayAttachmentFamily.notFound([id]);
  if (attachment.State === "pending") {
    throw new AwsError("IncorrectState", `${id} is in invalid state`);
  }
  if (attachment.State === "available") {
    const { world } = call;
    attachment.State = "deleting";
    attachment.next = { state: "deleted", at: world.now() + world.duration("transitGatewayDetach", id) };
  }
  return { TransitGatewayVpcAttachment: view(attachment, call) };
}

/** A deleted attachment lets go of its interfaces, and is shown for a while more. */
export function settleTransitGatewayAttachments(place: Place): void {
  const { transitGatewayAttachments, networkInterfaces } = ec2Of(place);
  for (const attachment of Object.values(transitGatewayAttachments)) {
    while (attachment.next && attachment.next.at <= place.world.now()) {
      const { state, at } = attachment.next;
      attachment.next = null;
      if (state === "gone") {
        delete transitGatewayAttachments[attachment.TransitGatewayAttachmentId];
        break;
      }
      attachment.State = state;
      if (state !== "deleted") continue;
      for (const id of attachment.networkInterfaceIds) delete networkInterfaces[id];
      attachment.next = { state: "gone", at: at + place.world.duration("lingering", attachment.VpcId) };
    }
  }
}

export const transitGatewayHandlers = {
  DescribeTransitGateways: describeTransitGateways,
  CreateTransitGatewayVpcAttachment: createAttachment,
  DescribeTransitGatewayVpcAttachments: describeAttachments,
  ModifyTransitGatewayVpcAttachment: modifyAttachment,
  DeleteTransitGatewayVpcAttachment: deleteAttachment,
};
