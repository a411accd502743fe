import { randomUUID } from "node:crypto";
import type { Clock } from "../clock.ts";
import { authorize } from "./access/authorize.ts";
import { type Caller, callerOf, type CheckedPrincipal, identitiesOf } from "./access/principals.ts";
import { AwsError, notSimulated } from "./aws-error.ts";
import { authenticate, credentialsName, sandboxUser } from "./credentials.ts";
import type { CheckedFaultRule, FaultEffect } from "./faults.ts";
import { errorOf, faultName, faultsOf } from "./faults.ts";
import type { JournalEntry } from "./journal.ts";
import { type KubernetesFront, kubernetesFront } from "./kubernetes/front.ts";
import { changesSomething } from "./journal.ts";
import { partitionOf } from "./partitions.ts";
import { addResidents, type CheckedResidents, parseResidents } from "./residents.ts";
import type { Scenario } from "./scenario.ts";
import type { Call } from "./service.ts";
import { services } from "./services/index.ts";
import type { Store } from "./store.ts";
import { throttle } from "./throttle.ts";
import type { Decoded } from "./wire/decode.ts";
import { decode } from "./wire/decode.ts";
import { commonError } from "./wire/dialect.ts";
import { encode, encodeError, unmodelledEncoding } from "./wire/encode.ts";
import type { HttpAnswer, HttpRequest } from "./wire/http.ts";
import { masked } from "./wire/mask.ts";
import { modelFor } from "./wire/models.ts";
import type { Protocol, ServiceModel } from "./wire/service-model.ts";
import { readSignature } from "./wire/sigv4.ts";
import { worldOver } from "./world-state.ts";
import type { World } from "./world.ts";

/** A request that was understood, before anything is done about it. */
export interface SeenRequest {
  readonly service: string;
  /** Of the service's API; empty where requests do not say it. */
  readonly version: string;
  readonly operation: string;
  readonly region: string;
  /** In the SDK's shape. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** What goes back, and what happens to the connection on the way. */
export interface Reply {
  /** Absent where the fault is that there is none. */
  readonly answer?: HttpAnswer;
  /** What the connection suffers. */
  readonly effect?: FaultEffect;
}

export interface Account {
  readonly world: World;
  readonly journal: readonly JournalEntry[];
  /** Answers one request; never throws. */
  answer(request: HttpRequest): Promise<Reply>;
  /** The APIs inside its clusters. */
  readonly kubernetes: KubernetesFront;
  setFaults(rules: readonly CheckedFaultRule[]): void;
  setScenario(scenario: Scenario): void;
  /** Returns those that were not there. Throws InputError, and then adds none. */
  addResidents(residents: CheckedResidents): CheckedResidents;
  /** Replaces those that are held to policies; all others may do everything. Throws InputError. */
  setPrincipals(principals: readonly CheckedPrincipal[]): void;
  onRequest(observer: (request: SeenRequest) => void): void;
  /** Records the time that was reached and gives the state directory back. */
  close(): void;
}

interface AccountOptions {
  readonly seed?: number | undefined;
  readonly faults: readonly CheckedFaultRule[];
  /** Enforce AWS's request rates. */
  readonly throttle: boolean;
}

interface SignedCall extends Call {
  /** Names what it was signed with. */
  readonly credentials: string;
}

/** One AWS account over a store; its time is the clock's, and never earlier than what the store has recorded. */
export function openAccount(store: Store, clock: Clock, options: AccountOptions): Account {
  const ahead = Math.max(0, (store.lastAt ?? 0) - clock.now());
  /** Time stands still while a request is handled, on a clock that follows wall time too. */
  let instant: number | undefined;
  const now = () => instant ?? clock.now() + ahead;
  const world = worldOver(() => store.state, now, options.seed);
  const rates = options.throttle ? throttle() : undefined;
  const observers: ((request: SeenRequest) => void)[] = [];
  let faults = faultsOf(options.faults);
  let callers: readonly Caller[] = [];

  async function answer(request: HttpRequest): Promise<Reply> {
    const requestId = randomUUID();
    const claims = readSignature(request);
    const model = claims && (await modelFor(claims.service, request));
    if (!claims || !model) {
      const error = claims
        ? notSimulated(claims.service)
        : commonError("awsQuery", "noSignature", "Request is missing Authentication Token");
      return { answer: encodeError(unmodelledEncoding(request), error, requestId) };
    }
    try {
      instant = now();
      authenticate(model.protocol, request, claims, callers);
      const partition = partitionFor(model, claims.region);
      const caller = callerWith(model, claims.accessKeyId, partition);
      const decoded = decode(model, request);
      return perform(model, decoded, caller, {
        service: model.name,
        operation: decoded.operation.name,
        region: claims.region,
        account: store.state.account,
        partition,
        principal: caller?.arn ?? `arn:${partition}:iam::${store.state.account}:user/${sandboxUser.name}`,
        requestId,
        world,
        credentials: credentialsName(request, claims),
      });
    } catch (error) {
      return { answer: encodeError(model, asAwsError(error), requestId) };
    } finally {
      instant = undefined;
    }
  }

  /** An account lives in one partition: that of the first request that made something. */
  function partitionFor(model: ServiceModel, region: string): string {
    const partition = partitionOf(region);
    if (!partition) {
      throw commonError(
        model.protocol,
        "wrongSignature",
        `Credential should be scoped to a valid region, not '${region}'.`,
      );
    }
    const { state } = store;
    if (partition !== state.partition && !store.journal.some((entry) => entry.changes)) state.partition = partition;
    if (partition !== state.partition) {
      const message = `The security token included in the request is invalid: this account lives in ${state.partition}.`;
      throw commonError(model.protocol, "unknownKey", message);
    }
    return partition;
  }

  /** Undefined: whoever is not held to policies. A key is known in the partition that its owner lives in. */
  function callerWith({ protocol }: ServiceModel, key: string, partition: string): Caller | undefined {
    const caller = callers.find(({ accessKeyId }) => accessKeyId === key);
    if (!caller || caller.arn.split(":")[1] === partition) return caller;
    const message = `The security token included in the request is invalid: ${caller.arn} is not of ${partition}.`;
    throw commonError(protocol, "unknownKey", message);
  }

  function perform(
    model: ServiceModel,
    { operation, input }: Decoded,
    caller: Caller | undefined,
    call: SignedCall,
  ): Reply {
    const { service, region, principal, credentials } = call;
    for (const observer of observers)
      observer({ service, version: model.version, operation: operation.name, region, input });
    // Handlers may keep and change parts of their input.
    const recorded = plainJson(masked(operation.input, input));
    const changes = changesSomething(operation.name);
    const effect = faults.effectOn({
      service,
      operation: operation.name,
      input: plainJson(input),
      credentials,
      at: now(),
    });

    let answer: HttpAnswer | undefined;
    let outcome = "ok";
    let undo: (() => void) | undefined;
    try {
      const action = `${service}:${operation.name}`;
      const injected = effect && errorOf(effect, model.protocol, { principal, action });
      if (injected) throw injected;
      if (effect && isNotDone(effect)) {
        outcome = faultName(effect);
      } else {
        admit(model.protocol, call, input);
        settle();
        if (caller) authorize(caller.policies, input, call, model.protocol);
        if (changes) undo = store.begin();
        const asking = caller ? { ...call, denied: denying(caller, call, model.protocol) } : call;
        answer = encode(model, operation, handle(model, input, asking), call.requestId);
      }
    } catch (error) {
      undo?.();
      const refused = asAwsError(error);
      outcome = refused.code;
      answer = encodeError(model, refused, call.requestId);
    }
    store.record({
      at: now(),
      service,
      operation: operation.name,
      region,
      input: recorded,
      changes,
      outcome,
      principal,
      ...(effect && { fault: faultName(effect) }),
    });
    return { ...(answer && { answer }), ...(effect && { effect }) };
  }

  function denying({ policies }: Caller, call: Call, protocol: Protocol): NonNullable<Call["denied"]> {
    return (service, operation, input) => {
      try {
        authorize(policies, input, { ...call, service, operation }, protocol);
        return undefined;
      } catch (error) {
        return asAwsError(error);
      }
    };
  }

  /** Lets all happen whose time has come. */
  function settle(): void {
    for (const each of services) each.settle?.(world);
  }

  function addAll(residents: CheckedResidents): CheckedResidents {
    const undo = store.begin();
    try {
      const added = addResidents(world, residents);
      store.save(now());
      return added;
    } catch (error) {
      undo();
      throw error;
    }
  }

  function admit(protocol: Protocol, { service, region, operation }: Call, input: object): void {
    if (rates && !rates.admits({ service, region, operation, input }, now())) {
      throw commonError(protocol, "throttled", "Rate exceeded");
    }
  }

  return {
    world,
    journal: store.journal,
    answer,
    kubernetes: kubernetesFront({
      world,
      store,
      settle,
      observe(request) {
        for (const observer of observers) observer({ service: "kubernetes", version: "", ...request });
      },
      effectOn: (request) => faults.effectOn(request),
      callers: () => callers,
    }),
    setFaults: (rules) => {
      faults = faultsOf(rules);
    },
    setScenario: (scenario) => {
      // What is past went by the scenario before.
      settle();
      store.state.scenario = scenario;
      store.save(now());
    },
    addResidents: addAll,
    setPrincipals: (principals) => {
      addAll(parseResidents(identitiesOf(principals)));
      callers = principals.map(callerOf);
    },
    onRequest: (observer) => {
      observers.push(observer);
    },
    close: () => {
      store.save(now());
      store.close();
    },
  };
}

function handle({ name, version }: ServiceModel, input: object, call: Call): object {
  const asked = services.find((service) => service.name === name && (service.version ?? version) === version);
  const handler = asked?.handlers[call.operation];
  if (!handler) throw notSimulated(`${call.service}:${call.operation}`);
  return handler(input as never, call) ?? {};
}

/** Effects on the connection that keep the request from being done. */
function isNotDone(effect: FaultEffect): boolean {
  return effect === "reset" || effect === "stall" || (typeof effect === "object" && "refused" in effect);
}

/** Anything else than an AwsError is a defect of the sandbox: AWS would say InternalFailure. */
function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new AwsError("InternalFailure", `the sandbox failed: ${detail}`, { status: 500 });
}

/** The input as the journal holds it: a copy, since handlers may keep parts of theirs. */
function plainJson(input: unknown): Record<string, unknown> {
  const text = JSON.stringify(input, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value,
  );
  return JSON.parse(text) as Record<string, unknown>;
}
