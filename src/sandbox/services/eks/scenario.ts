import type { Scenario } from "../../scenario.ts";
import type { World } from "../../world.ts";

type Failure = Scenario["failures"][number];
type FailureOf<Resource extends Failure["resource"]> = Extract<Failure, { resource: Resource }>;

/** What a scenario's failure can strike. */
export type Occasion = "create" | "scale out" | "roll";

/** Failures of other occasions than creation; launch failures strike whenever nodes are launched. */
const occasions: Readonly<Record<string, readonly Occasion[]>> = {
  PodEvictionFailure: ["roll"],
  AsgInstanceLaunchFailures: ["create", "scale out"],
  InstanceLimitExceeded: ["create", "scale out"],
  InsufficientFreeAddresses: ["create", "scale out"],
};

/** The failure that the scenario has for this resource on this occasion; one of so many `times` is then used up. */
export function takeFailure<Resource extends Failure["resource"]>(
  world: World,
  resource: Resource,
  name: string,
  occasion: Occasion = "create",
): FailureOf<Resource> | undefined {
  const failure = world.state.scenario.failures.find(
    (each): each is FailureOf<Resource> =>
      each.resource === resource &&
      each.name === name &&
      (each.times ?? 1) > 0 &&
      (occasions[each.code] ?? ["create"]).includes(occasion),
  );
  if (failure?.times !== undefined) failure.times--;
  return failure;
}

/** What a resource says of its failure. */
export function issueOf<Code>({ code, message }: { readonly code: Code; readonly message: string }): {
  code: Code;
  message: string;
} {
  return { code, message };
}
