import { afterAll, describe, expect, it } from "vitest";
import { type Account, example, examples, failuresOf, openTestAccount, parse } from "../support/account.ts";
import { disturbed, undisturbed } from "../support/campaign.ts";
import { creation, plainFile, region } from "../support/campaign-journeys.ts";
import { product, sample } from "../support/campaign-points.ts";
import { contents } from "../support/holdings.ts";

const seeds = Array.from({ length: 20 }, (_, index) => index + 1);
const open: Account[] = [];
afterAll(() => Promise.all(open.map((account) => account.close())));

/** An account in which IAM and EC2 are consistent late, each time otherwise, and requests come too fast. */
async function lateAccount(seed: number): Promise<Account> {
  const account = await openTestAccount({ seed, throttle: true });
  open.push(account);
  return account;
}

describe("where AWS is consistent late", () => {
  it.each(sample(product(examples, seeds), 3))("%s lives and leaves nothing, with seed %i", async (name, seed) => {
    const account = await lateAccount(seed);
    const { metadata } = parse(example(name));
    // What the file takes as given is there from here on.
    await account.plan(example(name));
    const before = contents(account.sandbox);
    expect(failuresOf(await account.create(example(name)))).toEqual([]);
    expect((await account.plan(example(name))).changes).toBe(false);
    const { result } = await account.delete(metadata.name, metadata.region);
    expect(result).toMatchObject({ outcome: "done", leftovers: [] });
    await account.rest();
    expect(contents(account.sandbox)).toEqual(before);
  });

  const edits = { labels: "{ tier: api }", desiredCapacity: 3, volumeSize: 100 };
  it.each(sample(seeds, 1))("an edit arrives, with seed %i", async (seed) => {
    const account = await lateAccount(seed);
    expect(failuresOf(await account.create(plainFile()))).toEqual([]);
    expect(failuresOf(await account.apply(plainFile(edits)))).toEqual([]);
    expect((await account.plan(plainFile(edits))).changes).toBe(false);
  });
});

/** What has no name that could be looked up: only lists show it, and they lag. */
const nameless = [
  "CreateVpc",
  "CreateInternetGateway",
  "AllocateAddress",
  "CreateSubnet",
  "CreateRouteTable",
  "CreateNatGateway",
  "CreateSecurityGroup",
  "CreateLaunchTemplate",
];
const kills = product(nameless, seeds).map(([operation, seed]) => ({
  operation,
  seed,
  point: { service: "ec2", operation, nth: 1 },
}));

describe("what was made right before the tool was killed is seen in time", () => {
  it.each(sample(kills, 2))("by the next create: $operation, seed $seed", async ({ point, seed }) => {
    const journey = creation(await lateAccount(seed), plainFile());
    const { inventory } = await undisturbed(journey);
    const { inventory: found, first, idle } = await disturbed(journey, point, "killed after");
    expect({ found, first, idle }).toEqual({ found: inventory, first: "killed", idle: [] });
  });

  it.each(sample(kills, 2))("by a delete: $operation, seed $seed", async ({ point, seed }) => {
    const from = await lateAccount(seed);
    const journey = creation(from, plainFile());
    const left = await disturbed(journey, point, "killed after", (account) => account.delete("demo", region));
    expect(left.contents).toEqual(contents(from.sandbox));
  });
});
