import { CreateStackCommand, DeleteStackCommand, type Tag } from "@aws-sdk/client-cloudformation";
import { created } from "../../aws/answers.ts";
import type { AwsContext } from "../../aws/context.ts";
import { tagList, type Tags } from "../../aws/tags.ts";
import type { Duration, Effect, Live, NamedKind } from "../../engine/kind.ts";
import { drainNodes, drainTiming, neededByNodes, nodesLabelled } from "../eks/nodegroup-drain.ts";
import { appliedCapacity, desiredCapacityAspect } from "../desired-capacity.ts";
import { heldSubnets, type SubnetChoice, wantedSubnets } from "../node-subnets.ts";
import { creationTags, tagsAspect } from "../tags-aspect.ts";
import { withGroup } from "./scaling-group-document.ts";
import { changeRegistration, registeredByHand } from "./registration-updates.ts";
import { stackActions } from "./stack-actions.ts";
import { listStacks, readStack, type StackDocument } from "./stack-document.ts";
import { changeNodegroup, changeNodes, moveProcesses } from "./stack-updates.ts";
import {
  describedIn,
  parametersOf,
  type Registration,
  registeredIn,
  subnetsIn,
  templateOf,
} from "./template-document.ts";

export interface InstancesDistribution {
  readonly instanceTypes: readonly string[];
  /** Dollars an hour; absent: the on-demand price. */
  readonly maxPrice?: number;
  readonly onDemandBaseCapacity?: number;
  readonly onDemandPercentageAboveBaseCapacity?: number;
  readonly spotInstancePools?: number;
  readonly spotAllocationStrategy?: string;
}
export interface MetricsCollection {
  readonly granularity: string;
  readonly metrics?: readonly string[];
}
export interface StackSpec extends SubnetChoice {
  readonly description: string;
  readonly minSize?: number;
  readonly maxSize?: number;
  /** The last applied one is kept in a tag, so that an autoscaler's choice is told from the user's edit. */
  readonly desiredCapacity?: number;
  /** Absent: one type on demand, which the launch template names. */
  readonly instancesDistribution?: InstancesDistribution;
  readonly capacityRebalance?: boolean;
  /** Seconds. */
  readonly maxInstanceLifetime?: number;
  readonly metricsCollection: readonly MetricsCollection[];
  /** Also in the user data of coming nodes, which the launch template has. */
  readonly registration: Registration;
  readonly targetGroupArns: readonly string[];
  readonly loadBalancerNames: readonly string[];
  /** Tags of the group alone, as a cluster autoscaler reads them. */
  readonly groupTags: Tags;
  /** Absent: what somebody suspended stays so. */
  readonly suspendedProcesses?: readonly string[];
  /** The profile that the stack makes for the role; absent: a given one. */
  readonly instanceProfile?: { readonly name: string; readonly path: string };
  /** Of the stack, the group and its instances. */
  readonly tags: Tags;
}
export interface StackDeps {
  /** Of the nodes; the instance profile that the stack makes holds it. */
  readonly role: readonly { readonly name: string }[];
  readonly subnets: readonly { readonly id: string }[];
  readonly launchTemplate: { readonly id: string; readonly latestVersion: number; readonly nodesVersion: number };
}
export interface StackAttrs extends StackDocument {
  /** Null while there is none. */
  readonly group: {
    readonly name: string;
    readonly minSize: number;
    readonly maxSize: number;
    readonly desiredCapacity: number;
    readonly instances: number;
    /** Of the launch template, of all instances; absent: there are none. */
    readonly oldestVersion?: number;
    readonly suspendedProcesses: readonly string[];
  } | null;
}

type Group = "stack" | "roll" | "registration" | "processes";

/** The stack of a self-managed nodegroup: its Auto Scaling group, and the instance profile of its nodes. */
export const stack: NamedKind<StackSpec, StackDeps, StackAttrs, AwsContext, Group> = {
  name: "cloudformation.stack",
  title: "self-managed nodegroup",
  deletedBefore: [...neededByNodes, "kube.node-mapping"],
  interrupts: ["roll"],
  completes: ["processes"],
  timing(verb, spec, live) {
    if (verb === "roll") return rollTiming(spec, live?.attrs);
    return verb === "retire" ? drainTiming(live?.attrs.group?.desiredCapacity) : timings[verb];
  },

  actions: stackActions,

  async list(ctx, id) {
    const lives = await listStacks(ctx, (each) => (id === undefined ? each.startsWith("nodegroup/") : each === id));
    return Promise.all(lives.map((live) => withGroup(live, ctx)));
  },
  read,
  find: read,
  byHand: ({ id, spec }) => registeredByHand(id, spec.registration),

  async create(want, ctx) {
    const { StackId } = await ctx.clients.cloudformation.send(
      new CreateStackCommand({
        StackName: want.name,
        TemplateBody: templateOf(want.spec),
        Parameters: parametersOf(want, sizeAtFirst(want.spec)),
        Capabilities: ["CAPABILITY_NAMED_IAM"],
        // What the group and the profile are tagged with follows from the stack's.
        Tags: stackTags(ctx, want.id, want.spec),
        ClientRequestToken: want.token,
      }),
    );
    created(StackId, "stack");
    return { ref: want.name };
  },

  retire: (live, ctx) => drainNodes(nodesLabelled(live.id), ctx),

  async delete(live, ctx) {
    await ctx.clients.cloudformation.send(new DeleteStackCommand({ StackName: live.attrs.stackId }));
  },

  aspects: {
    // First of all: what else differs is in the same change set then.
    launchTemplate: {
      want: (_spec, deps) => deps.launchTemplate.id,
      have: ({ parameters }) => parameters["LaunchTemplate"] ?? null,
      change: () => "roll",
    },
    nodesVersion: {
      want: (_spec, deps) => deps.launchTemplate.nodesVersion,
      have: ({ parameters, group }, want) => {
        const oldest = Math.min(Number(parameters["LaunchTemplateVersion"]), group?.oldestVersion ?? Infinity);
        return typeof want === "number" ? Math.min(oldest, want) : oldest;
      },
      change: () => "roll",
    },
    labels: {
      want: ({ registration }) => registration.labels,
      have: ({ template }, want) => registeredIn(template)?.labels ?? want,
      change: () => "registration",
    },
    taints: {
      want: ({ registration }) => taintsByName(registration),
      have: ({ template }, want) => {
        const registered = registeredIn(template);
        return registered ? taintsByName(registered) : want;
      },
      change: () => "registration",
    },
    launchTemplateVersion: {
      want: (_spec, deps) => deps.launchTemplate.latestVersion,
      have: ({ parameters }) => Number(parameters["LaunchTemplateVersion"]),
      change: () => "stack",
    },
    template: {
      want: (spec) => describedIn(templateOf(spec)),
      have: ({ template }) => describedIn(template),
      change: () => "stack",
    },
    minSize: {
      want: (spec) => spec.minSize,
      have: ({ group }) => group?.minSize ?? null,
      change: () => "stack",
    },
    maxSize: {
      want: (spec) => spec.maxSize,
      have: ({ group }) => group?.maxSize ?? null,
      change: () => "stack",
    },
    desiredCapacity: desiredCapacityAspect(({ group }) => group?.desiredCapacity ?? null, "stack"),
    role: {
      want: ({ instanceProfile }, deps) => (instanceProfile ? deps.role[0]?.name : null),
      have: ({ parameters }) => parameters["Role"] ?? null,
      change: () => "stack",
    },
    subnets: {
      want: (spec, deps) => wantedSubnets(spec, deps.subnets),
      have: ({ parameters }, want) => heldSubnets(subnetsIn(parameters), want),
      change: () => "stack",
    },
    suspendedProcesses: {
      want: (spec) => spec.suspendedProcesses?.toSorted(),
      have: ({ group }) => group?.suspendedProcesses ?? [],
      change: (): Effect<"processes"> => "processes",
    },
    tags: { ...tagsAspect, change: () => "stack" },
  },

  updates: {
    stack: changeNodegroup,
    roll: changeNodes,
    registration: changeRegistration,
    processes: async (want, live, ctx) => moveProcesses(want.spec.suspendedProcesses ?? [], live, ctx),
  },
};

function taintsByName({ taints }: Registration): Readonly<Record<string, string>> {
  return Object.fromEntries(taints.map(({ key, value = "", effect }) => [`${key}:${effect}`, value]));
}

async function read(name: string, ctx: AwsContext): Promise<Live<StackAttrs> | null> {
  const live = await readStack(name, ctx);
  return live && withGroup(live, ctx);
}

/** Where nobody says otherwise, as eksctl. */
function sizeAtFirst({ minSize = 2, maxSize = minSize, desiredCapacity = minSize }: StackSpec) {
  return { minSize, maxSize, desiredCapacity };
}

function stackTags(ctx: AwsContext, id: string, spec: StackSpec): Tag[] {
  return tagList({ ...creationTags(ctx, id, spec.tags), ...appliedCapacity(spec.desiredCapacity) });
}

/** Seconds. CloudFormation gives a new instance profile two minutes. */
const timings = {
  create: { expect: 160, limit: 3600 },
  delete: { expect: 60, limit: 3600 },
  stack: { expect: 20, limit: 3600 },
  registration: { expect: 20, limit: 3600 },
  processes: { expect: 2, limit: 120 },
} as const satisfies Readonly<Record<string, Duration>>;

/** Nodes are replaced one after the other. */
function rollTiming(spec: StackSpec | undefined, attrs: StackAttrs | undefined): Duration {
  const nodes = attrs?.group?.desiredCapacity ?? spec?.desiredCapacity ?? 1;
  const expect = 30 + 120 * Math.max(1, nodes);
  return { expect, limit: Math.max(7200, expect * 5) };
}
