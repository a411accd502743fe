import type { AwsError } from "../aws-error.ts";
import type { Call } from "../service.ts";

/** Values of condition keys, by the key as AWS writes it; a list where the key is multivalued. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** One thing that AWS checks before it does what was asked. */
export interface Requirement {
  /** `ec2:CreateSubnet`. */
  readonly action: string;
  /** An ARN; `*` for an action that AWS knows no resources for. */
  readonly resource: string;
  /** Beside what is known of every request. */
  readonly context: Context;
  /** What an error calls the resource; absent: its ARN, and nothing for all. */
  readonly named?: string;
  /** How the service refuses, where it has words of its own for this; it may quote EC2's encoded message. */
  readonly refusal?: (encodedMessage: string) => AwsError;
}

/** What an operation takes of its caller, in the order in which AWS checks it. */
export type Row = (input: never, call: Call) => readonly Requirement[];
export type Rows = Readonly<Record<string, Row>>;
/** An operation's input in the SDK's shape: each row knows the type of its own. */
export type Input = Parameters<Row>[0];

/** One row for each of these operations. */
export function each<Name extends string, R extends Row>(
  operations: readonly Name[],
  row: (operation: Name) => R,
): Record<Name, R> {
  return Object.fromEntries(operations.map((operation) => [operation, row(operation)])) as Record<Name, R>;
}

export type Tags = Readonly<Record<string, string>>;

/** The requirement of an action on a resource; without one, on all. */
export function need(action: string, resource = "*", ...contexts: readonly Context[]): Requirement {
  return { action, resource, context: Object.assign({}, ...contexts) as Context };
}

/** `resource` is the last part of the ARN: `cluster/prod`. */
export function arn({ partition, region, account }: Call, service: string, resource: string): string {
  return `arn:${partition}:${service}:${region}:${account}:${resource}`;
}

/** `resource` is the last part of the ARN: `role/path/name`. */
export function iamArn({ partition, account }: Call, resource: string): string {
  return `arn:${partition}:iam::${account}:${resource}`;
}

/** What the request tags something with. */
export function requestTags(tags: Tags = {}): Context {
  const keys = Object.keys(tags);
  return keys.length === 0 ? {} : { ...tagKeys("aws:RequestTag", tags), "aws:TagKeys": keys };
}

/** Keys of tags that the request removes. */
export function removedTags(keys: readonly string[] = []): Context {
  return keys.length === 0 ? {} : { "aws:TagKeys": [...keys] };
}

/** What the resource is tagged with; `service` has a key of its own for it: `ec2`. */
export function resourceTags(tags: Tags = {}, service?: string): Context {
  const own = service === undefined ? {} : tagKeys(`${service}:ResourceTag`, tags);
  return { ...tagKeys("aws:ResourceTag", tags), ...own };
}

function tagKeys(prefix: string, tags: Tags): Context {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}/${key}`, value]));
}

/** Those members that are there, as values of condition keys. */
export function given(values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>): Context {
  const present = Object.entries(values).filter(([, value]) => value !== undefined && String(value) !== "");
  return Object.fromEntries(
    present.map(([key, value]) => [key, typeof value === "object" ? [...value] : String(value)]),
  );
}

/** Tags of requests that list them as `{ Key, Value }`. */
export function tagsIn(list: readonly { Key?: string | undefined; Value?: string | undefined }[] = []): Tags {
  return Object.fromEntries(list.map(({ Key = "", Value = "" }) => [Key, Value]));
}

/** Whoever gives a role to a service passes it; nothing where no role is given. */
export function passRole(role: string | undefined, service: string): Requirement[] {
  return role === undefined ? [] : [need("iam:PassRole", role, { "iam:PassedToService": service })];
}
