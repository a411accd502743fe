/**
 * Compares Kubernetes versions (`1.34`) and AMI release versions (`1.34.1-20250920`) number by number: negative when `a` is
 * older. What is no number (a build's hash) is left out.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether a version is newer than another one, where there is another one to compare with. */
export function isNewer(version: string, than: unknown): boolean {
  return typeof than === "string" && compareVersions(version, than) > 0;
}

function numbers(version: string): readonly number[] {
  const parts = version.split(/[.-]/);
  const firstWord = parts.findIndex((part) => !/^\d+$/.test(part));
  return parts.slice(0, firstWord < 0 ? undefined : firstWord).map(Number);
}

/** How many minors a Kubernetes version (`1.34`) is newer than another one; negative when it is older. */
export function minorsAhead(version: string, than: string): number {
  return minorOf(version) - minorOf(than);
}

/** The Kubernetes version so many minors later; earlier with a negative number. */
export function minorsLater(version: string, minors: number): string {
  return `1.${minorOf(version) + minors}`;
}

function minorOf(version: string): number {
  return Number(version.split(".")[1]);
}
