import type { Service } from "../../service.ts";
import { ruleHandlers } from "./rules.ts";

export const eventsService: Service = { name: "events", handlers: ruleHandlers };
