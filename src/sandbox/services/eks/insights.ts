import type { ListInsightsRequest, ListInsightsResponse } from "@aws-sdk/client-eks";
import type { Call } from "../../service.ts";
import { clusterOf } from "./lookup.ts";

/** In no cluster of the sandbox would an upgrade break something. */
function listInsights(input: ListInsightsRequest, call: Call): ListInsightsResponse {
  clusterOf(call, input.clusterName ?? "");
  return { insights: [] };
}

export const insightHandlers = { ListInsights: listInsights };
