/** A section of a config, as options say it. */
export type Section = Readonly<Record<string, unknown>>;

/** Without the keys whose value is undefined. */
export function defined(section: Section): Section {
  return Object.fromEntries(Object.entries(section).filter(([, value]) => value !== undefined));
}

/** Undefined where it says nothing. */
export function unlessEmpty(section: Section): Section | undefined {
  return Object.keys(section).length === 0 ? undefined : section;
}
