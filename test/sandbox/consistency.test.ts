import {
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  DescribeSubnetsCommand,
  DescribeTagsCommand,
  DescribeVpcsCommand,
  type Tag,
} from "@aws-sdk/client-ec2";
import {
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  GetInstanceProfileCommand,
  GetRoleCommand,
  ListRolesCommand,
} from "@aws-sdk/client-iam";
import { afterEach, describe, expect, it } from "vitest";
import { drawnUpTo } from "../../src/sandbox/durations.ts";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { startTestSandbox } from "../support/sandbox.ts";
import { emptyWorldState, worldOver } from "../../src/sandbox/world-state.ts";
import { clientsOf, refusal } from "./clients.ts";
import { trustOf } from "./policies.ts";

const open: Sandbox[] = [];
afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close();
});

async function accountOf(seed?: number) {
  const sandbox = await startTestSandbox(seed === undefined ? {} : { seed });
  open.push(sandbox);
  return { ...clientsOf(sandbox), sandbox, pass: (seconds: number) => sandbox.clock.sleep(seconds * 1000) };
}
type Here = Awaited<ReturnType<typeof accountOf>>;

const tag = (name: string): Tag[] => [{ Key: "name", Value: name }];

async function makeVpc({ ec2 }: Here, name: string): Promise<string> {
  const TagSpecifications = [{ ResourceType: "vpc" as const, Tags: tag(name) }];
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16", TagSpecifications }));
  return Vpc?.VpcId ?? "";
}

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => "ok",
    ({ name }: Error) => name,
  );

/** Seconds after which each way of looking finds a new VPC. */
async function appearances(here: Here, name: string) {
  const { ec2, pass } = here;
  const VpcId = await makeVpc(here, name);
  const looks = {
    byId: async () => (await codeOf(ec2.send(new DescribeVpcsCommand({ VpcIds: [VpcId] })))) === "ok",
    byTag: async () => {
      const Filters = [{ Name: "tag:name", Values: [name] }];
      return (await ec2.send(new DescribeVpcsCommand({ Filters }))).Vpcs?.length === 1;
    },
    tags: async () => {
      const Filters = [{ Name: "resource-id", Values: [VpcId] }];
      return (await ec2.send(new DescribeTagsCommand({ Filters }))).Tags?.length === 1;
    },
    inUse: async () =>
      (await codeOf(ec2.send(new CreateTagsCommand({ Resources: [VpcId], Tags: tag(name) })))) === "ok",
  };
  const first: Record<string, number> = {};
  for (let second = 0; second <= 15; second++) {
    for (const [way, look] of Object.entries(looks)) if (await look()) first[way] ??= second;
    await pass(1);
  }
  return first as { byId: number; byTag: number; tags: number; inUse: number };
}

describe("with a seed, EC2", () => {
  it("shows what is new some seconds later, by its id before in lists", async () => {
    const seen = [];
    for (let seed = 1; seed <= 5; seed++) seen.push(await appearances(await accountOf(seed), `vpc-${seed}`));
    for (const { byId, byTag, tags, inUse } of seen) {
      expect(byId).toBeLessThanOrEqual(byTag);
      expect(tags).toBe(byTag);
      expect(byTag).toBeLessThanOrEqual(drawnUpTo.ec2Propagation ?? 0);
      expect(inUse).toBeLessThanOrEqual(drawnUpTo.ec2Usability ?? 0);
    }
    expect(new Set(seen.map(({ byId }) => byId)).size).toBeGreaterThan(2);
    expect(seen.some(({ byId, byTag }) => byId < byTag)).toBe(true);
  });

  it("does so alike in every run", async () => {
    expect(await appearances(await accountOf(3), "same")).toEqual(await appearances(await accountOf(3), "same"));
  });

  it("refuses what names something so new, with the code of what is not there", async () => {
    const here = await accountOf(1);
    const VpcId = await makeVpc(here, "new");
    const subnet = () => here.ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: "10.0.1.0/24" }));
    expect(await codeOf(subnet())).toBe("InvalidVpcID.NotFound");
    await here.pass(drawnUpTo.ec2Usability ?? 0);
    const { Subnet } = await subnet();
    const look = here.ec2.send(new DescribeSubnetsCommand({ SubnetIds: [Subnet?.SubnetId ?? ""] }));
    expect(await refusal(look)).toMatchObject({ name: "InvalidSubnetID.NotFound", status: 400 });
  });
});

describe("with a seed, IAM", () => {
  it("answers for a new role and instance profile some seconds later, and knows their names at once", async () => {
    const here = await accountOf(2);
    const { iam, pass } = here;
    const create = () =>
      iam.send(new CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument: trustOf("eks.amazonaws.com") }));
    await create();
    await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "p" }));
    const looks = () =>
      Promise.all([
        codeOf(iam.send(new GetRoleCommand({ RoleName: "r" }))),
        codeOf(iam.send(new GetInstanceProfileCommand({ InstanceProfileName: "p" }))),
        codeOf(iam.send(new DeleteRoleCommand({ RoleName: "r" }))),
      ]);
    expect(await looks()).toEqual(Array.from({ length: 3 }, () => "NoSuchEntityException"));
    expect((await iam.send(new ListRolesCommand({}))).Roles).toEqual([]);
    expect(await codeOf(create())).toBe("EntityAlreadyExistsException");
    await pass(drawnUpTo.iamVisibility ?? 0);
    expect(await looks()).toEqual(["ok", "ok", "ok"]);
  });

  it("tells other services within forty seconds", () => {
    const state = emptyWorldState();
    const seconds = Array.from({ length: 100 }, (_, seed) => {
      const world = worldOver(
        () => state,
        () => 0,
        seed,
      );
      return world.duration("iamPropagation", "r") / 1000;
    });
    expect(Math.max(...seconds)).toBeLessThanOrEqual(40);
    expect(Math.max(...seconds)).toBeGreaterThan(30);
    expect(Math.min(...seconds)).toBeLessThan(5);
  });
});

it("without a seed, everything is known after a moment that is always the same", async () => {
  expect(await appearances(await accountOf(), "plain")).toEqual({ byId: 1, byTag: 1, tags: 1, inUse: 0 });
});
