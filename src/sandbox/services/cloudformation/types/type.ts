import type { Durations } from "../../../durations.ts";
import type { Ask } from "../asking.ts";
import type { Place } from "../place.ts";
import type { JsonObject } from "../state.ts";

/** What a resource is made or changed with. */
export interface Making {
  readonly ask: Ask;
  readonly properties: JsonObject;
  /** Of the stack: on everything that can have tags. */
  readonly tags: Readonly<Record<string, string>>;
  /** A name of CloudFormation's form, for what the template does not name. */
  readonly name: string;
}

export interface Changing extends Making {
  readonly physicalId: string;
  readonly before: JsonObject;
  readonly tagsBefore: Readonly<Record<string, string>>;
}

/** One type of resource, as its schema in CloudFormation's registry describes it. */
export interface ResourceType {
  /** What it may have, to the JSON type of it. */
  readonly properties: Readonly<Record<string, "string" | "number" | "boolean" | "array" | "object">>;
  readonly required: readonly string[];
  /** A change of these makes another one. */
  readonly createOnly: readonly string[];
  /** Capability that a template needs which has it, with this property and without. */
  readonly capability?: { readonly named: string };
  readonly durations: Readonly<Record<"create" | "update" | "delete", keyof Durations>>;
  /** Returns the physical id, which follows from what is given. */
  create(making: Making): string;
  update(changing: Changing): void;
  delete(physicalId: string, ask: Ask, properties: JsonObject): void;
  /** `Ref`. */
  reference?(physicalId: string): string;
  /** `Fn::GetAtt`; undefined: it has no such attribute. */
  attribute(physicalId: string, name: string, place: Place): string | undefined;
  /** Puts on it what CloudFormation itself tags things with. */
  mark?(physicalId: string, tags: Readonly<Record<string, string>>, place: Place): void;
  /**
   * Seconds until it is looked at again, while it is not yet as wanted; undefined when it is. Throws AwsError when it never
   * will be.
   */
  unfinished?(physicalId: string, since: number, place: Place): number | undefined;
  /** Goes on with an update that takes several steps: seconds until the next; undefined after the last. */
  roll?(physicalId: string, policy: JsonObject, place: Place): number | undefined;
  /** Whether it has gone. */
  gone?(physicalId: string, place: Place): boolean;
}
