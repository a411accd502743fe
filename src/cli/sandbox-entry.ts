// What the tool uses of the sandbox. Built as a bundle of its own: it carries the schemas of whole AWS services.
export { joinSandbox } from "../sandbox/client.ts";
export { sandboxCredentials } from "../sandbox/credentials.ts";
export { readFaultRules } from "../sandbox/faults.ts";
export { readScenario } from "../sandbox/scenario.ts";
export { resetSandbox, sandboxEndpoint, serveSandbox } from "../sandbox/serve.ts";
