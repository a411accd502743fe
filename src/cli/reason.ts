/** What an error of the operating system says. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
