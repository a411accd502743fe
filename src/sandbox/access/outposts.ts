import type { Call } from "../service.ts";
import { outpostOf } from "../services/outposts/outposts.ts";
import { arn, each, need, type Rows } from "./requirement.ts";

export const outpostsRows = {
  ...each(
    ["GetOutpost", "GetOutpostInstanceTypes"],
    (operation) =>
      ({ OutpostId = "" }: { readonly OutpostId?: string | undefined }, call: Call) => [
        need(
          `outposts:${operation}`,
          outpostOf(call.world, call.region, OutpostId)?.arn ?? arn(call, "outposts", `outpost/${OutpostId}`),
        ),
      ],
  ),
} satisfies Rows;
