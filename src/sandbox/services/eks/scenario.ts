import type { Scenario } from "../../scenario.ts";
import type { World } from "../../world.ts";

type Failure = Scenario["failures"][number];

/** What a scenario's failure can strike. */
export type Occasion = "create" | "scale out" | "roll";

/** Failures of other occasions than creation; launch failures strike whenever nodes are launched. */
const occasions: Readonly<Record<string, readonly Occasion[]>> = {
  PodEvictionFailure: ["roll"],
  AsgInstanceLaunchFailures: ["create", "scale out"],
  InstanceLimitExceeded: ["create", "scale out"],
  InsufficientFreeAddresses: ["create", "scale out"],
};

/** What a resource says of its failure. Throws for a code that EKS does not have for such a resource. */
export function issueOf<Code extends string>(
  { code, message }: Failure,
  codes: Readonly<Record<string, Code>>,
): { code: Code; message: string } {
  const known = Object.values(codes).find((each) => each === code);
  if (known === undefined) throw new Error(`the scenario fails with ${code}, which is none of EKS's codes`);
  return { code: known, message };
}

/** The failure that the scenario has for this resource on this occasion; one of so many `times` is then used up. */
export function takeFailure(
  world: World,
  resource: Failure["resource"],
  name: string,
  occasion: Occasion = "create",
): Failure | undefined {
  const failure = world.state.scenario.failures.find(
    (each) =>
      each.resource === resource &&
      each.name === name &&
      (each.times ?? 1) > 0 &&
      (occasions[each.code] ?? ["create"]).includes(occasion),
  );
  if (failure?.times !== undefined) failure.times--;
  return failure;
}
