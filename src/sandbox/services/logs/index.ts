import type { Service } from "../../service.ts";
import { logGroupHandlers } from "./log-groups.ts";

export const logsService: Service = { name: "logs", handlers: logGroupHandlers };
