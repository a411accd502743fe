import { afterAll, describe, expect, it } from "vitest";
import { examples } from "../support/account.ts";
import { closeKeptAccounts } from "./accounts.ts";
import { casesOf } from "./cases.ts";
import { drawFrom, drawn } from "./draw.ts";
import { judge } from "./judge.ts";

afterAll(closeKeptAccounts);

/** In these IAM and EC2 are consistent late, each time otherwise, and requests come too fast. */
const seeds = Array.from({ length: 20 }, (_, index) => index + 2);

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

/** So many of all pairs, drawn. */
function pairs(names: readonly string[], count: number): readonly (readonly [name: string, seed: number])[] {
  const all = names.flatMap((name) => seeds.map((seed) => [name, seed] as const));
  return drawn(all, drawFrom(1), (pair) => pair).slice(0, count);
}

const killed = (journey: string) => nameless.map((operation) => `${journey}/plain/killed after/ec2:${operation}#1`);
const lives = examples.map((file) => `create/example/${file.replace(".yaml", "")}/none/all`);

/** Milliseconds: each seed has accounts of its own. */
const timeout = 180_000;

describe("where AWS is consistent late", { timeout }, () => {
  it.each([
    ...pairs(lives, 2),
    ...pairs(["apply/plain [labels, size and volume]/none/all"], 1),
    // What was made right before the tool was killed is seen in time: by the next create, and by a delete.
    ...pairs(killed("create"), 1),
    ...pairs(killed("create, then delete"), 1),
  ])("%s converges, with seed %i", async (only, seed) => {
    let cases = 0;
    for await (const { name, trial, moment } of casesOf({ seed, shard: [1, 1], only })) {
      if (name !== only) continue;
      cases++;
      expect((await judge(trial, moment)).reasons).toEqual([]);
    }
    expect(cases).toBe(1);
  });
});
