import type * as Kms from "@aws-sdk/client-kms";
import { notSimulated } from "../../aws-error.ts";
import { paginate } from "../../paginate.ts";
import type { Call, Checked } from "../../service.ts";
import { identityOf } from "../iam/internal.ts";
import { invalid, invalidState, malformedPolicy } from "./errors.ts";
import { allowsAccount, checkPolicy, defaultPolicy } from "./key-policy.ts";
import { isManagedByAws, keyOf, ownKey, uuidOf } from "./lookup.ts";
import { accountOf, kmsArn, kmsOf, type Place } from "./place.ts";
import type { KeyRecord } from "./state.ts";
import { tagsIn } from "./tags.ts";

const day = 24 * 60 * 60 * 1000;
const defaultPage = 10;

/** What keys of a spec can be for (KMS API reference, CreateKey). */
const usages: readonly (readonly [spec: RegExp, usages: readonly Kms.KeyUsageType[]])[] = [
  [/^SYMMETRIC_DEFAULT$/, ["ENCRYPT_DECRYPT"]],
  [/^RSA_/, ["ENCRYPT_DECRYPT", "SIGN_VERIFY"]],
  [/^HMAC_/, ["GENERATE_VERIFY_MAC"]],
  [/^ECC_NIST_P/, ["SIGN_VERIFY", "KEY_AGREEMENT"]],
  [/^ECC_SECG_/, ["SIGN_VERIFY"]],
];

export function stateOf({ enabled, deletedAt }: KeyRecord): Kms.KeyState {
  if (deletedAt !== null) return "PendingDeletion";
  return enabled ? "Enabled" : "Disabled";
}

/** A key of one's own. */
export function makeKey(
  place: Place,
  wanted: Omit<KeyRecord, "createdAt" | "enabled" | "deletedAt" | "grants">,
): KeyRecord {
  const key = { ...wanted, createdAt: place.world.now(), enabled: true, deletedAt: null, grants: [] };
  kmsOf(place).keys[key.id] = key;
  return key;
}

function metadataOf(place: Place, key: KeyRecord): Kms.KeyMetadata {
  const state = stateOf(key);
  return {
    AWSAccountId: accountOf(key),
    KeyId: key.id,
    Arn: key.arn,
    CreationDate: new Date(key.createdAt),
    Enabled: state === "Enabled",
    Description: key.description,
    KeyUsage: key.usage,
    KeyState: state,
    ...(key.deletedAt === null ? {} : { DeletionDate: new Date(key.deletedAt) }),
    Origin: "AWS_KMS",
    KeyManager: isManagedByAws(place, key) ? "AWS" : "CUSTOMER",
    CustomerMasterKeySpec: key.spec as Kms.CustomerMasterKeySpec,
    KeySpec: key.spec,
    ...(key.spec === "SYMMETRIC_DEFAULT" ? { EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"] } : {}),
    MultiRegion: key.multiRegion,
    ...(key.multiRegion
      ? {
          MultiRegionConfiguration: {
            MultiRegionKeyType: "PRIMARY",
            PrimaryKey: { Arn: key.arn, Region: place.region },
            ReplicaKeys: [],
          },
        }
      : {}),
  };
}

function refusePending(key: KeyRecord): KeyRecord {
  if (key.deletedAt !== null) throw invalidState(`${key.arn} is pending deletion.`);
  return key;
}

function specOf({ KeySpec, CustomerMasterKeySpec, KeyUsage }: Kms.CreateKeyRequest): Pick<KeyRecord, "spec" | "usage"> {
  const spec = KeySpec ?? CustomerMasterKeySpec ?? "SYMMETRIC_DEFAULT";
  const possible = usages.find(([pattern]) => pattern.test(spec))?.[1];
  if (!possible) throw notSimulated(`kms:CreateKey with KeySpec ${spec}`);
  const usage = KeyUsage ?? (spec === "SYMMETRIC_DEFAULT" ? "ENCRYPT_DECRYPT" : undefined);
  if (usage === undefined)
    throw invalid("You must specify a KeyUsage value for all KMS keys except for symmetric ones.");
  if (possible.includes(usage)) return { spec, usage };
  throw invalid(`KeyUsage ${usage} is not compatible with KeySpec ${spec}`);
}

/** Throws unless the policy is one, and its maker can still change it. */
function checkedPolicy(call: Call, policy: string): string {
  checkPolicy(call.world, policy);
  const mayChange = allowsAccount({ policy }, identityOf(call.world, call.principal).arn, "kms:PutKeyPolicy");
  if (mayChange) return policy;
  throw malformedPolicy("The new key policy will not allow you to update the key policy in the future.");
}

export const keyHandlers = {
  CreateKey(input: Kms.CreateKeyRequest, call: Call): Kms.CreateKeyResponse {
    const { Origin = "AWS_KMS", CustomKeyStoreId, XksKeyId, BypassPolicyLockoutSafetyCheck } = input;
    if (Origin !== "AWS_KMS") throw notSimulated(`kms:CreateKey with Origin ${Origin}`);
    if (CustomKeyStoreId !== undefined || XksKeyId !== undefined) throw notSimulated("a custom key store");
    if (BypassPolicyLockoutSafetyCheck === true) throw notSimulated("BypassPolicyLockoutSafetyCheck");
    const { partition, account } = call.world.state;
    const about = specOf(input);
    const hex = call.world.hex(32);
    const id = input.MultiRegion === true ? `mrk-${hex}` : uuidOf(hex);
    const key = makeKey(call, {
      ...about,
      id,
      arn: kmsArn(call, `key/${id}`),
      policy: input.Policy === undefined ? defaultPolicy(partition, account) : checkedPolicy(call, input.Policy),
      description: input.Description ?? "",
      multiRegion: input.MultiRegion ?? false,
      tags: tagsIn(input.Tags),
    });
    return { KeyMetadata: metadataOf(call, key) };
  },

  DescribeKey(input: Checked<Kms.DescribeKeyRequest>, call: Call): Kms.DescribeKeyResponse {
    return { KeyMetadata: metadataOf(call, keyOf(call, input.KeyId)) };
  },

  ListKeys(input: Kms.ListKeysRequest, call: Call): Kms.ListKeysResponse {
    const own = Object.values(kmsOf(call).keys).filter((key) => accountOf(key) === call.world.state.account);
    const { items, next } = paginate(own, input.Marker, input.Limit, defaultPage, "InvalidMarkerException");
    return {
      Keys: items.map(({ id, arn }) => ({ KeyId: id, KeyArn: arn })),
      Truncated: next !== undefined,
      NextMarker: next,
    };
  },

  GetKeyPolicy(input: Checked<Kms.GetKeyPolicyRequest>, call: Call): Kms.GetKeyPolicyResponse {
    return { Policy: keyOf(call, input.KeyId).policy, PolicyName: "default" };
  },

  PutKeyPolicy(input: Checked<Kms.PutKeyPolicyRequest>, call: Call): void {
    if (input.BypassPolicyLockoutSafetyCheck === true) throw notSimulated("BypassPolicyLockoutSafetyCheck");
    refusePending(ownKey(call, input.KeyId)).policy = checkedPolicy(call, input.Policy);
  },

  EnableKey(input: Checked<Kms.EnableKeyRequest>, call: Call): void {
    refusePending(ownKey(call, input.KeyId)).enabled = true;
  },

  DisableKey(input: Checked<Kms.DisableKeyRequest>, call: Call): void {
    refusePending(ownKey(call, input.KeyId)).enabled = false;
  },

  ScheduleKeyDeletion(input: Checked<Kms.ScheduleKeyDeletionRequest>, call: Call): Kms.ScheduleKeyDeletionResponse {
    const { PendingWindowInDays: days = 30 } = input;
    if (days < 7 || days > 30) throw invalid(`PendingWindowInDays must be between 7 and 30, not ${days}`);
    const key = refusePending(ownKey(call, input.KeyId));
    key.enabled = false;
    key.deletedAt = call.world.now() + days * day;
    return {
      KeyId: key.arn,
      DeletionDate: new Date(key.deletedAt),
      KeyState: stateOf(key),
      PendingWindowInDays: days,
    };
  },

  /** The key is disabled then. */
  CancelKeyDeletion(input: Checked<Kms.CancelKeyDeletionRequest>, call: Call): Kms.CancelKeyDeletionResponse {
    const key = ownKey(call, input.KeyId);
    if (key.deletedAt === null) throw invalidState(`${key.arn} is not pending deletion.`);
    key.deletedAt = null;
    return { KeyId: key.arn };
  },
};

/** Lets keys go whose time has come, with their aliases. */
export function settleKeys(place: Place): void {
  const { keys, aliases } = kmsOf(place);
  for (const { id, deletedAt } of Object.values(keys)) {
    if (deletedAt === null || deletedAt > place.world.now()) continue;
    delete keys[id];
    for (const { arn, keyId } of Object.values(aliases)) if (keyId === id) delete aliases[arn];
  }
}
