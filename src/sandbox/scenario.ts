import {
  AddonIssueCode,
  CapabilityIssueCode,
  Category,
  ClusterIssueCode,
  FargateProfileIssueCode,
  InsightStatusValue,
  NodegroupIssueCode,
  UpdateType,
} from "@aws-sdk/client-eks";
import { z } from "zod";
import { InputError } from "../errors.ts";
import { parseYaml } from "../yaml.ts";
import { durations } from "./durations.ts";
import { type FaultRule, faultRules } from "./faults.ts";
import { defaultQuotas } from "./quotas.ts";

const seconds = z.number().nonnegative();
const minor = z.string().regex(/^\d+\.\d+$/, 'must be a Kubernetes minor, as "1.34"');
const keysOf = <Key extends string>(table: Readonly<Record<Key, unknown>>) => z.enum(Object.keys(table) as Key[]);

const failing = {
  name: z.string().min(1),
  message: z.string(),
  /** How many are hit before one succeeds. Default: all. */
  times: z.int().min(0).optional(),
};
/** What ends badly, by its name, with the health issue that it then has. */
const failure = z.discriminatedUnion("resource", [
  z.strictObject({ resource: z.literal("cluster"), code: z.enum(ClusterIssueCode), ...failing }),
  z.strictObject({ resource: z.literal("nodegroup"), code: z.enum(NodegroupIssueCode), ...failing }),
  z.strictObject({
    resource: z.literal("addon"),
    code: z.enum(AddonIssueCode),
    ...failing,
    /** Default: DEGRADED for InsufficientNumberOfReplicas, else CREATE_FAILED. */
    status: z.enum(["CREATE_FAILED", "DEGRADED"]).optional(),
  }),
  z.strictObject({ resource: z.literal("capability"), code: z.enum(CapabilityIssueCode), ...failing }),
  z.strictObject({ resource: z.literal("fargateProfile"), code: z.enum(FargateProfileIssueCode), ...failing }),
]);

/** What EC2 has no room for: launches of the type in the zone, on demand and as Spot alike. */
const shortage = z.strictObject({
  /** `m5.large`. Default: every type. */
  instanceType: z.string().min(1).optional(),
  /** `us-west-2a`. Default: every zone. */
  zone: z.string().min(1).optional(),
});

/** An update that a control plane begins by itself. */
const ownUpdate = z.strictObject({
  cluster: z.string().min(1),
  /** Since it came up, or since the latest add-on was asked for. */
  after: z.enum(["created", "addon"]).default("created"),
  type: z.enum(UpdateType).default("ConfigUpdate"),
  delaySeconds: seconds.default(0),
  seconds: seconds.default(120),
});

/** What EKS has found about a cluster. */
const insight = z.strictObject({
  cluster: z.string().min(1),
  name: z.string().min(1),
  category: z.enum(Category).default("UPGRADE_READINESS"),
  /** The minor that it would hinder the way to. */
  kubernetesVersion: minor,
  status: z.enum(InsightStatusValue),
  reason: z.string().default(""),
  description: z.string().default(""),
  recommendation: z.string().default(""),
});

/** What the controllers in a cluster make while its control plane is up, and make again when it is gone. */
const workload = z.strictObject({
  /** Its name; in every region that has one. */
  cluster: z.string().min(1),
  /**
   * Of Services (`classic`, `network`) and Ingresses (`application`), with security groups, rules and target groups. While EKS Auto
   * Mode is on, the latter two are its own.
   */
  loadBalancers: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        type: z.enum(["classic", "network", "application"]),
        deletionProtection: z.boolean().default(false),
      }),
    )
    .default([]),
  /** Of persistent volume claims; each is attached to a node while there is one in its zone. */
  volumes: z.array(z.strictObject({ name: z.string().min(1), sizeGiB: z.int().min(1).default(10) })).default([]),
  /** Instances that Karpenter launches while a nodegroup gives it a node to run on. */
  karpenterNodes: z.int().min(0).default(0),
  /** Instances that EKS Auto Mode launches while it is on and has pools. */
  autoModeNodes: z.int().min(0).default(0),
  /** Each node has a second interface of the VPC CNI, which stays when the node dies. */
  secondaryInterfaces: z.boolean().default(false),
  /** Seconds after the end of the control plane at which its last logs are delivered. */
  lateLogs: z.number().positive().optional(),
});

const scenario = z.strictObject({
  failures: z.array(failure).default([]),
  /** How many of each the account may have, where that is not AWS's default. */
  quotas: z.partialRecord(keysOf(defaultQuotas), z.int().nonnegative()).default({}),
  /** Seconds that something takes, where that is not the usual time. */
  durations: z.partialRecord(keysOf(durations), seconds).default({}),
  /** Names or ids of zones in which no control plane can be, beside those in which none ever can. */
  zonesWithoutControlPlane: z.array(z.string().min(1)).default([]),
  shortages: z.array(shortage).default([]),
  ownUpdates: z.array(ownUpdate).default([]),
  insights: z.array(insight).default([]),
  kubernetes: z.array(workload).default([]),
});

/** A scenario as it is written. */
export type WrittenScenario = z.input<typeof scenario>;
/** Things that Kubernetes, other accounts or bad luck would bring: set from outside, read by the services. */
export type Scenario = z.output<typeof scenario>;
export type Workload = z.output<typeof workload>;

/** Nothing goes wrong by itself. */
export function emptyScenario(): Scenario {
  return scenario.parse({});
}

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

const troubles = scenario.extend({ faults: faultRules.default([]) });

/** All that goes wrong in an account: what single requests suffer, and what happens by itself. */
interface Troubles {
  readonly faults: readonly FaultRule[];
  readonly scenario: Scenario;
}

/**
 * Reads a file of troubles, in YAML or JSON: a scenario's members beside `faults`, or a list of fault rules alone.
 *
 * @throws InputError that names every problem.
 */
export function readTroubles(text: string): Troubles {
  const { value } = parseYaml(text);
  const result = troubles.safeParse(Array.isArray(value) ? { faults: value } : value);
  if (!result.success) throw new InputError(`invalid faults file: ${z.prettifyError(result.error)}`);
  const { faults, ...rest } = result.data;
  return { faults, scenario: rest };
}
