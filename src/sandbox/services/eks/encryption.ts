import type {
  AssociateEncryptionConfigRequest,
  AssociateEncryptionConfigResponse,
  EncryptionConfig,
} from "@aws-sdk/client-eks";
import type { Call } from "../../service.ts";
import { askedBy } from "./asked.ts";
import { updateCluster } from "./cluster-update.ts";
import { type About, invalidParameter } from "./errors.ts";
import { clusterOf } from "./lookup.ts";
import type { Place } from "./place.ts";

/** The key that encrypts Kubernetes secrets. Throws InvalidParameterException unless it is a KMS key of this region. */
export function encryptionKey(
  { region }: Place,
  configs: readonly EncryptionConfig[] | undefined,
  about: About,
): string {
  const [config, ...others] = configs ?? [];
  if (!config || others.length > 0) throw invalidParameter("encryptionConfig must have exactly one item", about);
  if (config.resources?.length !== 1 || config.resources[0] !== "secrets") {
    throw invalidParameter("Only secrets can be encrypted: encryptionConfig.resources must be [secrets]", about);
  }
  const keyArn = config.provider?.keyArn ?? "";
  const [, , service, keyRegion, , resource = ""] = keyArn.split(":");
  if (service !== "kms" || keyRegion !== region || !resource.startsWith("key/")) {
    throw invalidParameter(`Invalid keyArn in encryptionConfig: '${keyArn}' is no KMS key of ${region}`, about);
  }
  return keyArn;
}

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
    const encryptionKeyArn = encryptionKey(call, input.encryptionConfig, about);
    return {
      type: "AssociateEncryptionConfig",
      duration: "clusterEncryptionUpdate",
      params: { EncryptionConfig: input.encryptionConfig },
      change: { encryptionKeyArn },
    };
  });
}

export const encryptionHandlers = { AssociateEncryptionConfig: associateEncryptionConfig };
