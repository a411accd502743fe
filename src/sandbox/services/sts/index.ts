import type { Service } from "../../service.ts";

export const stsService: Service = { name: "sts", handlers: {} };
