import type * as Kms from "@aws-sdk/client-kms";
import { AwsError } from "../../aws-error.ts";
import { paginate } from "../../paginate.ts";
import type { Call, Checked } from "../../service.ts";
import { notFound } from "./errors.ts";
import { keyOf, managedKeys, ownKey } from "./lookup.ts";
import { kmsArn, kmsOf, type Place } from "./place.ts";
import type { AliasRecord } from "./state.ts";

const defaultPage = 10;

/** Throws AlreadyExistsException. */
export function makeAlias(place: Place, arn: string, keyId: string): void {
  const { aliases } = kmsOf(place);
  if (Object.hasOwn(aliases, arn)) {
    throw new AwsError("AlreadyExistsException", `An alias with the name ${arn} already exists`);
  }
  aliases[arn] = { name: arn.split(":").slice(5).join(":"), arn, keyId, createdAt: place.world.now() };
}

function view({ name, arn, keyId, createdAt }: AliasRecord): Kms.AliasListEntry {
  return { AliasName: name, AliasArn: arn, TargetKeyId: keyId, CreationDate: new Date(createdAt) };
}

function allAliases(call: Call): AliasRecord[] {
  const ofAws = managedKeys(call).map(({ alias: name, key: { id: keyId, createdAt } }) => ({
    name,
    arn: kmsArn(call, name),
    keyId,
    createdAt,
  }));
  return [...ofAws, ...Object.values(kmsOf(call).aliases).filter(({ arn, name }) => arn === kmsArn(call, name))];
}

export const aliasHandlers = {
  CreateAlias(input: Checked<Kms.CreateAliasRequest>, call: Call): void {
    const { AliasName: name } = input;
    if (!/^alias\/(?!aws\/)[\w/-]+$/.test(name)) {
      throw new AwsError(
        "InvalidAliasNameException",
        `${name} is no alias: it must begin with alias/, and not with alias/aws/, and consist of letters, digits, /, _ and -`,
      );
    }
    makeAlias(call, kmsArn(call, name), ownKey(call, input.TargetKeyId).id);
  },

  DeleteAlias({ AliasName: name }: Checked<Kms.DeleteAliasRequest>, call: Call): void {
    const { aliases } = kmsOf(call);
    const arn = kmsArn(call, name);
    if (!Object.hasOwn(aliases, arn)) throw notFound(`Alias ${arn} is not found.`);
    delete aliases[arn];
  },

  ListAliases(input: Kms.ListAliasesRequest, call: Call): Kms.ListAliasesResponse {
    const of = input.KeyId === undefined ? undefined : keyOf(call, input.KeyId).id;
    const found = allAliases(call).filter(({ keyId }) => of === undefined || keyId === of);
    const { items, next } = paginate(found, input.Marker, input.Limit, defaultPage, "InvalidMarkerException");
    return { Aliases: items.map(view), Truncated: next !== undefined, NextMarker: next };
  },
};
