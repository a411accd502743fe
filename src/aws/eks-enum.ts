/* oxlint-disable typescript/no-unsafe-type-assertion, typescript/no-unnecessary-type-parameters -- see below */

/**
 * A word of the file where the SDK wants one of those that it knows. EKS judges it: it may know newer words than the SDK's
 * types do.
 */
export function asEnum<Word extends string>(word: string | undefined): Word | undefined {
  return word as Word | undefined;
}
