import { DescribeLaunchTemplatesCommand, DescribeLaunchTemplateVersionsCommand } from "@aws-sdk/client-ec2";
import { expect, it } from "vitest";
import { closing, failuresOf, openTestAccount } from "../support/account.ts";
import { owned } from "../support/holdings.ts";

const file = (zones: string, ...nodeGroups: readonly string[]) => `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: us-west-2 }
availabilityZones: [us-west-2a, us-west-2b]
localZones: [${zones}]
nodeGroups: [${nodeGroups.join(", ")}]
`;
const near = (zone: string) => `{ name: near, instanceType: t3.medium, desiredCapacity: 1, localZones: [${zone}] }`;

it("nodes are in another Local Zone, and subnets that nobody needs go", { timeout: 60_000 }, async () => {
  const account = closing(await openTestAccount());
  const sent = (name: string) =>
    account.changes().filter(({ outcome, operation }) => outcome === "ok" && operation === name).length;
  expect(failuresOf(await account.create(file("us-west-2-lax-1a", near("us-west-2-lax-1a"))))).toEqual([]);
  account.changes();

  const both = file("us-west-2-lax-1a, us-west-2-las-1a", near("us-west-2-las-1a"));
  expect(failuresOf(await account.apply(both))).toEqual([]);
  expect(sent("CreateSubnet")).toBe(2);
  expect((await account.plan(both, true)).changes).toBe(false);

  const without = file("us-west-2-las-1a");
  expect(failuresOf(await account.apply(without, { prune: true }))).toEqual([]);
  expect(sent("DeleteSubnet")).toBe(2);

  // The blocks of a zone are kept for it.
  expect(failuresOf(await account.apply(file("us-west-2-las-1a, us-west-2-lax-1a")))).toEqual([]);
  expect(failuresOf(await account.delete("demo", "us-west-2"))).toEqual([]);
  await account.rest();
  expect(owned(account.sandbox)).toEqual([]);
});

it("a nodegroup that moves into a Local Zone gets disks that are there", { timeout: 60_000 }, async () => {
  const account = closing(await openTestAccount());
  const before = file("us-west-2-lax-1a", "{ name: near, instanceType: t3.medium, desiredCapacity: 1 }");
  expect(failuresOf(await account.create(before))).toEqual([]);
  const after = file("us-west-2-lax-1a", near("us-west-2-lax-1a"));
  expect(failuresOf(await account.apply(after))).toEqual([]);
  expect((await account.plan(after, true)).changes).toBe(false);
  const { clients } = account.session("us-west-2");
  const { LaunchTemplates = [] } = await clients.ec2.send(new DescribeLaunchTemplatesCommand({}));
  const { LaunchTemplateVersions = [] } = await clients.ec2.send(
    new DescribeLaunchTemplateVersionsCommand({
      LaunchTemplateId: LaunchTemplates[0]?.LaunchTemplateId,
      Versions: ["$Latest"],
    }),
  );
  const disk = LaunchTemplateVersions[0]?.LaunchTemplateData?.BlockDeviceMappings?.[0]?.Ebs;
  expect(disk).toMatchObject({ VolumeType: "gp2" });
  expect(disk).not.toHaveProperty("Iops");
});
