import {
  AssociateRouteTableCommand,
  CreateSubnetCommand,
  DeleteSubnetCommand,
  DescribeRouteTablesCommand,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { clientsOf } from "../sandbox/clients.ts";
import { closing, failuresOf, openTestAccount } from "../support/account.ts";
import { owned } from "../support/holdings.ts";

const file = (groups: string) => `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: us-west-2 }
managedNodeGroups: [${groups}]`;

describe("a subnet that somebody else made in the cluster's own VPC", () => {
  it("is for the nodegroups that name it, and stays", async () => {
    const account = closing(await openTestAccount());
    expect(failuresOf(await account.create(file("")))).toEqual([]);
    const { ec2 } = clientsOf(account.sandbox);
    const { RouteTables = [] } = await ec2.send(
      new DescribeRouteTablesCommand({ Filters: [{ Name: "tag:ekstool.dev/id", Values: ["route-table/private/*"] }] }),
    );
    const [{ VpcId, RouteTableId } = {}] = RouteTables;
    const place = { VpcId, CidrBlock: "192.168.200.0/24", AvailabilityZone: "us-west-2a" };
    const { Subnet } = await ec2.send(new CreateSubnetCommand(place));
    const id = Subnet?.SubnetId ?? "";
    await account.rest();
    await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId: id }));
    await account.rest();
    account.changes();

    const named = file(`{ name: own, privateNetworking: true, desiredCapacity: 1, subnets: [${id}] }`);
    expect(failuresOf(await account.apply(named))).toEqual([]);
    const made = account.changes().find(({ operation }) => operation === "CreateNodegroup");
    expect(made?.input).toMatchObject({ subnets: [id] });
    expect((await account.plan(named, true)).changes).toBe(false);
    await expect(account.plan(file(`{ name: own, subnets: [${id}] }`))).rejects.toThrow(/is no public subnet/);
    await expect(account.plan(named.replace("name: demo", "name: other"))).rejects.toThrow(
      /the cluster gets a VPC of its own, and it is in vpc-/,
    );

    // It holds the VPC as long as it is there.
    await account.delete("demo", "us-west-2");
    expect(owned(account.sandbox).length).toBeGreaterThan(0);
    await ec2.send(new DeleteSubnetCommand({ SubnetId: id }));
    expect(failuresOf(await account.delete("demo", "us-west-2"))).toEqual([]);
    await account.rest();
    expect(owned(account.sandbox)).toEqual([]);
  });
});
