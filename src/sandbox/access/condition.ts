import { fitsAny, fitsNone, matches, matchesArn, type Patterns, type Piece } from "./pattern.ts";

/** Whether one value of the request is as one value of the policy says. */
type Comparison = (wanted: readonly Piece[], value: string) => boolean;

const same: Comparison = (wanted, value) => written(wanted) === value;
const sameIgnoringCase: Comparison = (wanted, value) => written(wanted).toLowerCase() === value.toLowerCase();

/** Operators that say yes to a value that any value of the policy fits, and those that say no to it. */
const comparisons: Readonly<Record<string, { readonly compare: Comparison; readonly negated?: true }>> = {
  StringEquals: { compare: same },
  StringNotEquals: { compare: same, negated: true },
  StringEqualsIgnoreCase: { compare: sameIgnoringCase },
  StringNotEqualsIgnoreCase: { compare: sameIgnoringCase, negated: true },
  StringLike: { compare: (wanted, value) => matches(wanted, value) },
  StringNotLike: { compare: (wanted, value) => matches(wanted, value), negated: true },
  ArnEquals: { compare: matchesArn },
  ArnNotEquals: { compare: matchesArn, negated: true },
  ArnLike: { compare: matchesArn },
  ArnNotLike: { compare: matchesArn, negated: true },
  Bool: { compare: sameIgnoringCase },
};

export interface Operator {
  /** Set operators look at each value of a multivalued key. */
  readonly set: "ForAllValues" | "ForAnyValue" | undefined;
  /**
   * Whether a request fits.
   *
   * @param values of the key in the request; undefined: it does not have the key.
   * @param wanted by the policy.
   */
  test(values: readonly string[] | undefined, wanted: Patterns): boolean;
}

/** The operator of this name; undefined for one that the sandbox does not know. */
export function operatorNamed(name: string): Operator | undefined {
  if (name === "Null") return { set: undefined, test: isNull };
  const [, set, plain = "", ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const comparison = Object.hasOwn(comparisons, plain) ? comparisons[plain] : undefined;
  if (!comparison) return undefined;
  const { compare, negated = false } = comparison;
  return {
    set: set as Operator["set"],
    test(values, wanted) {
      if (values === undefined) return set === "ForAllValues" || ifExists !== undefined || (negated && !set);
      const choose = negated ? fitsNone : fitsAny;
      const fits = (value: string) => choose(wanted, (each) => compare(each, value));
      return set === "ForAnyValue" ? values.some(fits) : values.every(fits);
    },
  };
}

/** `true`: the request does not have the key. */
function isNull(values: readonly string[] | undefined, wanted: Patterns): boolean {
  return fitsAny(wanted, (each) => sameIgnoringCase(each, String(values === undefined)));
}

/** Wildcards stand for themselves. */
function written(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (typeof piece === "symbol" ? (piece.description ?? "") : piece)).join("");
}
