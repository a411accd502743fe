import { expect, it } from "vitest";
import { example, openTestAccount } from "../support/account.ts";
import { inventory } from "../support/campaign-inventory.ts";

const text = example("node-security.yaml");

it("an inventory is the same for two accounts that differ in identifiers and times only", async () => {
  const [one, other] = [await openTestAccount(), await openTestAccount({ seed: 7 })];
  Object.assign(other.sandbox.world.state, { sequence: 1000 });
  for (const account of [one, other]) {
    await account.create(text);
    await account.rest();
  }
  const held = inventory(one.sandbox.world.state);
  expect(inventory(other.sandbox.world.state)).toEqual(held);
  expect(held["us-west-2 subnets"]).toHaveLength(6);
  // What the file itself names by id is the same in both.
  const named = text.match(/\b[a-z]+-0[0-9a-f]{16}\b/g) ?? [];
  const json = named.reduce((left, id) => left.replaceAll(id, ""), JSON.stringify(held));
  expect(json).not.toMatch(/-0[0-9a-f]{16}(?<!ami-.{17})/);

  const { ec2 } = other.sandbox.world.region("us-west-2");
  for (const [id, subnet] of Object.entries(ec2.subnets)) {
    ec2.subnets[id.replace("-0", "-0f").slice(0, -1)] = structuredClone(subnet);
    break;
  }
  expect(inventory(other.sandbox.world.state)).not.toEqual(held);
  await one.close();
  await other.close();
});
