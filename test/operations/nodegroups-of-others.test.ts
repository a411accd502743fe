import { CreateNodegroupCommand, DeleteNodegroupCommand } from "@aws-sdk/client-eks";
import { expect, it } from "vitest";
import { RefusedError } from "../../src/errors.ts";
import { proposeDeleteNodegroups } from "../../src/operations/nodegroups.ts";
import { listNodegroups } from "../../src/operations/inventory.ts";
import { type Account, closing, failuresOf, openTestAccount } from "../support/account.ts";
import { owned } from "../support/holdings.ts";

const region = "us-west-2";
const file = `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: ${region} }
managedNodeGroups: [{ name: workers }]`;

const theirs = { clusterName: "demo", nodegroupName: "by-hand" };

/** Somebody else's nodegroup in our cluster. */
async function addNodegroup(account: Account): Promise<void> {
  const session = account.session(region);
  const [workers] = await listNodegroups(session, "demo");
  const nodes = { nodeRole: workers?.roleArn, subnets: [...(workers?.subnetIds ?? [])] };
  await session.clients.eks.send(new CreateNodegroupCommand({ ...theirs, ...nodes }));
}

it("stay, and a cluster that has them is not begun to be deleted", async () => {
  const account = closing(await openTestAccount());
  expect(failuresOf(await account.create(file))).toEqual([]);
  await addNodegroup(account);
  account.changes();

  await expect(account.delete("demo", region)).rejects.toThrow(RefusedError);
  await expect(account.delete("demo", region)).rejects.toThrow("nodegroups that ekstool did not make: by-hand");
  expect(account.changes()).toEqual([]);

  let offered: readonly (readonly string[])[] = [];
  const choose = (...names: readonly (readonly string[])[]) => {
    offered = names;
    return [];
  };
  await proposeDeleteNodegroups(account.session(region), "demo", choose);
  expect(offered).toEqual([["workers"], ["by-hand"]]);

  await account.rest();
  await account.session(region).clients.eks.send(new DeleteNodegroupCommand(theirs));
  expect(failuresOf(await account.delete("demo", region))).toEqual([]);
  await account.rest();
  expect(owned(account.sandbox, "demo", region)).toEqual([]);
});
