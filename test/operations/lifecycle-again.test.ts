import { CreateNodegroupCommand, DeleteNodegroupCommand } from "@aws-sdk/client-eks";
import { describe, expect, it } from "vitest";
import { closing, example, failuresOf, openTestAccount, parse } from "../support/account.ts";
import { inventory } from "../support/campaign-inventory.ts";
import { contents } from "../support/holdings.ts";

describe("created, deleted, and created again", () => {
  // Names of one's own, roles of add-ons, logs: whatever outlives a cluster would be in the way of the next one.
  it.each(["node-security.yaml", "addons.yaml", "logging-encryption.yaml"])("%s", async (name) => {
    const account = closing(await openTestAccount());
    const text = example(name);
    const { metadata } = parse(text);
    await account.plan(text);
    const nothing = contents(account.sandbox);
    const states = [];
    for (const _ of ["first", "second"]) {
      expect(failuresOf(await account.create(text))).toEqual([]);
      await account.rest();
      const { state } = account.sandbox.world;
      const nodegroups = Object.values(state.regions[metadata.region]?.eks.clusters[metadata.name]?.nodegroups ?? {});
      expect(nodegroups.map(({ status }) => status)).toEqual(nodegroups.map(() => "ACTIVE"));
      expect(nodegroups.every(({ readySince }) => readySince !== null)).toBe(true);
      states.push(inventory(state));
      expect((await account.delete(metadata.name, metadata.region)).result).toMatchObject({
        outcome: "done",
        leftovers: [],
      });
      await account.rest();
      expect(contents(account.sandbox)).toEqual(nothing);
    }
    expect(states[1]).toEqual(states[0]);
  });
});

describe("a cluster with a nodegroup of somebody else", () => {
  it("is not begun to be deleted; without it the same command deletes it", async () => {
    const account = closing(await openTestAccount());
    const nothing = contents(account.sandbox);
    expect(failuresOf(await account.create(example("quickstart.yaml")))).toEqual([]);
    const { eks } = account.session("us-west-2").clients;
    const workers = account.sandbox.world.state.regions["us-west-2"]?.eks.clusters["quickstart"]?.nodegroups["workers"];
    const theirs = { clusterName: "quickstart", nodegroupName: "theirs" };
    await eks.send(new CreateNodegroupCommand({ ...theirs, nodeRole: workers?.nodeRole, subnets: workers?.subnets }));
    await account.rest();
    account.changes();

    await expect(account.delete("quickstart", "us-west-2")).rejects.toThrow(
      /nodegroups that ekstool did not make: theirs/,
    );
    expect(account.changes()).toEqual([]);

    await eks.send(new DeleteNodegroupCommand(theirs));
    await account.rest();
    expect((await account.delete("quickstart", "us-west-2")).result).toMatchObject({ outcome: "done", leftovers: [] });
    await account.rest();
    expect(contents(account.sandbox)).toEqual(nothing);
  });
});
