import type {
  AttachVpnGatewayRequest,
  AttachVpnGatewayResult,
  CreateVpnGatewayRequest,
  CreateVpnGatewayResult,
  DeleteVpnGatewayRequest,
  DescribeVpnGatewaysRequest,
  DescribeVpnGatewaysResult,
  DetachVpnGatewayRequest,
  VpnGateway,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import { required, takeOnly } from "./errors.ts";
import { vpcFamily, vpnGatewayFamily } from "./families.ts";
import { find, select } from "./family.ts";
import { ec2Of, recorded, type Place } from "./place.ts";
import { checkQuota } from "./quotas.ts";
import type { VpnGatewayAttachmentRecord, VpnGatewayRecord } from "./state.ts";
import { tagList, tagsOnCreate } from "./tag-specifications.ts";

const defaultAsn = 64512;

function createVpnGateway(input: CreateVpnGatewayRequest, call: Call): CreateVpnGatewayResult {
  takeOnly("CreateVpnGateway", input, ["Type", "AmazonSideAsn", "TagSpecifications"]);
  required(input.Type, "type");
  const { vpnGateways } = ec2Of(call);
  const tags = tagsOnCreate(input.TagSpecifications, "vpn-gateway");
  checkQuota(call, "vpnGateways", Object.values(vpnGateways).filter(isLive).length);
  const gateway = newVpnGateway(call, call.world.id("vgw"), tags, input.AmazonSideAsn);
  vpnGateways[gateway.VpnGatewayId] = gateway;
  return { VpnGateway: view(gateway) };
}

export function newVpnGateway(
  place: Place,
  VpnGatewayId: string,
  tags: Record<string, string> = {},
  AmazonSideAsn = defaultAsn,
): VpnGatewayRecord {
  return { ...recorded(place, tags), VpnGatewayId, AmazonSideAsn, attachment: null, deletedAt: null };
}

/** A gateway has one VPC at most, and a VPC one gateway. Attaching what is attached changes nothing. */
function attachVpnGateway(input: AttachVpnGatewayRequest, call: Call): AttachVpnGatewayResult {
  const gateway = findLive(input.VpnGatewayId, call);
  const { VpcId: vpcId } = find(vpcFamily, call, required(input.VpcId, "vpcId"));
  const { attachment } = gateway;
  if (attachment && isHeld(attachment)) {
    if (attachment.VpcId !== vpcId) {
      throw new AwsError(
        "VpnGatewayAttachmentLimitExceeded",
        "The maximum number of virtual private gateway attachments has been reached.",
      );
    }
    if (attachment.State === "detaching") throw inTransition(gateway);
    return { VpcAttachment: attachmentView(attachment) };
  }
  if (Object.values(ec2Of(call).vpnGateways).some(({ attachment: one }) => one?.VpcId === vpcId && isHeld(one))) {
    throw new AwsError("InvalidVpcState", `VPC ${vpcId} is currently attached to the Virtual Private Gateway.`);
  }
  const { world } = call;
  gateway.attachment = {
    VpcId: vpcId,
    State: "attaching",
    next: { state: "attached", at: world.now() + world.duration("vpnGatewayAttach", vpcId) },
  };
  return { VpcAttachment: attachmentView(gateway.attachment) };
}

/** Routes to it lead nowhere from then on. */
function detachVpnGateway(input: DetachVpnGatewayRequest, call: Call): void {
  const gateway = findLive(input.VpnGatewayId, call);
  const vpcId = required(input.VpcId, "vpcId");
  const { attachment } = gateway;
  if (attachment?.VpcId !== vpcId || !isHeld(attachment)) {
    throw new AwsError(
      "InvalidVpnGatewayAttachment.NotFound",
      `The attachment with vpn gateway ID '${gateway.VpnGatewayId}' and vpc ID '${vpcId}' does not exist`,
    );
  }
  if (attachment.State === "attaching") throw inTransition(gateway);
  if (attachment.State === "detaching") return;
  const { world } = call;
  attachment.State = "detaching";
  attachment.next = { state: "detached", at: world.now() + world.duration("vpnGatewayDetach", vpcId) };
}

function inTransition({ VpnGatewayId, attachment }: VpnGatewayRecord): AwsError {
  return new AwsError("InvalidVpnGatewayState", `The vpnGateway '${VpnGatewayId}' is ${attachment?.State}`);
}

/** It stays while a VPC is attached. */
function deleteVpnGateway(input: DeleteVpnGatewayRequest, call: Call): void {
  const gateway = findLive(input.VpnGatewayId, call);
  if (gateway.attachment && isHeld(gateway.attachment)) {
    throw new AwsError("IncorrectState", `The vpnGateway '${gateway.VpnGatewayId}' is in use.`);
  }
  gateway.deletedAt = call.world.now();
}

/** EC2 has no pages of them. */
function describeVpnGateways(input: DescribeVpnGatewaysRequest, call: Call): DescribeVpnGatewaysResult {
  const query = { ids: ["vpnGatewayIds", input.VpnGatewayIds], filters: input.Filters } as const;
  return { VpnGateways: select(vpnGatewayFamily, call, query).map(view) };
}

function view(gateway: VpnGatewayRecord): VpnGateway {
  return {
    VpnGatewayId: gateway.VpnGatewayId,
    AmazonSideAsn: gateway.AmazonSideAsn,
    State: isLive(gateway) ? "available" : "deleted",
    Type: "ipsec.1",
    VpcAttachments: gateway.attachment ? [attachmentView(gateway.attachment)] : [],
    Tags: tagList(gateway.tags),
  };
}

function attachmentView({ VpcId, State }: VpnGatewayAttachmentRecord) {
  return { VpcId, State };
}

function findLive(id: string | undefined, call: Call): VpnGatewayRecord {
  const gateway = find(vpnGatewayFamily, call, required(id, "vpnGatewayId"));
  if (!isLive(gateway)) throw vpnGatewayFamily.notFound([gateway.VpnGatewayId]);
  return gateway;
}

function isLive({ deletedAt }: VpnGatewayRecord): boolean {
  return deletedAt === null;
}

/** Whether neither the gateway nor the VPC is free for another one. */
export function isHeld({ State }: VpnGatewayAttachmentRecord): boolean {
  return State !== "detached";
}

/** A detached attachment and a deleted gateway are shown for a while more. */
export function settleVpnGateways(place: Place): void {
  const { vpnGateways } = ec2Of(place);
  const { world } = place;
  for (const gateway of Object.values(vpnGateways)) {
    const { VpnGatewayId: id, deletedAt } = gateway;
    const lingering = world.duration("lingering", id);
    if (deletedAt !== null && deletedAt + lingering <= world.now()) delete vpnGateways[id];
    while (gateway.attachment?.next && gateway.attachment.next.at <= world.now()) {
      const { state, at } = gateway.attachment.next;
      if (state === "gone") {
        gateway.attachment = null;
        break;
      }
      gateway.attachment.State = state;
      gateway.attachment.next = state === "detached" ? { state: "gone", at: at + lingering } : null;
    }
  }
}

export const vpnGatewayHandlers = {
  CreateVpnGateway: createVpnGateway,
  DescribeVpnGateways: describeVpnGateways,
  AttachVpnGateway: attachVpnGateway,
  DetachVpnGateway: detachVpnGateway,
  DeleteVpnGateway: deleteVpnGateway,
};
