import type { Service } from "../../service.ts";

export const logsService: Service = { name: "logs", handlers: {} };
