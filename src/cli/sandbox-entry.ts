// What the tool uses of the sandbox. Built as a bundle of its own: it carries the schemas of whole AWS services.
export { readPrincipals } from "../sandbox/access/principals.ts";
export { joinSandbox } from "../sandbox/client.ts";
export { sandboxCredentials } from "../sandbox/credentials.ts";
export { readTroubles } from "../sandbox/scenario.ts";
export { resetSandbox, sandboxEndpoint, serveSandbox } from "../sandbox/serve.ts";
