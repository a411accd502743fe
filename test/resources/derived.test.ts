import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createContext, type AwsContext } from "../../src/aws/context.ts";
import { absentAsNull } from "../../src/aws/errors.ts";
import type { AnyDerivedKind, Live } from "../../src/engine/kind.ts";
import { contextOf } from "../../src/operations/session.ts";
import { derivedKinds } from "../../src/resources/index.ts";
import { terminateInstances } from "../../src/sandbox/services/ec2/internal.ts";
import { type Account, failuresOf, openTestAccount } from "../support/account.ts";
import { busyCluster } from "../support/kubernetes.ts";

const region = "us-west-2";
const file = `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: ${region} }
managedNodeGroups: [{ name: web, desiredCapacity: 1 }]`;

/** Kinds whose things only show when the cluster is gone. */
const later = ["ec2.cluster-security-group", "logs.late-log-group"];

let account: Account;
let ctx: AwsContext;
beforeAll(async () => {
  account = await openTestAccount();
  expect(failuresOf(await account.create(file))).toEqual([]);
  const { world, clock } = account.sandbox;
  account.sandbox.scenario({ kubernetes: [{ ...busyCluster, secondaryInterfaces: true }] });
  const pass = async (seconds: number) => {
    await account.session(region).caller();
    await clock.sleep(seconds * 1000);
    await account.session(region).caller();
  };
  await pass(10);
  ctx = await contextOf(account.session(region), "demo");
  // The controllers stop, and the nodes of the nodegroup die: what they used becomes available.
  account.sandbox.scenario({});
  const nodes = Object.values(world.region(region).ec2.instances).filter(({ tags }) => "eks:nodegroup-name" in tags);
  terminateInstances(
    world,
    region,
    nodes.map(({ InstanceId }) => InstanceId),
  );
  await pass(60);
  await pass(60);
}, 60_000);
afterAll(() => account.close());

/** The same account, for another owner. */
function as(owner: Partial<AwsContext["owner"]>): AwsContext {
  return createContext({ ...ctx, owner: { ...ctx.owner, ...owner } });
}

async function gone(kind: AnyDerivedKind<AwsContext>, ref: string): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    if ((await kind.read(ref, ctx)) === null) return;
    await ctx.clock.sleep(5000);
  }
  throw new Error(`${kind.name} ${ref} does not go`);
}

/** As the engine does it: again while something else uses it. */
async function remove(kind: AnyDerivedKind<AwsContext>, live: Live<unknown>): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    const refused = await kind.delete(live, ctx).catch((error: unknown) => String(error));
    if (typeof refused !== "string") return gone(kind, live.ref);
    expect(await kind.holders?.(live, ctx), refused).not.toEqual([]);
    await ctx.clock.sleep(10_000);
  }
  throw new Error(`${kind.name} ${live.ref} cannot be deleted`);
}

describe.each(derivedKinds.filter(({ name }) => !later.includes(name)))("$name", (kind) => {
  let lives: readonly Live<unknown>[];

  it("is found, for its cluster in its region alone", async () => {
    lives = await kind.list(ctx);
    expect(lives).not.toEqual([]);
    for (const live of lives) {
      expect(live).toMatchObject({ id: "", owner: "derived" });
      expect(await kind.read(live.ref, ctx)).toEqual(live);
    }
    for (const other of [as({ cluster: "another" }), as({ region: "eu-west-1" })]) {
      expect(await kind.list(other)).toEqual([]);
      expect((await kind.read(lives[0]?.ref ?? "", other))?.owner).toBe("foreign");
    }
  });

  it("goes, and goes once more without harm", async () => {
    for (const live of lives) await remove(kind, live);
    expect(await kind.list(ctx)).toEqual([]);
    for (const live of lives) {
      await absentAsNull(() => kind.delete(live, ctx));
      expect(await kind.read(live.ref, ctx)).toBeNull();
    }
  });
});
