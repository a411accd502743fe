import { CreateRouteCommand } from "@aws-sdk/client-ec2";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { elasticIp } from "../../src/resources/ec2/elastic-ip.ts";
import { internetGateway } from "../../src/resources/ec2/internet-gateway.ts";
import { natGateway } from "../../src/resources/ec2/nat-gateway.ts";
import { routeTable } from "../../src/resources/ec2/route-table.ts";
import { subnet } from "../../src/resources/ec2/subnet.ts";
import { vpcEndpoint } from "../../src/resources/ec2/vpc-endpoint.ts";
import { vpc } from "../../src/resources/ec2/vpc.ts";
import { bringIn, kept, make, openPlace, type Place, remove, wanting } from "./driver.ts";

const tags = { Name: "demo", team: "blue" };
const vpcWant = wanting("vpc", { cidr: "192.168.0.0/16", tags }, {});

let place: Place;
beforeEach(async () => {
  place = await openPlace();
});
afterEach(() => place.sandbox.close());

async function network() {
  const { ctx } = place;
  const theVpc = await make(vpc, vpcWant, ctx);
  const gateway = await make(internetGateway, wanting("internet-gateway", { tags }, { vpc: theVpc.attrs }), ctx);
  const spec = { cidr: "192.168.0.0/19", zone: "us-west-2a", public: true, tags };
  const theSubnet = await make(subnet, wanting("subnet/public/us-west-2a", spec, { vpc: theVpc.attrs }), ctx);
  return { vpc: theVpc, gateway, subnet: theSubnet };
}

describe("vpc", () => {
  it("is made with its ownership tags and gets DNS host names", async () => {
    const { ref } = await vpc.create(vpcWant, place.ctx);
    const { live, groups } = await bringIn(vpc, vpcWant, ref, place.ctx);
    expect(groups).toEqual(["dns"]);
    expect(live).toMatchObject({ id: "vpc", ref, owner: "us", phase: "ready" });
    expect(live.attrs).toMatchObject({ cidr: "192.168.0.0/16", dnsSupport: true, dnsHostnames: true });
    expect(live.attrs.tags).toMatchObject({
      ...tags,
      "ekstool.dev/cluster": "demo",
      "ekstool.dev/region": "us-west-2",
    });
    expect(place.changes()).toEqual(["CreateVpc", "ModifyVpcAttribute"]);
  });
});

describe("subnet", () => {
  it("sets what the creating call cannot", async () => {
    const theVpc = await make(vpc, vpcWant, place.ctx);
    const spec = {
      cidr: "192.168.32.0/19",
      zone: "us-west-2b",
      public: true,
      hostnameType: "resource-name",
      tags,
    } as const;
    const want = wanting("subnet/public/us-west-2b", spec, { vpc: theVpc.attrs });
    const { ref } = await subnet.create(want, place.ctx);
    const { live, groups } = await bringIn(subnet, want, ref, place.ctx);
    expect(groups).toEqual(["publicAddresses", "hostnameType"]);
    expect(live.attrs).toMatchObject({ mapPublicIp: true, hostnameType: "resource-name", zone: "us-west-2b" });
  });

  it("needs nothing more when it is private", async () => {
    const theVpc = await make(vpc, vpcWant, place.ctx);
    const spec = { cidr: "192.168.96.0/19", zone: "us-west-2a", public: false, tags };
    place.changes();
    await make(subnet, wanting("subnet/private/us-west-2a", spec, { vpc: theVpc.attrs }), place.ctx);
    expect(place.changes()).toEqual(["CreateSubnet"]);
  });
});

describe("internet gateway", () => {
  it("is attached, and detached before it is deleted", async () => {
    const { gateway, vpc: theVpc } = await network();
    expect(gateway.attrs.vpcId).toBe(theVpc.ref);
    place.changes();
    await remove(internetGateway, gateway.ref, place.ctx);
    expect(place.changes()).toEqual(["DetachInternetGateway", "DeleteInternetGateway"]);
  });

  it("is deleted also when somebody has detached it meanwhile", async () => {
    const { gateway } = await network();
    const { ctx } = place;
    await internetGateway.delete(gateway, ctx);
    const again = await internetGateway.create(wanting("internet-gateway", { tags }, { vpc: { id: "" } }), ctx);
    const stale = { ...gateway, ref: again.ref };
    await internetGateway.delete(stale, ctx);
    expect(await internetGateway.read(again.ref, ctx)).toBeNull();
  });
});

describe("NAT gateway", () => {
  it("goes through AWS's states and is absent while it lingers as deleted", async () => {
    const { subnet: theSubnet } = await network();
    const { ctx, sandbox } = place;
    const address = await make(elasticIp, wanting("elastic-ip/us-west-2a", { tags }, {}), ctx);
    const want = wanting("nat-gateway/us-west-2a", { tags }, { subnet: theSubnet.attrs, address: address.attrs });
    const { ref } = await natGateway.create(want, ctx);
    await sandbox.clock.sleep(5000);
    expect(await natGateway.read(ref, ctx)).toMatchObject({ phase: "pending", id: "nat-gateway/us-west-2a" });
    const { live, groups } = await bringIn(natGateway, want, ref, ctx);
    expect(groups).toEqual([]);
    expect(live.attrs).toMatchObject({ subnetId: theSubnet.ref, allocationId: address.ref });

    expect((await natGateway.create(want, ctx)).ref).toBe(ref);

    await natGateway.delete(live, ctx);
    expect(await natGateway.read(ref, ctx)).toMatchObject({ phase: "deleting" });
    await remove(natGateway, ref, ctx);
    expect(await natGateway.list(ctx)).toEqual([]);
    await remove(elasticIp, address.ref, ctx);
    expect(await elasticIp.list(ctx)).toEqual([]);
  });
});

async function publicTable() {
  const net = await network();
  const deps = {
    vpc: net.vpc.attrs,
    subnets: [net.subnet.attrs],
    ipv4: [net.gateway.attrs],
    ipv6: [],
  };
  const want = wanting("route-table/public", { tags }, deps);
  return { ...net, want, table: await make(routeTable, want, place.ctx) };
}

describe("route table", () => {
  it("gets its route and its subnets", async () => {
    const { gateway, subnet: theSubnet, table } = await publicTable();
    expect(table.attrs.routes).toEqual({ "192.168.0.0/16": "local", "0.0.0.0/0": gateway.ref });
    expect(Object.keys(table.attrs.associations)).toEqual([theSubnet.ref]);
  });

  it("leaves a default route alone that somebody else made", async () => {
    const { vpc: theVpc, gateway } = await network();
    const deps = { vpc: theVpc.attrs, subnets: [], ipv4: [], ipv6: [] };
    const want = wanting("route-table/private/us-west-2a", { tags }, deps);
    const table = await make(routeTable, want, place.ctx);
    const route = { RouteTableId: table.ref, DestinationCidrBlock: "0.0.0.0/0", GatewayId: gateway.ref };
    await place.ctx.clients.ec2.send(new CreateRouteCommand(route));
    const { live, groups } = await bringIn(routeTable, want, table.ref, place.ctx);
    expect(groups).toEqual([]);
    expect(kept(routeTable, "routes", want, live)).toEqual([`0.0.0.0/0 to ${gateway.ref}`]);
  });

  it("takes a subnet over from another table of ours, and not from a foreign one", async () => {
    const { want, table, subnet: theSubnet } = await publicTable();
    const { ctx } = place;
    const second = await make(routeTable, { ...want, id: "route-table/second", token: "second" }, ctx);
    expect(Object.keys(second.attrs.associations)).toEqual([theSubnet.ref]);
    expect((await routeTable.read(table.ref, ctx))?.attrs.associations).toEqual({});

    const stranger = place.elsewhere("us-west-2", "stranger");
    await expect(make(routeTable, { ...want, token: "third" }, stranger)).rejects.toThrow("not ours");
  });

  it("is deleted with its associations", async () => {
    const { table } = await publicTable();
    place.changes();
    await remove(routeTable, table.ref, place.ctx);
    expect(place.changes()).toEqual(["DisassociateRouteTable", "DeleteRouteTable"]);
  });
});

describe("VPC endpoint", () => {
  it("for S3 puts its route into tables, which stays out of what the tables show", async () => {
    const { ctx } = place;
    const { vpc: theVpc } = await network();
    const wantTable = (label: string) =>
      wanting(`route-table/${label}`, { tags }, { vpc: theVpc.attrs, subnets: [], ipv4: [], ipv6: [] });
    const [one, two] = [await make(routeTable, wantTable("one"), ctx), await make(routeTable, wantTable("two"), ctx)];
    const spec = { serviceName: "com.amazonaws.us-west-2.s3", type: "Gateway", tags } as const;
    const deps = { vpc: theVpc.attrs, subnets: [], securityGroups: [], routeTables: [one.attrs] };
    const made = await make(vpcEndpoint, wanting("vpc-endpoint/s3", spec, deps), ctx);
    expect(made.attrs).toMatchObject({ routeTableIds: [one.ref], subnetIds: [], securityGroupIds: [] });
    const table = await routeTable.read(one.ref, ctx);
    expect(Object.values(table?.attrs.routes ?? {}).toSorted()).toEqual(["local", made.ref]);
    expect(table && kept(routeTable, "routes", wantTable("one"), table)).toEqual([]);

    const moved = wanting("vpc-endpoint/s3", spec, { ...deps, routeTables: [two.attrs] });
    const { live, groups } = await bringIn(vpcEndpoint, moved, made.ref, ctx);
    expect(groups).toEqual(["placement"]);
    expect(live.attrs.routeTableIds).toEqual([two.ref]);
  });
});
