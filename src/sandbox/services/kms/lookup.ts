import { createHash } from "node:crypto";
import { AwsError } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import { identityOf } from "../iam/internal.ts";
import { notFound } from "./errors.ts";
import { allowing, allowsAccount, keyPolicy } from "./key-policy.ts";
import { accountOf, kmsArn, kmsOf, type Place } from "./place.ts";
import type { KeyRecord } from "./state.ts";

/** Services whose keys AWS makes in an account when they are first asked for. */
const withManagedKeys = ["ebs", "eks"];

/** The key that AWS has in this region for a service of its own. Nobody changes it, so it is not kept but made by its name. */
function managedKey(place: Place, service: string): KeyRecord {
  const digest = createHash("sha256").update(`${place.region}/aws/${service}`).digest("hex");
  const id = uuidOf(digest);
  const { partition, account } = place.world.state;
  const root = `arn:${partition}:iam::${account}:root`;
  return {
    id,
    arn: kmsArn(place, `key/${id}`),
    description: `Default key that protects my ${service.toUpperCase()} data when no other key is defined`,
    createdAt: Date.UTC(2020, 0, 1),
    spec: "SYMMETRIC_DEFAULT",
    usage: "ENCRYPT_DECRYPT",
    multiRegion: false,
    enabled: true,
    deletedAt: null,
    policy: keyPolicy([allowing([root], ["kms:Describe*", "kms:Get*", "kms:List*"], "Looking")]),
    grants: [],
    tags: {},
  };
}

/** The keys of AWS in this region, by their aliases. */
export function managedKeys(place: Place): readonly { readonly alias: string; readonly key: KeyRecord }[] {
  return withManagedKeys.map((service) => ({ alias: `alias/aws/${service}`, key: managedKey(place, service) }));
}

export function isManagedByAws(place: Place, { id }: KeyRecord): boolean {
  return managedKeys(place).some(({ key }) => key.id === id);
}

/** The first 32 hex digits, as identifiers of keys are written. */
export function uuidOf(hex: string): string {
  return [0, 8, 12, 16, 20].map((from, index, all) => hex.slice(from, all[index + 1] ?? 32)).join("-");
}

/** The key that an id, the ARN of a key, an alias or the ARN of an alias names; undefined: there is none of this region. */
export function keyNamed(place: Place, name: string): KeyRecord | undefined {
  const { keys, aliases } = kmsOf(place);
  const isArn = name.startsWith("arn:");
  const resource = isArn ? name.split(":").slice(5).join(":") : name;
  if (resource.startsWith("alias/")) {
    const ofAws = managedKeys(place).find(({ alias }) => alias === resource)?.key;
    if (ofAws) return ofAws;
    const arn = isArn ? name : kmsArn(place, resource);
    const alias = Object.hasOwn(aliases, arn) ? aliases[arn] : undefined;
    return alias && keys[alias.keyId];
  }
  const id = resource.replace(/^key\//, "");
  const key = Object.hasOwn(keys, id) ? keys[id] : managedKeys(place).find(({ key }) => key.id === id)?.key;
  const isMeant = isArn ? key?.arn === name : key && accountOf(key) === place.world.state.account;
  return isMeant ? key : undefined;
}

/**
 * The same, for a caller whom its policy leaves the action. Throws NotFoundException, also for an ARN of another region, and
 * AccessDeniedException for what another account does not let this one see: whether there is such a key is not said.
 */
export function keyOf(call: Call, name: string, action = `kms:${call.operation}`): KeyRecord {
  const { world, principal } = call;
  const [, , service, region = "", account = ""] = name.split(":");
  if (service !== undefined && (service !== "kms" || region !== call.region)) throw notFound(`Invalid arn ${region}`);
  const key = keyNamed(call, name);
  const isElsewhere = service !== undefined && account !== world.state.account;
  if (key && allowsAccount(key, identityOf(world, principal).arn, action)) return key;
  if (key === undefined && !isElsewhere) throw missing(call, name);
  throw denied(call, action, key?.arn ?? name, isElsewhere);
}

/** What the call names, to be changed: nobody changes the keys of others. */
export function ownKey(call: Call, name: string): KeyRecord {
  const key = keyOf(call, name);
  if (accountOf(key) === call.world.state.account) return key;
  throw denied(call, `kms:${call.operation}`, key.arn, true);
}

function denied({ principal }: Call, action: string, arn: string, isElsewhere: boolean): AwsError {
  const why = isElsewhere
    ? "the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access"
    : `no resource-based policy allows the ${action} action`;
  const message = `User: ${principal} is not authorized to perform: ${action} on resource: ${arn} because ${why}`;
  return new AwsError("AccessDeniedException", message);
}

function missing(place: Place, name: string): AwsError {
  const resource = name.startsWith("arn:") ? name.split(":").slice(5).join(":") : name;
  if (resource.startsWith("alias/")) return notFound(`Alias ${kmsArn(place, resource)} is not found.`);
  if (!/^(key\/)?(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.test(resource)) {
    return notFound(`Invalid keyId '${resource.replace(/^key\//, "")}'`);
  }
  return notFound(`Key '${kmsArn(place, `key/${resource.replace(/^key\//, "")}`)}' does not exist`);
}
