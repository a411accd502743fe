/** Seconds of a duration as EKS has them, with one unit: `15s`, `30m`, `1h`. */
export function secondsOf(duration: string): number {
  const factor = { s: 1, m: 60, h: 3600 }[duration.at(-1) ?? ""] ?? 0;
  return Number.parseInt(duration, 10) * factor;
}

/** The same duration in the largest unit that it is a whole number of: `60m` is `1h`. */
export function usualDuration(duration: string): string {
  const seconds = secondsOf(duration);
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
