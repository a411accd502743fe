import type { GroupRecord } from "../../src/sandbox/services/autoscaling/state.ts";
import type { StackRecord } from "../../src/sandbox/services/cloudformation/state.ts";
import type { WorldState } from "../../src/sandbox/world.ts";

/** By family (`us-west-2 subnets`), every record of it; equal for two accounts that differ in nothing but identifiers and times. */
export type Inventory = Readonly<Record<string, readonly unknown[]>>;

type Data = Readonly<Record<string, unknown>>;

/**
 * All that an account holds, with identifiers replaced by what they stand for and without what only dates, counts or was
 * drawn. Two things that are alike stay two: something made twice shows.
 */
export function inventory({ regions, iam }: Pick<WorldState, "regions" | "iam">): Inventory {
  const families: [string, unknown][] = Object.entries(regions).flatMap(([region, services]): [string, unknown][] => {
    const { autoscaling, cloudformation, ec2, eks, events, logs, elb, elbv2, rolesanywhere, sqs, ssm } = services;
    const { clientTokens: _asked, ...held } = ec2;
    const all = {
      ...held,
      stacks: Object.values(cloudformation.stacks).filter(isThere).map(withoutHistory),
      scalingGroups: Object.values(autoscaling.groups).map(withoutPlaces),
      clusters: eks.clusters,
      logGroups: logs.groups,
      classicLoadBalancers: elb.loadBalancers,
      ...elbv2,
      ...rolesanywhere,
      parameters: ssm.parameters,
      eventRules: events.rules,
      queues: sqs.queues,
    };
    return Object.entries(all).map(([family, records]): [string, unknown] => [`${region} ${family}`, records]);
  });
  families.push(...Object.entries(ownIam(iam)));
  const labels = labelsOf(families.map(([, records]) => records));
  return Object.fromEntries(
    families
      .map(([family, records]) => [family, normalised(Object.values(records as object), labels)] as const)
      .filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]) && entry[1].length > 0),
  );
}

/** Stacks are shown for some time after they are gone. */
export function isThere({ status }: { readonly status?: unknown }): boolean {
  return status !== "DELETE_COMPLETE";
}

/** What a stack is, and not how it came to be so. */
function withoutHistory(stack: StackRecord): object {
  return { ...stack, events: [], changeSets: [], operation: null, token: "", operationToken: "" };
}

/** Where its nodes are, AWS decides each time. */
function withoutPlaces(group: GroupRecord): object {
  const instances = group.instances.map((instance) => ({ ...instance, zone: "" }));
  return { ...group, activities: [], retryAt: 0, instances };
}

/** IAM without the roles that services made for themselves on first use: an account keeps them. */
export function ownIam(iam: WorldState["iam"]): WorldState["iam"] {
  const own = Object.entries(iam.roles).filter(([, { path }]) => !path.startsWith("/aws-service-role/"));
  return { ...iam, roles: Object.fromEntries(own) };
}

/** An identifier of EC2's form. An image's is not drawn: it follows from its release; an association's is EKS's. */
const ec2Id = /\b(?!(?:ami|a)-)[a-z]+(?:-[a-z]+)*-0[0-9a-f]{16}\b/g;
const drawn: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<uuid>"],
  [/\b(?:[0-9a-f]{32,}|[0-9A-F]{32})\b/g, "<hex>"],
  [/\ba-[0-9a-f]{17}\b/g, "<association>"],
  [/-NodeGroup-[0-9A-F]{12}\b/g, "-NodeGroup"],
  [/\b(eks-cluster-sg-[\w-]+)-[0-9a-f]{10}\b/g, "$1"],
  [/\b(AROA|AIDA|AIPA|ANPA)[0-9A-F]{17}\b/g, "<$1>"],
  [/\bhttps:\/\/127\.0\.0\.1:\d+/g, "<sandbox>"],
];

/** Members that date, count, or were drawn. */
const passing: ReadonlySet<string> = new Set(
  [
    "createdAt modifiedAt updatedAt changedAt associatedAt launchedAt attachedAt deletedAt madeAt at",
    "readySince usableAt visibleAt listedAt releasedAt next asked updates",
    "PrivateIpAddress privateIp PublicIp publicIp MacAddress",
  ].flatMap((line) => line.split(" ")),
);

/** Where a node is: AWS launches it in any of its group's subnets. */
const placing: ReadonlySet<string> = new Set(["SubnetId", "zone", "AvailabilityZone", "AvailabilityZoneId"]);

function isOfNode(record: object): boolean {
  return "tags" in record && typeof record.tags === "object" && "alpha.eksctl.io/nodegroup-name" in (record.tags ?? {});
}

/** What each identifier stands for: its logical id, what AWS calls it, or only what kind of thing it is. */
function labelsOf(families: readonly unknown[]): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  for (const [id, record] of families.flatMap((records) => Object.entries(records as Record<string, Data>))) {
    if (id.match(ec2Id)?.[0] === id) labels.set(id, `${prefixOf(id)} ${nameOf(record)}`);
  }
  return labels;
}

function nameOf(record: Data): string {
  const tags = (record["tags"] ?? {}) as Readonly<Record<string, string>>;
  const logical = tags["ekstool.dev/id"];
  if (logical !== undefined) return `${logical} of ${tags["ekstool.dev/cluster"]}`;
  const names = [tags["Name"], tags["eks:nodegroup-name"], record["GroupName"], record["KeyName"], ""];
  return names.find((name) => typeof name === "string") ?? "";
}

function prefixOf(id: string): string {
  return id.slice(0, id.lastIndexOf("-"));
}

/** Lists are sorted: where their order means something to AWS, a record says it otherwise. */
function normalised(value: unknown, labels: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") return renamed(value, labels);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const parts = value.map((part) => normalised(part, labels));
    return parts.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  const members = Object.entries(value).filter(([key]) => !passing.has(key) && !(isOfNode(value) && placing.has(key)));
  return Object.fromEntries(
    members.map(([key, member]) => [renamed(key, labels), normalised(readable(key, member), labels)]).toSorted(byKey),
  );
}

/** What a node is told when it boots says where the cluster's API is. */
function readable(key: string, member: unknown): unknown {
  const isUserData = key === "UserData" || key === "userData";
  return isUserData && typeof member === "string" ? Buffer.from(member, "base64").toString() : member;
}

function byKey([a]: readonly unknown[], [b]: readonly unknown[]): number {
  return String(a) < String(b) ? -1 : 1;
}

/** A text with identifiers replaced by what they stand for. */
function renamed(text: string, labels: ReadonlyMap<string, string> = new Map()): string {
  const named = text.replace(ec2Id, (id) => labels.get(id) ?? prefixOf(id));
  return drawn.reduce((sofar, [pattern, name]) => sofar.replace(pattern, name), named);
}
