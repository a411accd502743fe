import type { UpdateClusterConfigRequest, UpdateClusterConfigResponse } from "@aws-sdk/client-eks";
import type { Call } from "../../service.ts";
import { askedBy } from "./asked.ts";
import { configKinds } from "./cluster-config-kinds.ts";
import { updateCluster } from "./cluster-update.ts";
import { encryptionHandlers } from "./encryption.ts";
import { invalidParameter, refuseUnsimulated } from "./errors.ts";
import { clusterOf } from "./lookup.ts";

function updateClusterConfig(input: UpdateClusterConfigRequest, call: Call): UpdateClusterConfigResponse {
  refuseUnsimulated(input.kubeControllerManagerConfig ?? {}, ["podGcControllerConfig"]);
  const cluster = clusterOf(call, input.name ?? "");
  return updateCluster(call, cluster, askedBy(input), () => {
    const about = { clusterName: cluster.name };
    const [kind, ...others] = configKinds.filter(({ asks }) => asks(input));
    if (!kind) throw invalidParameter("No changes needed: the request names nothing to update", about);
    if (others.length > 0) throw invalidParameter("Only one type of update can be allowed.", about);
    return { duration: "clusterConfigUpdate", ...kind.prepare(cluster, input, call) };
  });
}

export const clusterConfigHandlers = {
  UpdateClusterConfig: updateClusterConfig,
  ...encryptionHandlers,
};
