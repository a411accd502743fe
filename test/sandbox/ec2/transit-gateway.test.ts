import {
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateTransitGatewayVpcAttachmentCommand,
  DeleteSubnetCommand,
  DeleteTransitGatewayVpcAttachmentCommand,
  DescribeTransitGatewaysCommand,
  DescribeTransitGatewayVpcAttachmentsCommand,
} from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { durations } from "../../../src/sandbox/durations.ts";
import { account, makeSubnet, makeVpc, present, refused } from "./account.ts";

const TransitGatewayId = "tgw-0123456789abcdef0";

test("a VPC is attached to a transit gateway once, and routes to it when it is", async () => {
  const here = await account();
  const { ec2, pass } = here;
  const VpcId = await makeVpc(here);
  const SubnetId = await makeSubnet(here, VpcId);
  const attach = () =>
    ec2.send(new CreateTransitGatewayVpcAttachmentCommand({ TransitGatewayId, VpcId, SubnetIds: [SubnetId] }));
  await refused(attach(), "InvalidTransitGatewayID.NotFound");
  here.sandbox.residents({ transitGateways: [{ region: "us-west-2", id: TransitGatewayId }] });
  const Filters = [{ Name: "transit-gateway-id", Values: [TransitGatewayId, "tgw-0123456789abcdef1"] }];
  const { TransitGateways } = await ec2.send(new DescribeTransitGatewaysCommand({ Filters }));
  expect(TransitGateways).toEqual([{ TransitGatewayId, State: "available" }]);
  const id = present((await attach()).TransitGatewayVpcAttachment?.TransitGatewayAttachmentId);
  await refused(attach(), "DuplicateTransitGatewayAttachment");

  const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId }));
  const route = () =>
    ec2.send(
      new CreateRouteCommand({
        RouteTableId: RouteTable?.RouteTableId,
        DestinationCidrBlock: "10.80.0.0/16",
        TransitGatewayId,
      }),
    );
  await refused(route(), "InvalidTransitGatewayID.NotFound");
  await pass(durations.transitGatewayAttach);
  await route();

  await refused(ec2.send(new DeleteSubnetCommand({ SubnetId })), "DependencyViolation");
  await ec2.send(new DeleteTransitGatewayVpcAttachmentCommand({ TransitGatewayAttachmentId: id }));
  await pass(durations.transitGatewayDetach);
  const ids = { TransitGatewayAttachmentIds: [id] };
  const { TransitGatewayVpcAttachments } = await ec2.send(new DescribeTransitGatewayVpcAttachmentsCommand(ids));
  expect(TransitGatewayVpcAttachments?.[0]?.State).toBe("deleted");
  await ec2.send(new DeleteSubnetCommand({ SubnetId }));
});
