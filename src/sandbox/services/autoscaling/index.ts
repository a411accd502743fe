import type { Service } from "../../service.ts";
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
      for (const group of Object.values(autoscaling.groups)) settleGroup({ world, region }, group);
    }
  },
};
