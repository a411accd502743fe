import type { Service } from "../../service.ts";
import { worldAt } from "../../world-at.ts";
import { activityHandlers } from "./activities.ts";
import { attachmentHandlers } from "./attachments.ts";
import { groupHandlers } from "./groups.ts";
import { settleGroup } from "./instances.ts";
import { processHandlers } from "./processes.ts";
import { tagHandlers } from "./tags.ts";

export const autoScalingService: Service = {
  name: "autoscaling",
  handlers: { ...groupHandlers, ...processHandlers, ...attachmentHandlers, ...activityHandlers, ...tagHandlers },
  settle(world) {
    for (const [region, { autoscaling }] of Object.entries(world.state.regions)) {
      for (const group of Object.values(autoscaling.groups)) {
        // What was to be tried again in the meantime was tried then.
        const tried = group.retryAt > 0 && group.retryAt <= world.now() ? worldAt(world, group.retryAt) : world;
        settleGroup({ world: tried, region }, group);
      }
    }
  },
};
