export type { ChangingCall, EngineContext, Permit } from "./context.ts";
export { type ExecuteOptions, execute } from "./execute.ts";
export { type Observation, aftermath, observe, observeWhole } from "./observe.ts";
export { type Plan, type PlanOptions, plan, planDelete, planRemoval } from "./plan.ts";
export { deletionCycle } from "./removal.ts";
export { runLog } from "./run-log.ts";
export type * from "./run-result.ts";
