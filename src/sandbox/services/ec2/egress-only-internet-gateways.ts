import type {
  CreateEgressOnlyInternetGatewayRequest,
  CreateEgressOnlyInternetGatewayResult,
  DeleteEgressOnlyInternetGatewayRequest,
  DeleteEgressOnlyInternetGatewayResult,
  DescribeEgressOnlyInternetGatewaysRequest,
  DescribeEgressOnlyInternetGatewaysResult,
  EgressOnlyInternetGateway,
} from "@aws-sdk/client-ec2";
import type { Call } from "../../service.ts";
import { once } from "./client-tokens.ts";
import { required } from "./errors.ts";
import { egressOnlyInternetGatewayFamily, vpcFamily } from "./families.ts";
import { find, findAtOnce, selectPage } from "./family.ts";
import { ec2Of, recorded } from "./place.ts";
import type { EgressOnlyInternetGatewayRecord } from "./state.ts";
import { tagList, tagsOnCreate } from "./tag-specifications.ts";

function createGateway(
  input: CreateEgressOnlyInternetGatewayRequest,
  call: Call,
): CreateEgressOnlyInternetGatewayResult {
  const { VpcId } = find(vpcFamily, call, required(input.VpcId, "vpcId"));
  const tags = tagsOnCreate(input.TagSpecifications, "egress-only-internet-gateway");
  const id = once(call, "CreateEgressOnlyInternetGateway", input, () => {
    const gateway = { ...recorded(call, tags), EgressOnlyInternetGatewayId: call.world.id("eigw"), VpcId };
    ec2Of(call).egressOnlyInternetGateways[gateway.EgressOnlyInternetGatewayId] = gateway;
    return gateway.EgressOnlyInternetGatewayId;
  });
  return {
    EgressOnlyInternetGateway: view(findAtOnce(egressOnlyInternetGatewayFamily, call, id)),
    ...(input.ClientToken ? { ClientToken: input.ClientToken } : {}),
  };
}

function describeGateways(
  input: DescribeEgressOnlyInternetGatewaysRequest,
  call: Call,
): DescribeEgressOnlyInternetGatewaysResult {
  const ids = input.EgressOnlyInternetGatewayIds;
  const query = { ids: ["egressOnlyInternetGatewayIds", ids], filters: input.Filters } as const;
  const range = { least: 5, most: 255 };
  const { items, ...rest } = selectPage(egressOnlyInternetGatewayFamily, call, query, input, range);
  return { EgressOnlyInternetGateways: items.map(view), ...rest };
}

/** Its attachment is its life: there is none without a VPC. */
function view(gateway: EgressOnlyInternetGatewayRecord): EgressOnlyInternetGateway {
  return {
    EgressOnlyInternetGatewayId: gateway.EgressOnlyInternetGatewayId,
    Attachments: [{ VpcId: gateway.VpcId, State: "attached" }],
    Tags: tagList(gateway.tags),
  };
}

/** Routes to it lead nowhere from then on. */
function deleteGateway(
  input: DeleteEgressOnlyInternetGatewayRequest,
  call: Call,
): DeleteEgressOnlyInternetGatewayResult {
  const wanted = required(input.EgressOnlyInternetGatewayId, "egressOnlyInternetGatewayId");
  const { EgressOnlyInternetGatewayId: id } = find(egressOnlyInternetGatewayFamily, call, wanted);
  delete ec2Of(call).egressOnlyInternetGateways[id];
  return { ReturnCode: true };
}

export const egressOnlyInternetGatewayHandlers = {
  CreateEgressOnlyInternetGateway: createGateway,
  DescribeEgressOnlyInternetGateways: describeGateways,
  DeleteEgressOnlyInternetGateway: deleteGateway,
};
