import type { ClusterIssue, EncryptionConfig } from "@aws-sdk/client-eks";
import { AwsError } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import { encryptsData, endServiceGrant, grantToService, isGranted, keyNamed, keyOf, stateOf } from "../kms/internal.ts";
import type { KeyRecord } from "../kms/state.ts";
import { type About, invalidParameter, invalidRequest } from "./errors.ts";
import type { Place } from "./place.ts";
import type { ClusterRecord } from "./state.ts";

/**
 * The key that encrypts Kubernetes secrets. Throws InvalidParameterException unless it is a symmetric KMS key of this region that is
 * enabled, and InvalidRequestException where the caller may not make a grant on it (EKS user guide, "Encrypt Kubernetes secrets").
 */
export function secretsKey(call: Call, configs: readonly EncryptionConfig[] | undefined, about: About): KeyRecord {
  const [config, ...others] = configs ?? [];
  if (!config || others.length > 0) throw invalidParameter("encryptionConfig must have exactly one item", about);
  if (config.resources?.length !== 1 || config.resources[0] !== "secrets") {
    throw invalidParameter("Only secrets can be encrypted: encryptionConfig.resources must be [secrets]", about);
  }
  const keyArn = config.provider?.keyArn ?? "";
  const [, , service, keyRegion] = keyArn.split(":");
  if (service !== "kms" || keyRegion !== call.region) {
    throw invalidParameter(`Invalid keyArn in encryptionConfig: '${keyArn}' is no KMS key of ${call.region}`, about);
  }
  const key = describedKey(call, keyArn, about);
  if (!encryptsData(key))
    throw invalidParameter(`Invalid keyArn in encryptionConfig: ${key.arn} is not symmetric`, about);
  const state = stateOf(key);
  if (state !== "Enabled") {
    throw invalidParameter(`Invalid keyArn in encryptionConfig: ${key.arn} is in the state ${state}`, about);
  }
  checkGranting(call, key, about);
  return key;
}

/** EKS looks the key up as its caller. */
function describedKey(call: Call, keyArn: string, about: About): KeyRecord {
  try {
    return keyOf(call, keyArn, "kms:DescribeKey");
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalidParameter(`Invalid keyArn in encryptionConfig: ${error.message}`, about);
  }
}

/** Nobody makes grants on the keys of AWS. */
function checkGranting(call: Call, key: KeyRecord, about: About): void {
  try {
    keyOf(call, key.arn, "kms:CreateGrant");
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalidRequest("User not authorized to perform kms:CreateGrant operation", about);
  }
}

/** EKS makes itself a grant on the key, which ends with the cluster. */
export function useSecretsKey({ world, region }: Place, key: KeyRecord, cluster: Pick<ClusterRecord, "id">): void {
  grantToService(world, key, `eks.${region}.amazonaws.com`, grantName(cluster));
}

export function endSecretsKey(place: Place, cluster: ClusterRecord): void {
  const key = cluster.encryptionKeyArn === null ? undefined : keyNamed(place, cluster.encryptionKeyArn);
  if (key) endServiceGrant(key, grantName(cluster));
}

/** A cluster whose key cannot be used is not healthy; it is again when the key can be. */
export function secretsKeyIssues(place: Place, cluster: ClusterRecord): ClusterIssue[] {
  if (cluster.encryptionKeyArn === null) return [];
  const key = keyNamed(place, cluster.encryptionKeyArn);
  const issue = (code: NonNullable<ClusterIssue["code"]>, what: string): ClusterIssue[] => [
    {
      code,
      message: `The KMS key ${cluster.encryptionKeyArn} ${what}.`,
      resourceIds: [cluster.encryptionKeyArn ?? ""],
    },
  ];
  if (!key) return issue("KmsKeyNotFound", "could not be found");
  if (stateOf(key) === "PendingDeletion") return issue("KmsKeyMarkedForDeletion", "is marked for deletion");
  if (stateOf(key) === "Disabled") return issue("KmsKeyDisabled", "is disabled");
  return isGranted(key, grantName(cluster)) ? [] : issue("KmsGrantRevoked", "has no grant for the cluster any more");
}

function grantName({ id }: Pick<ClusterRecord, "id">): string {
  return `eks-cluster-${id}`;
}
