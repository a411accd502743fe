import {
  AttachVpnGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateVpnGatewayCommand,
  DeleteRouteTableCommand,
  DeleteVpcCommand,
  DeleteVpnGatewayCommand,
  DescribeRouteTablesCommand,
  DescribeVpnGatewaysCommand,
  DetachVpnGatewayCommand,
} from "@aws-sdk/client-ec2";
import { describe, expect, test } from "vitest";
import { durations } from "../../../src/sandbox/durations.ts";
import { account, type Ec2Account, makeVpc, present, refused } from "./account.ts";

async function makeGateway({ ec2 }: Ec2Account): Promise<string> {
  const { VpnGateway } = await ec2.send(new CreateVpnGatewayCommand({ Type: "ipsec.1" }));
  return present(VpnGateway?.VpnGatewayId);
}

async function attachmentsOf({ ec2 }: Ec2Account, VpcId: string) {
  const Filters = [{ Name: "attachment.vpc-id", Values: [VpcId] }];
  const { VpnGateways = [] } = await ec2.send(new DescribeVpnGatewaysCommand({ Filters }));
  return VpnGateways.map(({ VpnGatewayId, VpcAttachments }) => [VpnGatewayId, VpcAttachments?.[0]?.State]);
}

describe("a virtual private gateway", () => {
  test("has one VPC, and a VPC one gateway", async () => {
    const here = await account();
    const { ec2, pass } = here;
    const [one, other] = [await makeVpc(here), await makeVpc(here)];
    const [first, second] = [await makeGateway(here), await makeGateway(here)];
    const attach = (VpnGatewayId: string, VpcId: string) =>
      ec2.send(new AttachVpnGatewayCommand({ VpnGatewayId, VpcId }));
    const detach = (VpnGatewayId: string, VpcId: string) =>
      ec2.send(new DetachVpnGatewayCommand({ VpnGatewayId, VpcId }));
    await refused(attach("vgw-0123456789abcdef0", one), "InvalidVpnGatewayID.NotFound");
    await refused(attach(first, "vpc-0123456789abcdef0"), "InvalidVpcID.NotFound");
    expect((await attach(first, one)).VpcAttachment).toEqual({ VpcId: one, State: "attaching" });
    await refused(detach(first, one), "InvalidVpnGatewayState");
    expect((await attach(first, one)).VpcAttachment?.State).toBe("attaching");
    await pass(durations.vpnGatewayAttach);
    expect(await attachmentsOf(here, one)).toEqual([[first, "attached"]]);
    await refused(attach(first, other), "VpnGatewayAttachmentLimitExceeded");
    await refused(attach(second, one), "InvalidVpcState", new RegExp(one));

    await refused(detach(second, one), "InvalidVpnGatewayAttachment.NotFound");
    await refused(ec2.send(new DeleteVpnGatewayCommand({ VpnGatewayId: first })), "IncorrectState");
    await detach(first, one);
    expect(await attachmentsOf(here, one)).toEqual([[first, "detaching"]]);
    await refused(attach(first, one), "InvalidVpnGatewayState");
    await refused(attach(second, one), "InvalidVpcState");
    await pass(durations.vpnGatewayDetach);
    expect(await attachmentsOf(here, one)).toEqual([[first, "detached"]]);
    await attach(second, one);
    await attach(first, other);
  });

  test("keeps its VPC from being deleted while it is attached", async () => {
    const here = await account();
    const { ec2, pass } = here;
    const VpcId = await makeVpc(here);
    const VpnGatewayId = await makeGateway(here);
    await ec2.send(new AttachVpnGatewayCommand({ VpnGatewayId, VpcId }));
    await refused(ec2.send(new DeleteVpcCommand({ VpcId })), "DependencyViolation");
    await pass(durations.vpnGatewayAttach);
    await ec2.send(new DetachVpnGatewayCommand({ VpnGatewayId, VpcId }));
    await refused(ec2.send(new DeleteVpcCommand({ VpcId })), "DependencyViolation");
    await pass(durations.vpnGatewayDetach);
    await ec2.send(new DeleteVpcCommand({ VpcId }));
  });

  test("is routed to when it is attached, and routes lead nowhere when it is not any more", async () => {
    const here = await account();
    const { ec2, pass } = here;
    const VpcId = await makeVpc(here);
    const VpnGatewayId = await makeGateway(here);
    const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId }));
    const RouteTableId = present(RouteTable?.RouteTableId);
    const route = (GatewayId: string) =>
      ec2.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: "10.80.0.0/16", GatewayId }));
    const routes = async () => {
      const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [RouteTableId] }));
      return RouteTables?.[0]?.Routes?.flatMap(({ GatewayId, State }) => (GatewayId === "local" ? [] : State));
    };
    await refused(route("vgw-0123456789abcdef0"), "InvalidGatewayID.NotFound");
    await ec2.send(new AttachVpnGatewayCommand({ VpnGatewayId, VpcId }));
    await refused(route(VpnGatewayId), "InvalidParameterValue", /belong to different networks/);
    await pass(durations.vpnGatewayAttach);
    await route(VpnGatewayId);
    expect(await routes()).toEqual(["active"]);
    await ec2.send(new DetachVpnGatewayCommand({ VpnGatewayId, VpcId }));
    expect(await routes()).toEqual(["blackhole"]);
    await ec2.send(new DeleteRouteTableCommand({ RouteTableId }));
  });

  test("is shown for a while after it was deleted, and counts no more", async () => {
    const here = await account();
    here.sandbox.scenario({ quotas: { vpnGateways: 1 } });
    const VpnGatewayId = await makeGateway(here);
    await refused(makeGateway(here), "VpnGatewayLimitExceeded");
    await here.pass(durations.ec2Propagation);
    const remove = () => here.ec2.send(new DeleteVpnGatewayCommand({ VpnGatewayId }));
    await remove();
    await refused(remove(), "InvalidVpnGatewayID.NotFound");
    const look = () => here.ec2.send(new DescribeVpnGatewaysCommand({ VpnGatewayIds: [VpnGatewayId] }));
    expect((await look()).VpnGateways).toMatchObject([{ State: "deleted" }]);
    await makeGateway(here);
    await here.pass(durations.lingering);
    await refused(look(), "InvalidVpnGatewayID.NotFound");
  });
});
