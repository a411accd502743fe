import { matches, matchesArn, type Piece } from "./pattern.ts";
import type { RequestContext } from "./request-context.ts";

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
  /** Whether a request fits the values of one key. */
  test(key: string, wanted: readonly (readonly Piece[] | undefined)[], context: RequestContext): boolean;
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
    test(key, wanted, context) {
      const values = context.values(key);
      if (values === undefined) return set === "ForAllValues" || ifExists !== undefined || (negated && !set);
      const fits = (value: string) => wanted.some((each) => each !== undefined && compare(each, value)) !== negated;
      return set === "ForAnyValue" ? values.some(fits) : values.every(fits);
    },
  };
}

/** `true`: the request does not have the key. */
function isNull(key: string, wanted: readonly (readonly Piece[] | undefined)[], context: RequestContext): boolean {
  const absent = String(context.values(key) === undefined);
  return wanted.some((each) => each !== undefined && sameIgnoringCase(each, absent));
}

/** Wildcards stand for themselves. */
function written(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (typeof piece === "symbol" ? (piece.description ?? "") : piece)).join("");
}
