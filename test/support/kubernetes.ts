import type { WrittenScenario } from "../../src/sandbox/scenario.ts";
import { type Account, closing } from "./account.ts";

type Workload = NonNullable<WrittenScenario["kubernetes"]>[number];

/** A cluster in which all sorts of controllers are at work. */
export const busyCluster: Workload = {
  cluster: "demo",
  loadBalancers: [
    { name: "web", type: "classic" },
    { name: "api", type: "network" },
    { name: "shop", type: "application" },
  ],
  volumes: [{ name: "data", sizeGiB: 10 }],
  karpenterNodes: 1,
  secondaryInterfaces: true,
  lateLogs: 90,
};

const region = "us-west-2";

/** The file of a cluster `demo` that logs, with one nodegroup. */
export const loggingFile = (more = "") => `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: ${region} }
cloudWatch: { clusterLogging: { enableTypes: [api] } }
${more}
managedNodeGroups: [{ name: web, desiredCapacity: 2 }]`;

/** All that `base` holds, with what the controllers made of its cluster when there was time to make it. */
export async function busyAccount(base: Account, workload = busyCluster): Promise<Account> {
  const account = closing(await base.fork());
  account.sandbox.scenario({ kubernetes: [workload] });
  await settled(account);
  return account;
}

/** A request lets the controllers work; what they made shows a moment later. */
export async function settled(account: Account): Promise<void> {
  await account.session(region).caller();
  await account.sandbox.clock.sleep(10_000);
}
