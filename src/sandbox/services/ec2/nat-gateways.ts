import type {
  CreateNatGatewayRequest,
  CreateNatGatewayResult,
  DeleteNatGatewayRequest,
  DeleteNatGatewayResult,
  DescribeNatGatewaysRequest,
  DescribeNatGatewaysResult,
  NatGateway,
} from "@aws-sdk/client-ec2";
import { AwsError, notSimulated } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import { once } from "./client-tokens.ts";
import { required, takeOnly } from "./errors.ts";
import { addressFamily, natGatewayFamily, subnetFamily } from "./families.ts";
import { find, findAtOnce, selectPage } from "./family.ts";
import { makeNetworkInterface, natGatewayInterface } from "./network-interfaces.ts";
import { ec2Of, recorded, type Place } from "./place.ts";
import { checkQuota } from "./quotas.ts";
import type { NatGatewayRecord } from "./state.ts";
import { tagList, tagsOnCreate } from "./tag-specifications.ts";

function createNatGateway(input: CreateNatGatewayRequest, call: Call): CreateNatGatewayResult {
  takeOnly("CreateNatGateway", input, [
    "SubnetId",
    "AllocationId",
    "ClientToken",
    "ConnectivityType",
    "TagSpecifications",
  ]);
  if (input.ConnectivityType === "private") throw notSimulated("A private NAT gateway");
  const tags = tagsOnCreate(input.TagSpecifications, "natgateway");
  const id = once(call, "CreateNatGateway", input, () => makeNatGateway(input, tags, call));
  return {
    NatGateway: view(findAtOnce(natGatewayFamily, call, id)),
    ...(input.ClientToken ? { ClientToken: input.ClientToken } : {}),
  };
}

/** A fault that AWS finds only after it has answered, shown by a gateway in state `failed`. */
interface Fault {
  readonly code: string;
  readonly message: string;
}

/** What is wrong with the surroundings of a new gateway (EC2 API reference, NatGateway's FailureCode). */
function faultOf(place: Place, vpcId: string, allocationId: string): Fault | undefined {
  const { internetGateways, addresses } = ec2Of(place);
  if (!Object.values(internetGateways).some((gateway) => gateway.attachedTo === vpcId)) {
    return { code: "Gateway.NotAttached", message: `Network ${vpcId} has no Internet gateway attached` };
  }
  if (addresses[allocationId]?.association) {
    return {
      code: "Resource.AlreadyAssociated",
      message: `Elastic IP address [${allocationId}] is already associated`,
    };
  }
  return undefined;
}

function makeNatGateway(input: CreateNatGatewayRequest, tags: Record<string, string>, call: Call): string {
  const subnet = find(subnetFamily, call, required(input.SubnetId, "subnetId"));
  if (subnet.outpostArn !== undefined) {
    throw new AwsError("UnsupportedOperation", `NAT gateways are not supported on an Outpost: ${subnet.SubnetId}`);
  }
  const address = find(addressFamily, call, required(input.AllocationId, "allocationId"));
  const { natGateways, subnets } = ec2Of(call);
  const inZone = Object.values(natGateways).filter(
    (gateway) => isLive(gateway) && subnets[gateway.SubnetId]?.AvailabilityZone === subnet.AvailabilityZone,
  );
  checkQuota(call, "natGateways", inZone.length);
  const { world } = call;
  const id = world.id("nat");
  const fault = faultOf(call, subnet.VpcId, address.AllocationId);
  const used = makeNetworkInterface(call, {
    subnetId: subnet.SubnetId,
    description: `Interface for NAT Gateway ${id}`,
    type: natGatewayInterface,
    requesterManaged: true,
    publicIp: fault ? null : address.PublicIp,
    allocationId: fault ? null : address.AllocationId,
  });
  if (!fault) {
    address.association = { id: world.id("eipassoc"), networkInterfaceId: used.NetworkInterfaceId };
  }
  const now = world.now();
  natGateways[id] = {
    ...recorded(call, tags),
    NatGatewayId: id,
    VpcId: subnet.VpcId,
    SubnetId: subnet.SubnetId,
    State: "pending",
    ConnectivityType: "public",
    ...(fault ? { FailureCode: fault.code, FailureMessage: fault.message } : {}),
    allocationId: address.AllocationId,
    networkInterfaceId: used.NetworkInterfaceId,
    privateIp: used.PrivateIpAddress,
    publicIp: fault ? null : address.PublicIp,
    createdAt: now,
    deletedAt: null,
    next: {
      state: fault ? "failed" : "available",
      at: now + world.duration("natGatewayCreate", `${call.region}/${subnet.AvailabilityZone}`),
    },
  };
  return id;
}

/** Deleted and failed ones count no more, though they are still shown. */
function isLive(gateway: NatGatewayRecord): boolean {
  return gateway.State !== "deleted" && gateway.State !== "failed";
}

function deleteNatGateway(input: DeleteNatGatewayRequest, call: Call): DeleteNatGatewayResult {
  const gateway = find(natGatewayFamily, call, required(input.NatGatewayId, "natGatewayId"));
  const { NatGatewayId: id } = gateway;
  if (gateway.State === "deleted") throw natGatewayFamily.notFound([id]);
  if (gateway.State !== "deleting") {
    const now = call.world.now();
    gateway.State = "deleting";
    gateway.deletedAt = now;
    gateway.next = { state: "deleted", at: now + call.world.duration("natGatewayDelete", id) };
  }
  return { NatGatewayId: id };
}

/** Deleted and failed gateways let go of their interface and address, and are shown for about an hour more. */
export function settleNatGateways(place: Place): void {
  const { natGateways } = ec2Of(place);
  for (const gateway of Object.values(natGateways)) {
    while (gateway.next && gateway.next.at <= place.world.now()) {
      const { state, at } = gateway.next;
      gateway.next = null;
      if (state === "gone") {
        delete natGateways[gateway.NatGatewayId];
        break;
      }
      gateway.State = state;
      if (isLive(gateway)) continue;
      letGo(gateway, place);
      gateway.next = { state: "gone", at: at + place.world.duration("lingering", gateway.NatGatewayId) };
    }
  }
}

function letGo(gateway: NatGatewayRecord, place: Place): void {
  const { addresses, networkInterfaces } = ec2Of(place);
  delete networkInterfaces[gateway.networkInterfaceId];
  const address = gateway.allocationId === null ? undefined : addresses[gateway.allocationId];
  if (address?.association?.networkInterfaceId === gateway.networkInterfaceId) address.association = null;
}

function describeNatGateways(input: DescribeNatGatewaysRequest, call: Call): DescribeNatGatewaysResult {
  const query = { ids: ["natGatewayIds", input.NatGatewayIds], filters: input.Filter } as const;
  const { items, ...rest } = selectPage(natGatewayFamily, call, query, input);
  return { NatGateways: items.map(view), ...rest };
}

function view(gateway: NatGatewayRecord): NatGateway {
  return {
    NatGatewayId: gateway.NatGatewayId,
    VpcId: gateway.VpcId,
    SubnetId: gateway.SubnetId,
    State: gateway.State,
    ConnectivityType: gateway.ConnectivityType,
    CreateTime: new Date(gateway.createdAt),
    ...(gateway.deletedAt === null ? {} : { DeleteTime: new Date(gateway.deletedAt) }),
    ...(gateway.State === "failed" ? { FailureCode: gateway.FailureCode, FailureMessage: gateway.FailureMessage } : {}),
    NatGatewayAddresses: [
      {
        ...(gateway.allocationId === null ? {} : { AllocationId: gateway.allocationId }),
        ...(gateway.publicIp === null ? {} : { PublicIp: gateway.publicIp }),
        NetworkInterfaceId: gateway.networkInterfaceId,
        PrivateIp: gateway.privateIp,
        IsPrimary: true,
      },
    ],
    Tags: tagList(gateway.tags),
  };
}

export const natGatewayHandlers = {
  CreateNatGateway: createNatGateway,
  DescribeNatGateways: describeNatGateways,
  DeleteNatGateway: deleteNatGateway,
};
