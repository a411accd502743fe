import {
  type AvailabilityZone,
  CreateSubnetCommand,
  DescribeAvailabilityZonesCommand,
  DescribeInstanceTypeOfferingsCommand,
} from "@aws-sdk/client-ec2";
import { describe, expect, test } from "vitest";
import { runInstances } from "../../../src/sandbox/services/ec2/internal.ts";
import { account, makeSubnet, makeVpc, refused } from "./account.ts";

const region = "us-west-2";

describe("Local Zones", () => {
  test("are named as far as the account has opted in to them, or all when they are asked for", async () => {
    const { ec2 } = await account();
    const Filters = [{ Name: "zone-type", Values: ["local-zone"] }];
    const seen = async (AllAvailabilityZones: boolean): Promise<readonly AvailabilityZone[]> => {
      const answer = await ec2.send(new DescribeAvailabilityZonesCommand({ Filters, AllAvailabilityZones }));
      return answer.AvailabilityZones ?? [];
    };
    expect((await seen(false)).map((zone) => zone.ZoneName)).toEqual([
      "us-west-2-lax-1a",
      "us-west-2-lax-1b",
      "us-west-2-las-1a",
    ]);
    const all = await seen(true);
    expect(all.find((zone) => zone.ZoneName === "us-west-2-lax-1b")).toMatchObject({
      ZoneId: "usw2-lax1-az2",
      GroupName: "us-west-2-lax-1",
      OptInStatus: "opted-in",
      ParentZoneName: "us-west-2a",
    });
    expect(all.find((zone) => zone.ZoneName === "us-west-2-den-1a")).toMatchObject({ OptInStatus: "not-opted-in" });
  });

  test("have subnets once the account has opted in", async () => {
    const here = await account();
    const VpcId = await makeVpc(here);
    await makeSubnet(here, VpcId, "10.0.0.0/24", "us-west-2-lax-1a");
    const closed = { VpcId, CidrBlock: "10.0.1.0/24", AvailabilityZone: "us-west-2-den-1a" };
    await refused(here.ec2.send(new CreateSubnetCommand(closed)), "InvalidParameterValue");
  });

  test("offer few instance types, and no gp3", async () => {
    const here = await account();
    const { world } = here.sandbox;
    const { InstanceTypeOfferings = [] } = await here.ec2.send(
      new DescribeInstanceTypeOfferingsCommand({
        LocationType: "availability-zone",
        Filters: [
          { Name: "location", Values: ["us-west-2-lax-1a"] },
          { Name: "instance-type", Values: ["t3.medium", "m6i.large"] },
        ],
      }),
    );
    expect(InstanceTypeOfferings.map((one) => one.InstanceType)).toEqual(["t3.medium"]);
    const subnetIds = [await makeSubnet(here, await makeVpc(here), "10.0.0.0/24", "us-west-2-lax-1a")];
    const wanted = { count: 1, subnetIds, groupIds: [], instanceType: "t3.medium" };
    expect(runInstances(world, region, { ...wanted, volumeTypes: ["gp2"] })).toHaveLength(1);
    expect(() => runInstances(world, region, { ...wanted, volumeTypes: ["gp3"] })).toThrow(/'gp3' volumes are not/);
    expect(() => runInstances(world, region, { ...wanted, instanceType: "m6i.large" })).toThrow(
      /not supported in your/,
    );
  });
});
