import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Workload } from "../../src/sandbox/scenario.ts";
import { type Account, closing, failuresOf, openTestAccount } from "../support/account.ts";
import { contents } from "../support/holdings.ts";

const region = "us-west-2";
const file = `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: ${region} }
cloudWatch: { clusterLogging: { enableTypes: [api] } }
managedNodeGroups: [{ name: web, desiredCapacity: 2 }]`;

const everything: Partial<Workload> & { cluster: string } = {
  cluster: "demo",
  loadBalancers: [
    { name: "web", type: "classic", deletionProtection: false },
    { name: "api", type: "network", deletionProtection: false },
    { name: "shop", type: "application", deletionProtection: false },
  ],
  volumes: [{ name: "data", sizeGiB: 10 }],
  karpenterNodes: 2,
  secondaryInterfaces: true,
  lateLogs: 90,
};

let base: Account;
let nothing: unknown;
beforeAll(async () => {
  base = await openTestAccount();
  await base.rest();
  nothing = contents(base.sandbox);
  expect(failuresOf(await base.create(file))).toEqual([]);
}, 60_000);
afterAll(() => base.close());

describe("a cluster in which Kubernetes was at work", () => {
  it("goes with all that was made for it", async () => {
    const account = closing(await base.fork());
    account.sandbox.scenario({ kubernetes: [everything] });
    await account.rest();
    const deleted = await account.delete("demo", region, { volumes: "delete" });
    expect(failuresOf(deleted)).toEqual([]);
    console.log(JSON.stringify(deleted.output, null, 1));
    console.log(
      account.events
        .filter((e) => e.type === "step-finished")
        .map((e) => `${(e.at / 1000).toFixed(0)} ${e.step} ${e.seconds}`)
        .join("\n"),
    );
    await account.rest();
    expect(contents(account.sandbox)).toEqual(nothing);
  });
});
