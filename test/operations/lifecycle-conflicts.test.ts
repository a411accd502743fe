import { CreateLaunchTemplateCommand } from "@aws-sdk/client-ec2";
import { CreateClusterCommand, UntagResourceCommand } from "@aws-sdk/client-eks";
import { CreateRoleCommand } from "@aws-sdk/client-iam";
import { describe, expect, it } from "vitest";
import { RefusedError } from "../../src/errors.ts";
import { proposeApply } from "../../src/operations/cluster.ts";
import { type Account, closing, failuresOf, openTestAccount, parse } from "../support/account.ts";
import { contents } from "../support/holdings.ts";

const region = "us-west-2";
const file = `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: ${region} }
managedNodeGroups:
  - name: web
    iam: { instanceRoleName: nodes-of-demo }`;
const trust = (service: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }],
  });

/** Nothing may change from here on. */
async function untouched(account: Account, act: () => Promise<unknown>): Promise<void> {
  const there = contents(account.sandbox);
  account.changes();
  await act();
  expect(account.changes()).toEqual([]);
  expect(contents(account.sandbox)).toEqual(there);
}

async function makeCluster(account: Account): Promise<void> {
  const { eks, iam } = account.session(region).clients;
  const role = { RoleName: "theirs", AssumeRolePolicyDocument: trust("eks.amazonaws.com") };
  await iam.send(new CreateRoleCommand(role));
  expect(
    failuresOf(
      await account.create(file.replace("name: demo", "name: host").replace("nodes-of-demo", "nodes-of-host")),
    ),
  ).toEqual([]);
  const vpc = account.sandbox.world.state.regions[region]?.eks.clusters["host"]?.vpc;
  await eks.send(
    new CreateClusterCommand({
      name: "demo",
      roleArn: "arn:aws:iam::111122223333:role/theirs",
      resourcesVpcConfig: { subnetIds: vpc?.subnetIds },
    }),
  );
  await account.rest();
}

describe("what has our name and is not ours", () => {
  it("is refused with its ARN: a role", async () => {
    const account = closing(await openTestAccount());
    const { iam } = account.session(region).clients;
    const role = { RoleName: "nodes-of-demo", Path: "/theirs/", AssumeRolePolicyDocument: trust("ec2.amazonaws.com") };
    await iam.send(new CreateRoleCommand(role));
    await untouched(account, async () => {
      const { items, changes } = await account.plan(file);
      expect(changes).toBe(true);
      const conflicts = items.filter(({ verb }) => verb === "conflict");
      expect(conflicts.map(({ id }) => id)).toEqual(["role/nodegroup/web"]);
      expect(conflicts[0]?.reason).toContain("arn:aws:iam::111122223333:role/theirs/nodes-of-demo");
      await expect(account.create(file)).rejects.toThrow(RefusedError);
      await expect(account.create(file)).rejects.toThrow("arn:aws:iam::111122223333:role/theirs/nodes-of-demo");
    });
  });

  it("is refused with its id: a launch template", async () => {
    const account = closing(await openTestAccount());
    const { ec2 } = account.session(region).clients;
    const LaunchTemplateName = (await account.plan(file)).items.find(({ id }) => id === "launch-template/web")?.name;
    const template = { LaunchTemplateName, LaunchTemplateData: { InstanceType: "m5.large" as const } };
    const { LaunchTemplate } = await ec2.send(new CreateLaunchTemplateCommand(template));
    await account.rest();
    await untouched(account, async () => {
      await expect(account.create(file)).rejects.toThrow(`${LaunchTemplate?.LaunchTemplateId} exists and is not ours`);
    });
  });

  it("is refused: a cluster, which can only be compared with the file", async () => {
    const account = closing(await openTestAccount());
    await makeCluster(account);
    await untouched(account, async () => {
      await expect(account.create(file)).rejects.toThrow(/demo in us-west-2 was not made by ekstool/);
      await expect(account.delete("demo", region)).rejects.toThrow(/demo in us-west-2 was not made by ekstool/);
      const proposal = await account.plan(file.replace("web", "web\n    desiredCapacity: 3"));
      expect(proposal).toMatchObject({ owned: false, readOnly: true, changes: true });
      expect(proposal.items.find(({ id }) => id === "nodegroup/web")).toMatchObject({
        verb: "create",
        listedOnly: true,
      });
      await expect(proposal.run({ onFailure: "auto" })).rejects.toThrow(RefusedError);
    });
  });
});

describe("a cluster that has lost its tags", () => {
  it("is treated as somebody else's: refused, and nothing is made beside it", async () => {
    const account = closing(await openTestAccount());
    expect(failuresOf(await account.create(file))).toEqual([]);
    const { eks } = account.session(region).clients;
    const resourceArn = account.sandbox.world.state.regions[region]?.eks.clusters["demo"]?.arn;
    await eks.send(
      new UntagResourceCommand({
        resourceArn,
        tagKeys: ["ekstool.dev/cluster", "ekstool.dev/region", "ekstool.dev/id"],
      }),
    );
    await untouched(account, async () => {
      await expect(account.create(file)).rejects.toThrow(RefusedError);
      await expect(account.delete("demo", region)).rejects.toThrow(RefusedError);
      const config = parse(file);
      const proposal = await proposeApply(account.session(region), config, { prune: true });
      expect(proposal.readOnly).toBe(true);
    });
  });
});
