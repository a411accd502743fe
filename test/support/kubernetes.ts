import type { WrittenScenario } from "../../src/sandbox/scenario.ts";

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
