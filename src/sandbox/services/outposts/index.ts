import type { Service } from "../../service.ts";
import { outpostHandlers } from "./outposts.ts";

export const outpostsService: Service = { name: "outposts", handlers: outpostHandlers };
