import type * as Kms from "@aws-sdk/client-kms";
import { AwsError, notSimulated } from "../../aws-error.ts";
import { paginate } from "../../paginate.ts";
import type { Call, Checked } from "../../service.ts";
import type { World } from "../../world.ts";
import { isUser, roleOfArn } from "../iam/internal.ts";
import { invalidArn, invalidState, notFound } from "./errors.ts";
import { keyOf } from "./lookup.ts";
import type { GrantRecord, KeyRecord } from "./state.ts";

const defaultPage = 10;

/** Throws DisabledException and KMSInvalidStateException for a key that cannot be used. */
export function makeGrant(
  world: World,
  key: KeyRecord,
  wanted: Pick<GrantRecord, "grantee" | "operations" | "issuer" | "name" | "retiring">,
): GrantRecord {
  if (key.deletedAt !== null) throw invalidState(`${key.arn} is pending deletion.`);
  if (!key.enabled) throw new AwsError("DisabledException", `${key.arn} is disabled.`);
  const grant = { ...wanted, id: world.hex(64), token: world.hex(64), createdAt: world.now() };
  key.grants.push(grant);
  return grant;
}

export function endGrant(key: KeyRecord, id: string): boolean {
  const left = key.grants.filter((grant) => grant.id !== id);
  const isThere = left.length < key.grants.length;
  key.grants = left;
  return isThere;
}

/** A user or a role; those of this account are there. */
function checkPrincipal(world: World, arn: string): void {
  const account = arn.split(":")[4];
  const isKnown = arn.endsWith(":root") || roleOfArn(world, arn) !== undefined || isUser(world, arn);
  if (account !== undefined && (account !== world.state.account || isKnown)) return;
  throw invalidArn(`ARN does not refer to a valid principal: ${arn}`);
}

function view(key: KeyRecord, grant: GrantRecord): Kms.GrantListEntry {
  return {
    KeyId: key.arn,
    GrantId: grant.id,
    Name: grant.name,
    CreationDate: new Date(grant.createdAt),
    GranteePrincipal: grant.grantee,
    RetiringPrincipal: grant.retiring,
    IssuingAccount: grant.issuer.replace(/:(iam|sts)::(\d+):.*$/, ":iam::$2:root"),
    Operations: [...grant.operations],
  };
}

export const grantHandlers = {
  CreateGrant(input: Checked<Kms.CreateGrantRequest>, call: Call): Kms.CreateGrantResponse {
    const { GranteePrincipal: grantee, RetiringPrincipal: retiring, Operations: operations, Name: name } = input;
    if (input.Constraints !== undefined) throw notSimulated("kms:CreateGrant with Constraints");
    if (grantee === undefined) throw notSimulated("kms:CreateGrant without GranteePrincipal");
    if (input.DryRun === true) throw notSimulated("kms:CreateGrant with DryRun");
    const key = keyOf(call, input.KeyId);
    for (const each of [grantee, retiring]) if (each !== undefined) checkPrincipal(call.world, each);
    const present = key.grants.find((each) => name !== undefined && each.name === name && each.grantee === grantee);
    const wanted = { grantee, operations: [...operations], issuer: call.principal };
    const optional = { ...(name === undefined ? {} : { name }), ...(retiring === undefined ? {} : { retiring }) };
    const { id, token } = present ?? makeGrant(call.world, key, { ...wanted, ...optional });
    return { GrantId: id, GrantToken: token };
  },

  ListGrants(input: Checked<Kms.ListGrantsRequest>, call: Call): Kms.ListGrantsResponse {
    const key = keyOf(call, input.KeyId);
    const found = key.grants.filter(
      ({ id, grantee }) => (input.GrantId ?? id) === id && (input.GranteePrincipal ?? grantee) === grantee,
    );
    const { items, next } = paginate(found, input.Marker, input.Limit, defaultPage, "InvalidMarkerException");
    return { Grants: items.map((grant) => view(key, grant)), Truncated: next !== undefined, NextMarker: next };
  },

  RevokeGrant(input: Checked<Kms.RevokeGrantRequest>, call: Call): void {
    const key = keyOf(call, input.KeyId);
    if (!endGrant(key, input.GrantId)) throw notFound(`Grant ID ${input.GrantId} not found`);
  },
};
