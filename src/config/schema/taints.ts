import * as z from "zod";
import { labelKey, labelValue } from "./values.ts";

export const taint = z.strictObject({
  key: labelKey().describe("Key of the taint."),
  value: labelValue().describe("Value of the taint. Default: empty.").exactOptional(),
  effect: z
    .enum(["NoSchedule", "PreferNoSchedule", "NoExecute"])
    .describe("What happens to pods that do not tolerate it."),
});
