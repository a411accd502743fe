import type { AwsContext } from "../../../src/aws/context.ts";
import type { AnyKind, Kind, Live, Ownership } from "../../../src/engine/kind.ts";

/** One aspect changed alone. */
export interface Change<Spec, Deps, Attrs, Group extends string> {
  /** What brings it in: an update group, a replacement, or the words with which it is refused. */
  readonly by: Group | "replace" | RegExp;
  /** Other aspects that cannot but change with it. */
  readonly also?: readonly string[];
  /** An edit of what is wanted. */
  readonly spec?: Partial<Spec>;
  readonly deps?: Partial<Deps>;
  /** For an aspect that nobody can edit: what somebody else does to the thing. */
  readonly drift?: (live: Live<Attrs>, ctx: AwsContext) => Promise<unknown>;
}

type ChangeIn<Spec, Deps, Attrs, Group extends string> =
  Change<Spec, Deps, Attrs, Group> | ((ctx: AwsContext) => Promise<Change<Spec, Deps, Attrs, Group>>);

/** What the suite has to know of a kind. */
export interface RowOf<Spec, Deps, Attrs, Group extends string> {
  readonly kind: Kind<Spec, Deps, Attrs, AwsContext, Group>;
  readonly id: string;
  /** Its AWS name; absent: made of the id. */
  readonly name?: string;
  readonly spec: Spec;
  /** Makes what it depends on. */
  ground(ctx: AwsContext): Promise<Deps>;
  /**
   * What creating it once more does: the `same` thing (a client token, or a file), or the call is `refused` (its name is
   * taken), or `another` one is made, for want of both: there the engine has to look first.
   */
  readonly again: "same" | "refused" | "another";
  /** What one that somebody else made is to us. Default: foreign. */
  readonly strangers?: Ownership;
  /** How somebody else makes one, where it cannot be the kind itself for another cluster. */
  readonly stranger?: (ctx: AwsContext) => Promise<{ readonly ref: string }>;
  /** Seconds after which the name of what was deleted can be used again. */
  readonly nameRests?: number;
  /** Aspect to its changes, which are brought in one after the other, each on top of those before. */
  readonly changes: Readonly<Record<string, readonly ChangeIn<Spec, Deps, Attrs, Group>[]>>;
  /** For an aspect that others may write to as well: writes an element, and says how it is shown as kept. */
  readonly others: Readonly<Record<string, (live: Live<Attrs>, ctx: AwsContext) => Promise<string>>>;
  /** Those of them that hold one value, where an edit of ours overrules what others wrote. */
  readonly overruled?: readonly string[];
}

/** A row of any kind: it applies the suite to itself, which alone knows the types. */
export interface Row {
  readonly kind: AnyKind<AwsContext>;
  readonly changes: readonly string[];
  readonly others: readonly string[];
  apply(suite: Suite): void;
}

export type Suite = <Spec, Deps, Attrs, Group extends string>(row: RowOf<Spec, Deps, Attrs, Group>) => void;

export function row<Spec, Deps, Attrs, Group extends string>(of: RowOf<Spec, Deps, Attrs, Group>): Row {
  return {
    kind: of.kind,
    changes: Object.keys(of.changes),
    others: Object.keys(of.others),
    apply: (suite) => suite(of),
  };
}
