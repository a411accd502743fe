import type { Service } from "../../service.ts";
import { aliasHandlers } from "./aliases.ts";
import { grantHandlers } from "./grants.ts";
import { keyHandlers, settleKeys } from "./keys.ts";
import { tagHandlers } from "./tags.ts";

export const kmsService: Service = {
  name: "kms",
  handlers: { ...keyHandlers, ...aliasHandlers, ...grantHandlers, ...tagHandlers },
  settle(world) {
    for (const region of Object.keys(world.state.regions)) settleKeys({ world, region });
  },
};
