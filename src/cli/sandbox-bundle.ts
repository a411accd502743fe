type SandboxModule = typeof import("./sandbox-entry.ts");

/** The sandbox's code, loaded when a command needs it: from its own bundle beside the tool's chunks, or from the source. */
export async function loadSandbox(): Promise<SandboxModule> {
  const runsFromSource = import.meta.url.endsWith(".ts");
  const file = new URL(runsFromSource ? "./sandbox-entry.ts" : "../sandbox.js", import.meta.url);
  const sandbox: SandboxModule = await import(file.href);
  return sandbox;
}
