/** The sandbox's code, loaded when a command needs it: from its own bundle beside the tool's chunks, or from the source. */
export async function loadSandbox(): Promise<typeof import("./sandbox-entry.ts")> {
  const runsFromSource = import.meta.url.endsWith(".ts");
  const file = new URL(runsFromSource ? "./sandbox-entry.ts" : "../sandbox.js", import.meta.url);
  return (await import(file.href)) as typeof import("./sandbox-entry.ts");
}
