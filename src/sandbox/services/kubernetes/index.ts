import type { Service } from "../../service.ts";
import { launchAutoModeNodes } from "./auto-mode.ts";
import { clustersAtWork } from "./cluster.ts";
import { addSecondaryInterfaces, launchNodes } from "./karpenter.ts";
import { reconcile } from "./load-balancers.ts";
import { provision } from "./volumes.ts";

/**
 * No service of AWS: the controllers inside clusters, as a scenario has them. While a control plane is up they make what is
 * wanted, and make it again when somebody deletes it.
 */
export const controllers: Service = {
  name: "kubernetes",
  handlers: {},
  settle(world) {
    for (const wanted of world.state.scenario.kubernetes) {
      for (const cluster of clustersAtWork(world, wanted.cluster)) {
        for (const loadBalancer of wanted.loadBalancers) reconcile(cluster, loadBalancer);
        for (const volume of wanted.volumes) provision(cluster, volume);
        if (wanted.karpenterNodes > 0) launchNodes(cluster, wanted.karpenterNodes);
        if (wanted.autoModeNodes > 0) launchAutoModeNodes(cluster, wanted.autoModeNodes);
        if (wanted.secondaryInterfaces) addSecondaryInterfaces(cluster);
      }
    }
  },
};
