import type { AssociateEncryptionConfigRequest, AssociateEncryptionConfigResponse } from "@aws-sdk/client-eks";
import type { Call } from "../../service.ts";
import { askedBy } from "./asked.ts";
import { updateCluster } from "./cluster-update.ts";
import { invalidParameter } from "./errors.ts";
import { clusterOf } from "./lookup.ts";
import { secretsKey, useSecretsKey } from "./secrets-key.ts";

function associateEncryptionConfig(
  input: AssociateEncryptionConfigRequest,
  call: Call,
): AssociateEncryptionConfigResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  return updateCluster(call, cluster, askedBy(input), () => {
    const about = { clusterName: cluster.name };
    if (cluster.encryptionKeyArn !== null) {
      throw invalidParameter("Encryption is already enabled for the cluster and cannot be changed", about);
    }
    const key = secretsKey(call, input.encryptionConfig, about);
    useSecretsKey(call, key, cluster);
    return {
      type: "AssociateEncryptionConfig",
      duration: "clusterEncryptionUpdate",
      params: { EncryptionConfig: input.encryptionConfig },
      change: { encryptionKeyArn: key.arn },
    };
  });
}

export const encryptionHandlers = { AssociateEncryptionConfig: associateEncryptionConfig };
