import { setImmediate as nextTurn } from "node:timers/promises";
import { type Clock, virtualClock } from "../../src/clock.ts";
import type { Condition } from "../../src/engine/context.ts";
import type {
  Aspect,
  Duration,
  Kind,
  KindName,
  Live,
  Lock,
  Operation,
  Ownership,
  Phase,
  Want,
} from "../../src/engine/kind.ts";

export class ToyError extends Error {
  readonly condition: Condition | undefined;
  constructor(message: string, condition?: Condition) {
    super(message);
    this.condition = condition;
  }
}

export type ToySpec = Readonly<Record<string, unknown>>;
interface ToyDep {
  readonly arn: string;
  readonly revision: number;
}
export type ToyDeps = Readonly<Record<string, ToyDep | readonly ToyDep[]>>;
interface ToyAttrs extends ToyDep {
  readonly name: string;
  readonly [key: string]: unknown;
}
export type ToyKind = Kind<ToySpec, ToyDeps, ToyAttrs, Cloud, string>;
export type ToyAspect = Aspect<ToySpec, ToyDeps, ToyAttrs, string>;

interface Thing {
  readonly ref: string;
  readonly kind: KindName;
  readonly uid?: string;
  id: string;
  owner: Ownership;
  /** Milliseconds since the epoch. */
  readyAt: number;
  visibleAt: number;
  goneAt?: number;
  /** Never comes up: from `readyAt` on. */
  failure?: string;
  /** AWS's word on what is not healthy. */
  illness?: string;
  /** An update is running until then. */
  busyUntil?: number;
  /** What the running update does at its end. */
  outcome?: () => void;
  attrs: Record<string, unknown>;
  /** References of what it depends on. */
  uses: readonly string[];
}

export interface Call {
  readonly at: number;
  readonly operation: string;
  readonly kind: KindName;
  /** The logical id, a reference, or nothing for a list of all. */
  readonly of: string;
  readonly changes: boolean;
}

/** `before`: nothing was done; `after`: it was, and the answer is lost. "silence": no answer ever, as for a killed process. */
export type Fault = { readonly before: ToyError | "silence" } | { readonly after: ToyError | "silence" } | undefined;

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await nextTurn();
}

/** Settles never. */
const silence = new Promise<never>(() => {});

async function raise(error: ToyError | "silence"): Promise<never> {
  if (error === "silence") return silence;
  throw error;
}

export interface Cloud {
  readonly clock: Clock;
  readonly things: Map<string, Thing>;
  readonly calls: Call[];
  readonly tokens: string[];
  /** Decides what goes wrong with a call. */
  fault: (call: Call) => Fault;
  /** How many calls are in flight, and how many ever were at once. */
  inFlight: number;
  mostInFlight: number;
  /** Seconds that each call takes. */
  latency: number;
  /** Turns of the event loop that the next answer takes, for which the clock stands still. */
  turns: () => number;
  count: number;
}

export function createCloud(clock: Clock = virtualClock()): Cloud {
  return {
    clock,
    things: new Map(),
    calls: [],
    tokens: [],
    fault: () => undefined,
    inFlight: 0,
    mostInFlight: 0,
    latency: 0,
    turns: () => 0,
    count: 0,
  };
}

export const changing = (cloud: Cloud): string[] =>
  cloud.calls.filter(({ changes }) => changes).map(({ operation, of }) => `${operation} ${of}`);

export interface ToyOptions {
  readonly deletedBefore?: readonly KindName[];
  readonly diesWith?: KindName;
  /** Names are unique and identify. */
  readonly named?: boolean;
  readonly onlyOne?: true;
  /** Seconds; a spec's own `takes` says otherwise for one thing. */
  readonly takes?: number;
  readonly expect?: number;
  readonly limit?: number;
  readonly deletionTakes?: number;
  readonly visibleAfter?: number;
  readonly aspects?: Readonly<Record<string, ToyAspect>>;
  /** Seconds that each update group takes; 0 = at once. */
  readonly updates?: Readonly<Record<string, number>>;
  readonly completes?: readonly string[];
  readonly renews?: Readonly<Record<string, readonly string[]>>;
  readonly interrupts?: readonly string[];
  readonly locks?: (verb: string) => readonly Lock[];
  /** Seconds; absent: nothing has to be moved away. */
  readonly retires?: number;
  /** What its creation leaves out, for update groups to bring in. */
  readonly leavesOut?: readonly string[];
  /** Its dependencies may go while it is there. */
  readonly free?: boolean;
  /** What an update writes; absent: the spec as it is. */
  readonly writes?: (want: Want<ToySpec, ToyDeps>, live: Live<ToyAttrs>) => ToySpec;
  readonly health?: (thing: Thing, cloud: Cloud) => string | undefined;
}

/** A kind of thing that lives in the toy cloud. */
export function toyKind(name: KindName, options: ToyOptions = {}): ToyKind {
  const takes = options.takes ?? 0;
  const limit = options.limit ?? 3600;
  const updates = options.updates ?? {};

  async function call<T>(cloud: Cloud, operation: string, of: string, changes: boolean, work: () => T): Promise<T> {
    const made: Call = { at: cloud.clock.now(), operation, kind: name, of, changes };
    cloud.calls.push(made);
    cloud.inFlight++;
    cloud.mostInFlight = Math.max(cloud.mostInFlight, cloud.inFlight);
    try {
      const delay = cloud.turns();
      if (delay > 0) await cloud.clock.hold(() => turns(delay));
      if (cloud.latency > 0) await cloud.clock.sleep(cloud.latency * 1000);
      const fault = cloud.fault(made);
      if (fault && "before" in fault) return await raise(fault.before);
      const result = work();
      if (fault) return await raise(fault.after);
      return result;
    } finally {
      cloud.inFlight--;
    }
  }

  function seen(thing: Thing | undefined, cloud: Cloud): Live<ToyAttrs> | null {
    const now = cloud.clock.now();
    if (thing) settle(thing, now);
    if (!thing || thing.kind !== name || now < thing.visibleAt) return null;
    if (thing.goneAt !== undefined && now >= thing.goneAt) {
      cloud.things.delete(thing.ref);
      for (const other of cloud.things.values())
        if (other.uses.includes(`dies with ${thing.ref}`)) cloud.things.delete(other.ref);
      return null;
    }
    const illness = thing.illness ?? options.health?.(thing, cloud);
    const failed = thing.failure !== undefined && now >= thing.readyAt;
    const working = now < thing.readyAt || now < (thing.busyUntil ?? 0);
    const phase: Phase =
      thing.goneAt !== undefined
        ? "deleting"
        : failed
          ? "failed"
          : working
            ? "pending"
            : illness
              ? "degraded"
              : "ready";
    const detail = failed ? thing.failure : illness;
    const attrs = structuredClone(thing.attrs) as unknown as ToyAttrs;
    const more = { ...(thing.uid !== undefined && { uid: thing.uid }), ...(detail !== undefined && { detail }) };
    return { id: thing.id, ref: thing.ref, owner: thing.owner, phase, attrs, ...more };
  }

  const kind: ToyKind = {
    name,
    title: name.split(".")[1] ?? name,
    deletedBefore: options.deletedBefore ?? [],
    ...(options.diesWith && { diesWith: options.diesWith }),
    ...(options.interrupts && { interrupts: options.interrupts }),
    ...(options.completes && { completes: options.completes }),
    ...(options.renews && { renews: options.renews }),
    ...(options.locks && { locks: options.locks }),
    ...(options.onlyOne && { onlyOne: options.onlyOne }),
    timing: (verb): Duration => {
      if (verb === "create") return { expect: options.expect ?? takes, limit };
      if (verb === "delete") return { expect: options.deletionTakes ?? 0, limit };
      if (verb === "retire") return { expect: options.retires ?? 0, limit };
      return { expect: updates[verb] ?? 0, limit };
    },
    actions: { list: [], read: [], create: [], delete: [] },
    list: (cloud, id) =>
      call(cloud, "list", id ?? "", false, () =>
        [...cloud.things.values()].flatMap((thing) => {
          const live = thing.owner === "us" && (id === undefined || thing.id === id) ? seen(thing, cloud) : null;
          return live ? [live] : [];
        }),
      ),
    read: (ref, cloud) => call(cloud, "read", ref, false, () => seen(cloud.things.get(ref), cloud)),
    ...(options.named && {
      find: (wanted, cloud) => call(cloud, "find", wanted, false, () => seen(cloud.things.get(wanted), cloud)),
    }),
    create: (want, cloud) =>
      call(cloud, "create", want.id, true, () => {
        const deps = Object.entries(want.deps).flatMap(([key, dep]) =>
          [dep].flat().map((one) => [key, one.arn] as const),
        );
        const ref = options.named ? want.name : `${name}-${++cloud.count}`;
        const now = cloud.clock.now();
        const there = cloud.things.get(ref);
        if (there && (now < there.visibleAt || seen(there, cloud)))
          throw new ToyError(`AlreadyExists: ${ref}`, "exists");
        const left = new Set(options.leavesOut);
        const given = Object.entries(want.spec).filter(([key, value]) => value !== undefined && !left.has(key));
        cloud.tokens.push(want.token);
        cloud.things.set(ref, {
          ref,
          kind: name,
          uid: `${cloud.tokens.length}`,
          id: want.id,
          owner: "us",
          readyAt: now + Number(want.spec.takes ?? takes) * 1000,
          visibleAt: now + (options.visibleAfter ?? 0) * 1000,
          attrs: structuredClone({
            ...Object.fromEntries(given),
            name: want.name,
            arn: `arn:${ref}`,
            revision: 1,
            dependencies: Object.fromEntries(deps),
          }),
          uses: (options.free ? [] : deps).map(([key, arn]) => {
            const used = arn.slice("arn:".length);
            return options.diesWith && cloud.things.get(used)?.kind === options.diesWith
              ? `dies with ${used}`
              : `${key} ${used}`;
          }),
        });
        return { ref };
      }),
    delete: ({ ref }, cloud) =>
      call(cloud, "delete", ref, true, () => {
        const thing = cloud.things.get(ref);
        if (!thing) throw new ToyError(`NotFound: ${ref}`, "not-found");
        const holders = [...cloud.things.values()].filter(
          (other) =>
            seenAnywhere(other, cloud) &&
            other.uses.some((used) => !used.startsWith("dies") && used.endsWith(` ${ref}`)),
        );
        if (holders.length > 0) {
          throw new ToyError(
            `DependencyViolation: ${ref} is used by ${holders.map((one) => one.ref).join()}`,
            "dependency",
          );
        }
        thing.goneAt = cloud.clock.now() + (options.deletionTakes ?? 0) * 1000;
      }),
    ...(options.retires !== undefined && {
      retire: (live, cloud) =>
        call(cloud, "retire", live.ref, true, () => {
          const end = cloud.clock.now() + (options.retires ?? 0) * 1000;
          const check = async () => ({ state: cloud.clock.now() < end ? "running" : "done" }) as const;
          return { what: "drain", check };
        }),
    }),
    aspects: options.aspects ?? {},
    updates: Object.fromEntries(
      Object.entries(updates).map(([group, seconds]) => [
        group,
        (want: Want<ToySpec, ToyDeps>, live: Live<ToyAttrs>, cloud: Cloud) =>
          call(cloud, `update:${group}`, want.id, true, () => update(cloud, group, seconds, want, live)),
      ]),
    ),
  };

  function update(
    cloud: Cloud,
    group: string,
    seconds: number,
    want: Want<ToySpec, ToyDeps>,
    live: Live<ToyAttrs>,
  ): Operation | undefined {
    const thing = cloud.things.get(live.ref);
    if (!thing) throw new ToyError(`NotFound: ${live.ref}`, "not-found");
    if (cloud.clock.now() < (thing.busyUntil ?? 0)) throw new ToyError(`${live.ref} has an update in progress`, "busy");
    cloud.tokens.push(want.token);
    const written = options.writes?.(want, live) ?? want.spec;
    const apply = () => {
      for (const [name, aspect] of Object.entries(kind.aspects)) {
        const isIts = aspect.change(undefined, undefined) === group;
        if (isIts && written[name] !== undefined) thing.attrs[name] = written[name];
      }
      thing.attrs.revision = Number(thing.attrs.revision) + 1;
    };
    if (seconds === 0) {
      apply();
      return undefined;
    }
    const end = cloud.clock.now() + seconds * 1000;
    thing.busyUntil = end;
    if (!thing.attrs.failUpdates) thing.outcome = apply;
    return {
      what: `update ${group}`,
      check: async () => {
        if (cloud.clock.now() < end) return { state: "running" };
        settle(thing, cloud.clock.now());
        return thing.attrs.failUpdates ? { state: "failed", detail: "PodEvictionFailure" } : { state: "done" };
      },
    };
  }

  return kind;
}

/** Ends an update whose time has come. */
function settle(thing: Thing, now: number): void {
  if (now < (thing.busyUntil ?? 0)) return;
  thing.outcome?.();
  delete thing.outcome;
}

function seenAnywhere(thing: Thing, cloud: Cloud): boolean {
  return thing.goneAt === undefined || cloud.clock.now() < thing.goneAt;
}

/** An aspect that is one value of the spec and of the attributes alike. */
export function same(key: string, effect: ReturnType<ToyAspect["change"]>): ToyAspect {
  return { want: (spec) => spec[key], have: (attrs) => attrs[key] ?? null, change: () => effect };
}

/** An aspect that is a dependency's ARN. */
export function dependsOn(key: string, effect: ReturnType<ToyAspect["change"]>): ToyAspect {
  return {
    want: (_spec, deps) => (deps[key] as ToyDep).arn,
    have: (attrs) => (attrs.dependencies as Record<string, string>)[key],
    change: () => effect,
  };
}
