import {
  CreateLaunchTemplateCommand,
  CreatePlacementGroupCommand,
  DeletePlacementGroupCommand,
  DescribePlacementGroupsCommand,
  type RequestLaunchTemplateData,
} from "@aws-sdk/client-ec2";
import { CreateAutoScalingGroupCommand, DescribeScalingActivitiesCommand } from "@aws-sdk/client-auto-scaling";
import { describe, expect, it } from "vitest";
import { type Ground, ground, refused } from "../eks/account.ts";

const group = { GroupName: "near", Strategy: "cluster" } as const;

/** Has Auto Scaling launch one instance of a template. Resolves to the error that it met. */
async function launch(here: Ground, name: string, LaunchTemplateData: RequestLaunchTemplateData) {
  await here.ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: name,
      LaunchTemplateData: { ImageId: "ami-0123", ...LaunchTemplateData },
    }),
  );
  await here.autoscaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: name,
      LaunchTemplate: { LaunchTemplateName: name, Version: "1" },
      MinSize: 1,
      MaxSize: 1,
      VPCZoneIdentifier: here.subnetIds.join(","),
    }),
  );
  const { Activities = [] } = await here.autoscaling.send(
    new DescribeScalingActivitiesCommand({ AutoScalingGroupName: name }),
  );
  return Activities[0]?.StatusMessage ?? "";
}

const adapters = (...cards: readonly number[]): RequestLaunchTemplateData => ({
  NetworkInterfaces: cards.map((NetworkCardIndex) => ({
    DeviceIndex: NetworkCardIndex === 0 ? 0 : 1,
    NetworkCardIndex,
    InterfaceType: "efa",
  })),
});

describe("a placement group", () => {
  it("is there before its instances, and longer", async () => {
    const here = await ground();
    const { ec2, pass } = here;
    const Placement = { GroupName: "near" };
    expect(await launch(here, "early", { InstanceType: "c5n.18xlarge", Placement })).toMatch(/'near' is unknown/);
    await ec2.send(new CreatePlacementGroupCommand(group));
    await refused(
      ec2.send(new CreatePlacementGroupCommand(group)),
      "InvalidPlacementGroup.Duplicate",
      /already exists/,
    );
    await pass(60);
    const { PlacementGroups } = await ec2.send(new DescribePlacementGroupsCommand({ GroupNames: ["near"] }));
    expect(PlacementGroups).toMatchObject([
      { ...group, State: "available", GroupId: expect.stringMatching(/^pg-/) as string },
    ]);
    expect(await launch(here, "late", { InstanceType: "c5n.18xlarge", Placement })).toBe("");
    await refused(
      ec2.send(new DeletePlacementGroupCommand({ GroupName: "near" })),
      "InvalidPlacementGroup.InUse",
      /is in use/,
    );
    await refused(
      ec2.send(new DescribePlacementGroupsCommand({ GroupNames: ["far"] })),
      "InvalidPlacementGroup.Unknown",
      /'far' is unknown/,
    );
  });
});

describe("adapters", () => {
  it("adapters are for types that have them, one a network card", async () => {
    const here = await ground();
    expect(await launch(here, "none", { InstanceType: "m5.large", ...adapters(0) })).toMatch(
      /not supported on m5.large/,
    );
    expect(await launch(here, "many", { InstanceType: "c5n.18xlarge", ...adapters(0, 1) })).toMatch(
      /exceed the 1 network/,
    );
    expect(await launch(here, "twice", { InstanceType: "p4d.24xlarge", ...adapters(0, 1, 1) })).toMatch(/exceed the 4/);
    expect(await launch(here, "one", { InstanceType: "c5n.18xlarge", ...adapters(0) })).toBe("");
    expect(await launch(here, "four", { InstanceType: "p4d.24xlarge", ...adapters(0, 1, 2, 3) })).toBe("");
  });
});
