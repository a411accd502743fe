import type { Service } from "../../service.ts";

export const iamService: Service = { name: "iam", handlers: {} };
