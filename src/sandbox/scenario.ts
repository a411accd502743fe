import { z } from "zod";
import { InputError } from "../errors.ts";
import { parseYaml } from "../yaml.ts";

/** A creation that fails, with AWS's health issue code and message. */
const failure = z.strictObject({
  resource: z.enum(["cluster", "nodegroup", "addon"]),
  name: z.string(),
  code: z.string(),
  message: z.string(),
  /** How many creations fail before one succeeds; absent: all. */
  times: z.int().min(1).optional(),
});

/** What the controllers in a cluster make while its control plane is up, and make again when it is gone. */
const workload = z.strictObject({
  /** Its name; in every region that has one. */
  cluster: z.string(),
  /** Of Services (`classic`, `network`) and Ingresses (`application`), with security groups, rules and target groups. */
  loadBalancers: z
    .array(
      z.strictObject({
        name: z.string(),
        type: z.enum(["classic", "network", "application"]),
        deletionProtection: z.boolean().default(false),
      }),
    )
    .default([]),
  /** Of persistent volume claims; each is attached to a node while there is one in its zone. */
  volumes: z.array(z.strictObject({ name: z.string(), sizeGiB: z.int().min(1).default(10) })).default([]),
  /** Instances that Karpenter launches while a nodegroup gives it a node to run on. */
  karpenterNodes: z.int().min(0).default(0),
  /** Each node has a second interface of the VPC CNI, which stays when the node dies. */
  secondaryInterfaces: z.boolean().default(false),
  /** Seconds after the end of the control plane at which its last logs are delivered. */
  lateLogs: z.number().positive().optional(),
});

const scenario = z.strictObject({
  failures: z.array(failure).default([]),
  kubernetes: z.array(workload).default([]),
});

/** Things that Kubernetes, other accounts or bad luck would bring, as they are written. */
export type ScenarioInput = z.input<typeof scenario>;
/** A scenario that was checked: set from outside, read by the services. */
export type Scenario = z.output<typeof scenario>;
export type Workload = z.output<typeof workload>;

/**
 * Checks a scenario that comes from outside.
 *
 * @throws InputError that names every problem.
 */
export function parseScenario(data: unknown): Scenario {
  const result = scenario.safeParse(data);
  if (!result.success) throw new InputError(`invalid scenario: ${z.prettifyError(result.error)}`);
  return result.data;
}

/**
 * Reads a file with a scenario, in YAML or JSON.
 *
 * @throws InputError that names every problem.
 */
export function readScenario(text: string): ScenarioInput {
  return parseScenario(parseYaml(text).value);
}
