import {
  AttachVpnGatewayCommand,
  CreateVpcCommand,
  DescribeVpnGatewaysCommand,
  DetachVpnGatewayCommand,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { proposeCreate } from "../../src/operations/cluster.ts";
import type { JournalEntry } from "../../src/sandbox/index.ts";
import { type Account, closing, failuresOf, openTestAccount, parse } from "../support/account.ts";
import { contents } from "../support/holdings.ts";

const region = "us-west-2";
const vgw = "vgw-0123456789abcdef0";
const otherVgw = "vgw-0123456789abcdef1";
const tgw = "tgw-0123456789abcdef0";
const otherTgw = "tgw-0123456789abcdef1";

const file = (gateway?: string) => `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: ${region} }
availabilityZones: [us-west-2a, us-west-2b]
remoteNetworkConfig:
  ${gateway === undefined ? "" : `vpcGatewayID: ${gateway}`}
  remoteNodeNetworks: [{ cidrs: [10.80.0.0/16] }]
  remotePodNetworks: [{ cidrs: [10.85.0.0/16] }]
`;

const ec2Of = (account: Account) => account.session(region).clients.ec2;

const ofNetwork = /VpnGateway|TransitGateway|Route$|RouteTable$|^DeleteVpc$/;

/** What was done about gateways and routes, one after the other; the same several times in a row is one line. */
function steps(entries: readonly JournalEntry[]): readonly string[] {
  const lines = entries
    .filter(({ outcome, operation }) => outcome === "ok" && ofNetwork.test(operation))
    .map(({ operation, input }) => {
      const {
        GatewayId,
        TransitGatewayId = GatewayId,
        VpnGatewayId = TransitGatewayId,
      } = input as Record<string, string>;
      return VpnGatewayId === undefined ? operation : `${operation} ${VpnGatewayId}`;
    })
    .filter((line) => !line.startsWith("CreateRoute igw-"));
  return lines.filter((line, at) => line !== lines[at - 1]);
}

async function attachmentOf(account: Account, id = vgw): Promise<readonly unknown[]> {
  const { VpnGateways = [] } = await ec2Of(account).send(new DescribeVpnGatewaysCommand({ VpnGatewayIds: [id] }));
  return VpnGateways.flatMap(({ VpcAttachments = [], Tags }) => [VpcAttachments[0]?.State, Tags]);
}

const vpcsOf = ({ sandbox }: Account) => Object.keys(sandbox.world.region(region).ec2.vpcs);

/** Where the routes to hybrid nodes and their pods lead. */
function remoteRoutes({ sandbox }: Account): readonly string[] {
  const tables = Object.values(sandbox.world.region(region).ec2.routeTables);
  const routes = tables.flatMap((table) => table.routes.filter(({ destination }) => destination.startsWith("10.8")));
  return routes
    .map(({ destination, target }) => `${destination} ${target.GatewayId ?? target.TransitGatewayId}`)
    .sort();
}

const twice = (...routes: readonly string[]) => routes.flatMap((route) => [route, route]);

/** Brings a file in, with no differences left. */
async function apply(account: Account, gateway: string | undefined, prune = false): Promise<readonly string[]> {
  account.changes();
  expect(failuresOf(await account.apply(file(gateway), { prune }))).toEqual([]);
  const sent = steps(account.changes());
  expect((await account.plan(file(gateway), prune)).changes).toBe(false);
  return sent;
}

describe("a virtual private gateway", () => {
  it("is attached to the cluster's VPC before routes lead to it, let go after them, and never changed itself", async () => {
    const account = closing(await openTestAccount());
    account.sandbox.residents({ vpnGateways: [{ region, id: vgw }] });
    const before = contents(account.sandbox);
    expect(failuresOf(await account.create(file(vgw)))).toEqual([]);
    const made = steps(account.changes()).filter((line) => line.endsWith(vgw));
    expect(made).toEqual([`AttachVpnGateway ${vgw}`, `CreateRoute ${vgw}`]);
    expect(remoteRoutes(account)).toEqual(twice(`10.80.0.0/16 ${vgw}`, `10.85.0.0/16 ${vgw}`));
    expect((await account.plan(file(vgw), true)).changes).toBe(false);

    expect((await account.delete("demo", region)).result.outcome).toBe("done");
    const gone = steps(account.changes()).filter((line) => /VpnGateway|DeleteRouteTable|DeleteVpc/.test(line));
    expect(gone).toEqual(["DeleteRouteTable", `DetachVpnGateway ${vgw}`, "DeleteVpc"]);
    expect(await attachmentOf(account)).toEqual(["detached", []]);
    await account.rest();
    expect(contents(account.sandbox)).toEqual(before);
  });

  it("takes a transit gateway's place in a living cluster, another's, and gives it up again", async () => {
    const account = closing(await openTestAccount());
    expect(failuresOf(await account.create(file(tgw)))).toEqual([]);

    expect(await apply(account, vgw)).toEqual([`AttachVpnGateway ${vgw}`, `ReplaceRoute ${vgw}`]);
    expect(await apply(account, vgw, true)).toEqual(["DeleteTransitGatewayVpcAttachment"]);
    // A VPC has one at a time.
    expect(await apply(account, otherVgw)).toEqual([
      `DetachVpnGateway ${vgw}`,
      `AttachVpnGateway ${otherVgw}`,
      `ReplaceRoute ${otherVgw}`,
    ]);
    expect(remoteRoutes(account)).toEqual(twice(`10.80.0.0/16 ${otherVgw}`, `10.85.0.0/16 ${otherVgw}`));
    expect(await apply(account, tgw, true)).toEqual([
      `CreateTransitGatewayVpcAttachment ${tgw}`,
      `ReplaceRoute ${tgw}`,
      `DetachVpnGateway ${otherVgw}`,
    ]);
    // A VPC may have several: the new way is open before the old one is closed.
    expect(await apply(account, otherTgw)).toEqual([
      `CreateTransitGatewayVpcAttachment ${otherTgw}`,
      `ReplaceRoute ${otherTgw}`,
      "DeleteTransitGatewayVpcAttachment",
    ]);
    expect(await apply(account, undefined)).toEqual(["DeleteRoute"]);
    expect(await apply(account, vgw, true)).toEqual([
      `AttachVpnGateway ${vgw}`,
      `CreateRoute ${vgw}`,
      "DeleteTransitGatewayVpcAttachment",
    ]);
    expect(await apply(account, undefined, true)).toEqual(["DeleteRoute", `DetachVpnGateway ${vgw}`]);
    expect(remoteRoutes(account)).toEqual([]);
  });

  it("that has another VPC is a conflict which names that, and nothing is done", async () => {
    const account = closing(await openTestAccount());
    account.sandbox.residents({ vpnGateways: [{ region, id: vgw }] });
    const { Vpc } = await ec2Of(account).send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
    await ec2Of(account).send(new AttachVpnGatewayCommand({ VpnGatewayId: vgw, VpcId: Vpc?.VpcId ?? "" }));
    account.changes();
    const conflict = new RegExp(`virtual private gateway attachment .*${Vpc?.VpcId}.* is not ours`);
    await expect(account.create(file(vgw))).rejects.toThrow(conflict);
    expect(account.changes()).toEqual([]);

    expect(failuresOf(await account.create(file(otherVgw)))).toEqual([]);
    account.changes();
    await expect(account.apply(file(vgw))).rejects.toThrow(conflict);
    expect(account.changes()).toEqual([]);
  });

  it("that somebody else attached to the cluster's VPC is used and kept, and said to hold the VPC", async () => {
    const account = closing(await openTestAccount());
    expect(failuresOf(await account.create(file()))).toEqual([]);
    account.sandbox.residents({ vpnGateways: [{ region, id: vgw }] });
    const [VpcId = ""] = vpcsOf(account);
    await ec2Of(account).send(new AttachVpnGatewayCommand({ VpnGatewayId: vgw, VpcId }));
    expect(await apply(account, vgw)).toEqual([`CreateRoute ${vgw}`]);
    expect(await apply(account, undefined, true)).toEqual(["DeleteRoute"]);
    const refused = await account.plan(file(otherVgw));
    expect(refused.items.find(({ verb }) => verb === "refuse")?.reason).toMatch(
      /would have to be replaced, and is not ours/,
    );

    const { result } = await account.delete("demo", region);
    expect(result.leftovers).toMatchObject([
      { id: "vpc", because: expect.stringContaining(`virtual private gateway ${vgw}`) as string },
    ]);
    expect(await attachmentOf(account)).toEqual(["attached", []]);
    await ec2Of(account).send(new DetachVpnGatewayCommand({ VpnGatewayId: vgw, VpcId }));
    expect((await account.delete("demo", region)).result.outcome).toBe("done");
    expect(vpcsOf(account)).toEqual([]);
  });
});

it.each([
  [vgw, "virtual private gateway"],
  [tgw, "transit gateway"],
])("%s is looked for before anything is planned", async (id, title) => {
  const account = closing(await openTestAccount());
  const creating = proposeCreate(account.session(region), parse(file(id)));
  await expect(creating).rejects.toThrow(`there is no ${title} ${id}`);
  expect(account.changes()).toEqual([]);
});
