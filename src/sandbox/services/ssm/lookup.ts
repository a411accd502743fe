import type { Call } from "../../service.ts";
import type { ParameterRecord } from "./state.ts";

/** The parameter of this name in the caller's region, whether reads show it yet or not. */
export function parameterIn({ world, region }: Call, name: string): ParameterRecord | undefined {
  const { parameters } = world.region(region).ssm;
  return Object.hasOwn(parameters, name) ? parameters[name] : undefined;
}
