import type { World } from "../../src/sandbox/world.ts";
import { type Inventory, inventory, isThere, ownIam } from "./campaign-inventory.ts";

type Data = Readonly<Record<string, unknown>>;

/** A sandbox, or what it answers about itself. */
interface Holder {
  readonly world: Pick<World, "state">;
}

/** A record of the sandbox's account that can carry tags. */
export interface Holding {
  /** What it is one of, as `vpcs`. */
  readonly family: string;
  /** Where it is in the account, as `us-west-2/ec2/vpcs/vpc-0ab…`. */
  readonly at: string;
  readonly record: Data;
  readonly tags: Readonly<Record<string, string>>;
}

/** Everything that an account holds, as plain data: what it was asked and what is still to happen is left out. */
export function contents({ world }: Holder): unknown {
  const { regions, iam, account } = world.state;
  const held = Object.entries(regions).map(
    ([name, { autoscaling, cloudformation, ec2, eks, events, logs, elb, elbv2, rolesanywhere, sqs, ssm }]) => {
      const stacks = Object.values(cloudformation.stacks).filter(isThere);
      const { groups } = autoscaling;
      const { clientTokens: _asked, ...resources } = ec2;
      return [
        name,
        {
          stacks,
          groups,
          ec2: resources,
          eks: eks.clusters,
          logs: logs.groups,
          elb,
          elbv2,
          ssm: ssm.parameters,
          events,
          rolesanywhere,
          sqs: sqs.queues,
        },
      ] as const;
    },
  );
  return JSON.parse(
    JSON.stringify({ account, iam: ownIam(iam), regions: Object.fromEntries(held.filter(([, one]) => isHeld(one))) }),
  );
}

function isHeld(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).some(isHeld);
}

/** All records with tags, wherever they are. */
export function holdings({ world }: Holder): readonly Holding[] {
  const { regions, iam } = world.state;
  const found: Holding[] = [];
  const visit = (value: unknown, path: readonly string[]): void => {
    if (typeof value !== "object" || value === null) return;
    const record = value as Data;
    if (!isThere(record)) return;
    if ("tags" in record) {
      found.push({ family: path.at(-2) ?? "", at: path.join("/"), record, tags: tagsOf(record["tags"]) });
    }
    for (const [key, inner] of Object.entries(record)) if (!leaves.has(key)) visit(inner, [...path, key]);
  };
  visit({ ...regions, iam }, []);
  return found;
}

const leaves: ReadonlySet<string> = new Set([
  "tags",
  "versions",
  "asked",
  "updates",
  "clientTokens",
  "changeSets",
  "operation",
]);

function tagsOf(tags: unknown): Readonly<Record<string, string>> {
  if (!Array.isArray(tags)) return { ...(tags as Readonly<Record<string, string>>) };
  const list = tags as readonly Readonly<Record<string, string>>[];
  return Object.fromEntries(list.map((tag) => [tag["Key"] ?? tag["key"], tag["Value"] ?? tag["value"]]));
}

/** What carries the ownership tags of a cluster; of any, where none is named. */
export function owned(sandbox: Holder, cluster?: string, region?: string): readonly Holding[] {
  return holdings(sandbox).filter(
    ({ tags }) =>
      "ekstool.dev/cluster" in tags &&
      (cluster === undefined || tags["ekstool.dev/cluster"] === cluster) &&
      (region === undefined || tags["ekstool.dev/region"] === region),
  );
}

/** What AWS makes by itself around what it is asked for, and tags in its own way or not at all. */
export function isMadeByAws({ family, record, tags }: Holding): boolean {
  switch (family) {
    case "securityGroups":
      return record["GroupName"] === "default" || "aws:eks:cluster-name" in tags;
    case "securityGroupRules":
    case "podIdentityAssociations":
    case "accessEntries":
      return Object.keys(tags).length === 0;
    case "routeTables":
      return (record["associations"] as readonly { readonly subnetId: unknown }[]).some((one) => one.subnetId === null);
    case "roles":
      return String(record["path"]).startsWith("/aws-service-role/");
    case "networkInterfaces":
      return record["RequesterManaged"] === true || record["InterfaceType"] === "nat_gateway";
    default:
      return false;
  }
}

/**
 * How everything is set: the inventory without what only counts, or comes and goes with nodes. The same before an edit and
 * after it was taken back.
 */
export function settings(holder: Holder): Inventory {
  return inventoryOf(holder, {}, {});
}

/**
 * The same without what does not come back with an edit: nobody takes a nodegroup to an older release, the tags of coming nodes
 * are those of the last roll, as an edit tags what there is, and where somebody deletes the entry of a node role EKS makes one.
 */
export function recurringSettings(holder: Holder): Inventory {
  const state = structuredClone(holder.world.state);
  const clusters = Object.values(state.regions).flatMap(({ eks }) => Object.values(eks.clusters));
  for (const entry of clusters.flatMap(({ accessEntries }) => Object.values(accessEntries))) {
    if (entry.type === "EC2_LINUX") entry.tags = {};
  }
  return inventoryOf({ world: { state } }, { releaseVersion: "" }, { TagSpecifications: [] });
}

/** @param ofNodegroup, ofTemplate what to read in place of what is there. */
function inventoryOf({ world }: Holder, ofNodegroup: Data, ofTemplate: Data): Inventory {
  const { regions, iam } = structuredClone(world.state);
  for (const { autoscaling, cloudformation, ec2, eks } of Object.values(regions)) {
    Object.assign(ec2, { instances: {}, volumes: {}, networkInterfaces: {} });
    // What its group is, the group itself says.
    for (const stack of Object.values(cloudformation.stacks).filter(isThere)) {
      const source = { ...stack.source, template: "", parameters: {} };
      Object.assign(stack, { status: "", resources: {}, outputs: [], source });
    }
    for (const group of Object.values(autoscaling.groups)) {
      Object.assign(group, { template: { ...group.template, version: "" }, instances: [] });
    }
    for (const template of Object.values(ec2.launchTemplates)) {
      const versions = { ...template.versions.at(-1)?.data, ...ofTemplate };
      Object.assign(template, { versions, lastVersion: 0, DefaultVersionNumber: 0 });
    }
    // One that was made anew has no version behind it.
    for (const cluster of Object.values(eks.clusters)) cluster.upgraded = null;
    for (const nodegroup of Object.values(eks.clusters).flatMap((cluster) => Object.values(cluster.nodegroups))) {
      Object.assign(nodegroup, { launchTemplate: nodegroup.launchTemplate?.id, instanceIds: [], ...ofNodegroup });
    }
  }
  return inventory({ regions, iam });
}
