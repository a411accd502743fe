import { z } from "zod";
import { InputError } from "../errors.ts";
import { AwsError } from "./aws-error.ts";
import { commonError } from "./wire/dialect.ts";
import type { Protocol } from "./wire/service-model.ts";

const effect = z.union([
  /**
   * throttle, expired, deny, timeout: answered with AWS's error of that kind, nothing is done.
   * reset: the connection is reset, nothing is done. stall: never answered. lost: done, but the connection is reset
   * instead of an answer.
   */
  z.enum(["throttle", "expired", "deny", "timeout", "reset", "stall", "lost"]),
  /** Answered with this error, nothing is done. */
  z.strictObject({
    error: z.strictObject({
      code: z.string().min(1),
      status: z.int().min(400).max(599).default(500),
      message: z.string().default("injected fault"),
    }),
  }),
  /** No connection is accepted for so many seconds of the account's time, starting with this one. */
  z.strictObject({ refused: z.strictObject({ seconds: z.number().positive() }) }),
  /** Done at once, answered so many wall-clock seconds later: the account's time stands still during a request. */
  z.strictObject({ latency: z.strictObject({ seconds: z.number().positive() }) }),
]);

const rule = z.strictObject({
  service: z.string().optional(),
  /** `CreateCluster`; `*` stands for any characters. */
  operation: z.string().optional(),
  /** What the input must contain, at any depth. */
  match: z.record(z.string(), z.unknown()).optional(),
  /**
   * Only requests with credentials (a key and its session token) that were first used so many seconds of the account's time
   * ago, or longer: with the effect `expired` they last that long.
   */
  credentialAge: z.number().positive().optional(),
  /** The first of the matching requests that is hit, 1-based. Default: the first. */
  nth: z.int().min(1).optional(),
  /** How many matching requests are hit. Default: one when `nth` is given, else all. */
  times: z.int().min(1).optional(),
  effect,
});

/** A rule as it is written. */
export type FaultRule = z.input<typeof rule>;
/** A rule that was checked. */
export type CheckedFaultRule = z.output<typeof rule>;
export type FaultEffect = CheckedFaultRule["effect"];

export const faultRules = z.array(rule);

/**
 * Checks fault rules that come from outside.
 *
 * @throws InputError that names every problem.
 */
export function parseFaultRules(data: unknown): CheckedFaultRule[] {
  const result = faultRules.safeParse(data);
  if (!result.success) throw new InputError(`invalid fault rules: ${z.prettifyError(result.error)}`);
  return result.data;
}

/** What rules are held against. */
export interface FaultSubject {
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
  /** Names the credentials and tells nothing of them. */
  readonly credentials: string;
  /** The account's time, milliseconds since the epoch. */
  readonly at: number;
}

interface Faults {
  /** The effect on this request; counts it for every rule that matches, the first one that hits decides. */
  effectOn(request: FaultSubject): FaultEffect | undefined;
}

export function faultsOf(rules: readonly CheckedFaultRule[]): Faults {
  const counted = rules.map((each) => ({ rule: each, seen: 0 }));
  const firstUses = new Map<string, number>();
  return {
    effectOn(request) {
      const { credentials, at } = request;
      const firstUse = firstUses.get(credentials) ?? at;
      firstUses.set(credentials, firstUse);
      let hit: FaultEffect | undefined;
      for (const each of counted) {
        if (!matches(each.rule, request, (at - firstUse) / 1000)) continue;
        each.seen++;
        const { nth, times = nth === undefined ? Number.POSITIVE_INFINITY : 1 } = each.rule;
        const first = nth ?? 1;
        if (each.seen >= first && each.seen < first + times) hit ??= each.rule.effect;
      }
      return hit;
    },
  };
}

/** The error that an effect answers with; undefined for effects on the connection. */
export function errorOf(
  effect: FaultEffect,
  protocol: Protocol,
  who: { readonly principal: string; readonly action: string },
): AwsError | undefined {
  if (typeof effect === "object")
    return "error" in effect ? new AwsError(effect.error.code, effect.error.message, effect.error) : undefined;
  switch (effect) {
    case "throttle":
      return commonError(protocol, "throttled", "Rate exceeded");
    case "expired":
      return commonError(protocol, "expiredCredentials", "The security token included in the request is expired");
    case "timeout":
      return new AwsError("RequestTimeout", "The request timed out.", { status: 408 });
    case "deny": {
      const message = `User: ${who.principal} is not authorized to perform: ${who.action} with an explicit deny in an identity-based policy`;
      return commonError(protocol, "accessDenied", message);
    }
    default:
      return undefined;
  }
}

/** The effect in one word, for the journal. */
export function faultName(effect: FaultEffect): string {
  return typeof effect === "string" ? effect : (Object.keys(effect)[0] ?? "");
}

/** @param age of the request's credentials, in seconds. */
function matches(rule: CheckedFaultRule, { service, operation, input }: FaultSubject, age: number): boolean {
  return (
    (rule.credentialAge === undefined || rule.credentialAge <= age) &&
    (rule.service === undefined || rule.service === service) &&
    (rule.operation === undefined || glob(rule.operation).test(operation)) &&
    (rule.match === undefined || contains(input, rule.match))
  );
}

function glob(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace(/[.+?^$(){}|[\]\\]/g, String.raw`\$&`).replaceAll("*", ".*")}$`);
}

/** Whether every part of `wanted` is in `value`; of a list, whether each wanted element is matched by some element. */
function contains(value: unknown, wanted: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null) return value === wanted;
  if (Array.isArray(wanted)) {
    return Array.isArray(value) && wanted.every((part) => value.some((element) => contains(element, part)));
  }
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(wanted).every(([key, part]) => contains((value as Record<string, unknown>)[key], part));
}
