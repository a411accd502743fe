import type { Service } from "../../service.ts";
import { queueHandlers } from "./queues.ts";

export const sqsService: Service = { name: "sqs", handlers: queueHandlers };
