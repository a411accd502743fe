import type * as Kms from "@aws-sdk/client-kms";
import type { Call } from "../service.ts";
import { keyNamed } from "../services/kms/lookup.ts";
import {
  arn,
  type Context,
  each,
  need,
  removedTags,
  type Requirement,
  requestTags,
  resourceTags,
  type Rows,
  type Tags,
} from "./requirement.ts";

interface OfKey {
  readonly KeyId?: string | undefined;
}

/** An action on a key: by whatever name it is called, policies name it by its ARN. */
function on(action: string, name: string | undefined = "", call: Call, ...contexts: readonly Context[]): Requirement {
  const key = keyNamed(call, name);
  const unknown = name.startsWith("arn:") ? name : arn(call, "kms", name.includes("/") ? name : `key/${name}`);
  return need(`kms:${action}`, key?.arn ?? unknown, resourceTags(key?.tags), ...contexts);
}

function tagsOf(list: readonly Kms.Tag[] = []): Tags {
  return Object.fromEntries(list.map(({ TagKey = "", TagValue = "" }) => [TagKey, TagValue]));
}

/** An alias is a resource of its own, beside its key. */
function onAlias(action: string, alias: string | undefined, call: Call): Requirement {
  return need(`kms:${action}`, arn(call, "kms", alias ?? ""));
}

export const kmsRows = {
  CreateKey: ({ Tags: tags }: Kms.CreateKeyRequest) => [
    need("kms:CreateKey", "*", requestTags(tagsOf(tags))),
    ...(tags?.length ? [need("kms:TagResource", "*", requestTags(tagsOf(tags)))] : []),
  ],
  ...each(["ListKeys", "ListAliases"], (operation) => () => [need(`kms:${operation}`)]),
  ...each(
    [
      "DescribeKey",
      "GetKeyPolicy",
      "PutKeyPolicy",
      "EnableKey",
      "DisableKey",
      "ScheduleKeyDeletion",
      "CancelKeyDeletion",
      "ListResourceTags",
      "CreateGrant",
      "ListGrants",
      "RevokeGrant",
    ],
    (operation) =>
      ({ KeyId }: OfKey, call: Call) => [on(operation, KeyId, call)],
  ),
  TagResource: ({ KeyId, Tags: tags }: Kms.TagResourceRequest, call: Call) => [
    on("TagResource", KeyId, call, requestTags(tagsOf(tags))),
  ],
  UntagResource: ({ KeyId, TagKeys }: Kms.UntagResourceRequest, call: Call) => [
    on("UntagResource", KeyId, call, removedTags(TagKeys)),
  ],
  CreateAlias: ({ AliasName, TargetKeyId }: Kms.CreateAliasRequest, call: Call) => [
    onAlias("CreateAlias", AliasName, call),
    on("CreateAlias", TargetKeyId, call),
  ],
  DeleteAlias: ({ AliasName }: Kms.DeleteAliasRequest, call: Call) => [
    onAlias("DeleteAlias", AliasName, call),
    on("DeleteAlias", AliasName, call),
  ],
} satisfies Rows;
