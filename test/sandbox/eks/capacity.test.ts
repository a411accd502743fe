import { CreateClusterCommand, type CreateNodegroupRequest, UpdateNodegroupConfigCommand } from "@aws-sdk/client-eks";
import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { describe, expect, test } from "vitest";
import { durations } from "../../../src/sandbox/durations.ts";
import {
  type Account,
  clusterForNodes,
  clusterRequest,
  createNodegroup,
  describeNodegroup,
  ground,
  refused,
} from "./account.ts";

async function instances({ ec2 }: Account) {
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({}));
  return (Reservations ?? []).flatMap((each) => each.Instances ?? []);
}

async function made(shortages: { instanceType?: string; zone?: string }[], changes: Partial<CreateNodegroupRequest>) {
  const here = await clusterForNodes();
  here.sandbox.scenario({ shortages });
  await createNodegroup(here, { instanceTypes: ["m5.large"], ...changes });
  await here.pass(durations.nodegroupCreate);
  return here;
}

describe("where EC2 has no room", () => {
  test("nothing is launched, and the nodegroup says why", async () => {
    const here = await made([{ instanceType: "m5.large" }], {});
    expect(await describeNodegroup(here)).toMatchObject({
      status: "CREATE_FAILED",
      health: {
        issues: [
          {
            code: "AsgInstanceLaunchFailures",
            message: expect.stringMatching(
              /^Could not launch On-Demand Instances\. InsufficientInstanceCapacity - We currently do not have sufficient m5\.large capacity in the Availability Zone you requested \(us-west-2a, us-west-2b\)/,
            ),
          },
        ],
      },
    });
  });

  test("other zones and other types of the nodegroup do as well", async () => {
    const elsewhere = await made([{ zone: "us-west-2a" }], {});
    expect(new Set((await instances(elsewhere)).map((each) => each.Placement?.AvailabilityZone))).toEqual(
      new Set(["us-west-2b"]),
    );
    const otherwise = await made([{ instanceType: "m5.large" }], {
      instanceTypes: ["m5.large", "m5a.large"],
      capacityType: "SPOT",
    });
    expect((await instances(otherwise)).map((each) => [each.InstanceType, each.InstanceLifecycle])).toEqual([
      ["m5a.large", "spot"],
      ["m5a.large", "spot"],
    ]);
  });

  test("a nodegroup that grows is degraded until there is room again", async () => {
    const here = await made([], {});
    const grow = async (desiredSize: number) => {
      const scalingConfig = { desiredSize, maxSize: 5 };
      const of = { clusterName: "c", nodegroupName: "ng" };
      await here.eks.send(new UpdateNodegroupConfigCommand({ ...of, scalingConfig }));
      await here.pass(durations.nodegroupConfigUpdate);
      return (await describeNodegroup(here)).status;
    };
    here.sandbox.scenario({ shortages: [{}] });
    expect(await grow(3)).toBe("DEGRADED");
    here.sandbox.scenario({});
    expect(await grow(4)).toBe("ACTIVE");
  });
});

test("a zone that a scenario closes hosts no control plane", async () => {
  const here = await ground();
  here.sandbox.scenario({ zonesWithoutControlPlane: ["us-west-2b", "usw2-az3"] });
  await refused(
    here.eks.send(new CreateClusterCommand(clusterRequest(here))),
    "UnsupportedAvailabilityZoneException",
    "because us-west-2b, the targeted availability zone, does not currently have sufficient capacity to support the " +
      "cluster. Retry and choose from these availability zones: us-west-2a, us-west-2d",
  );
});
