import type { World } from "../../world.ts";
import { serviceLinkedRoleArn } from "../iam/internal.ts";
import { endGrant, makeGrant } from "./grants.ts";
import { allowsRole } from "./key-policy.ts";
import { stateOf } from "./keys.ts";
import { isManagedByAws, keyNamed, keyOf } from "./lookup.ts";
import type { KeyRecord } from "./state.ts";

export { keyNamed, keyOf, stateOf };

/** Whether a key encrypts what it is given and gives it back, rather than signing or the like. */
export function encryptsData({ spec, usage }: KeyRecord): boolean {
  return spec === "SYMMETRIC_DEFAULT" && usage === "ENCRYPT_DECRYPT";
}

/**
 * A service's own grant on a key, for one thing of its. Throws DisabledException and KMSInvalidStateException.
 *
 * @param of what it is for: a name that no other grant has.
 */
export function grantToService(world: World, key: KeyRecord, service: string, of: string): void {
  const operations = ["Encrypt", "Decrypt", "DescribeKey"] as const;
  makeGrant(world, key, { grantee: service, operations: [...operations], issuer: key.arn, name: of });
}

export function isGranted({ grants }: KeyRecord, of: string): boolean {
  return grants.some(({ name }) => name === of);
}

/** The service has no use for the key any more. */
export function endServiceGrant(key: KeyRecord, of: string): void {
  for (const { id, name } of key.grants) if (name === of) endGrant(key, id);
}

/**
 * Whether Auto Scaling can launch instances with volumes under a key: it works by its service-linked role, which no policy of the
 * account's gives any right to a key (Auto Scaling user guide, "Required AWS KMS key policy for use with encrypted volumes").
 */
export function launchesWith(world: World, region: string, name: string): boolean {
  const place = { world, region };
  const key = keyNamed(place, name);
  if (!key || stateOf(key) !== "Enabled" || !encryptsData(key)) return false;
  const role = serviceLinkedRoleArn(world, "autoscaling.amazonaws.com");
  return isManagedByAws(place, key) || (allowsRole(key, role, "Decrypt") && allowsRole(key, role, "CreateGrant"));
}
