import type { Service } from "../../service.ts";
import { changeSetHandlers } from "./change-sets.ts";
import { stackResourceHandlers } from "./stack-resources.ts";
import { stackHandlers } from "./stacks.ts";
import { settle } from "./steps.ts";

export const cloudFormationService: Service = {
  name: "cloudformation",
  handlers: { ...stackHandlers, ...stackResourceHandlers, ...changeSetHandlers },
  settle,
};
