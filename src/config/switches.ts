const on: ReadonlySet<string> = new Set(["y", "yes", "on", "true"]);
const off: ReadonlySet<string> = new Set(["n", "no", "off", "false"]);

/** What a word means where YAML 1.1, which eksctl reads, takes true or false: `yes`, `Yes` and `YES`, but not `yEs`. */
export function switchOf(word: string): boolean | undefined {
  const lower = word.toLowerCase();
  if (![lower, lower.toUpperCase(), lower.charAt(0).toUpperCase() + lower.slice(1)].includes(word)) return undefined;
  if (on.has(lower)) return true;
  return off.has(lower) ? false : undefined;
}
