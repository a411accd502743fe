import type { Service } from "../../service.ts";
import { parameterHandlers } from "./parameters.ts";
import { tagHandlers } from "./tags.ts";

/** The Parameter Store of Systems Manager. */
export const ssmService: Service = { name: "ssm", handlers: { ...parameterHandlers, ...tagHandlers } };
