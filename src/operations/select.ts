/** Which of several names are meant: globs as `ng-*`. */
export interface Selection {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** All names, without `include`; `exclude` wins. */
export function selects({ include, exclude }: Selection): (name: string) => boolean {
  const included = include.map(globToPattern);
  const excluded = exclude.map(globToPattern);
  return (name) =>
    (included.length === 0 || included.some((pattern) => pattern.test(name))) &&
    !excluded.some((pattern) => pattern.test(name));
}

/** `*` is any text, `?` any character, `[ab]` one of these. */
function globToPattern(glob: string): RegExp {
  const source = glob
    .replaceAll(/[.+^${}()|\\]/gu, String.raw`\$&`)
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "u");
}
