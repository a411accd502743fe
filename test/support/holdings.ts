import type { Sandbox } from "../../src/sandbox/index.ts";

type Data = Readonly<Record<string, unknown>>;

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
export function contents({ world }: Sandbox): unknown {
  const { regions, iam, account } = world.state;
  const held = Object.entries(regions).map(([name, { ec2, eks, logs }]) => {
    const { clientTokens: _asked, quotas: _allowed, ...resources } = ec2;
    return [name, { ec2: resources, eks: eks.clusters, logs: logs.groups }] as const;
  });
  return JSON.parse(
    JSON.stringify({ account, iam, regions: Object.fromEntries(held.filter(([, one]) => isHeld(one))) }),
  );
}

function isHeld(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).some(isHeld);
}

/** All records with tags, wherever they are. */
export function holdings({ world }: Sandbox): readonly Holding[] {
  const { regions, iam } = world.state;
  const found: Holding[] = [];
  const visit = (value: unknown, path: readonly string[]): void => {
    if (typeof value !== "object" || value === null) return;
    const record = value as Data;
    if ("tags" in record) {
      found.push({ family: path.at(-2) ?? "", at: path.join("/"), record, tags: tagsOf(record["tags"]) });
    }
    for (const [key, inner] of Object.entries(record)) if (!leaves.has(key)) visit(inner, [...path, key]);
  };
  visit({ ...regions, iam }, []);
  return found;
}

const leaves: ReadonlySet<string> = new Set(["tags", "versions", "asked", "updates", "clientTokens"]);

function tagsOf(tags: unknown): Readonly<Record<string, string>> {
  if (!Array.isArray(tags)) return { ...(tags as Readonly<Record<string, string>>) };
  const list = tags as readonly { readonly Key: string; readonly Value: string }[];
  return Object.fromEntries(list.map(({ Key, Value }) => [Key, Value]));
}

/** What carries the ownership tags of a cluster; of any, where none is named. */
export function owned(sandbox: Sandbox, cluster?: string, region?: string): readonly Holding[] {
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
    case "networkInterfaces":
      return record["RequesterManaged"] === true || record["InterfaceType"] === "nat_gateway";
    default:
      return false;
  }
}

/**
 * How a cluster is set: its resources by logical id, without what only counts, dates or follows from it. The same before an
 * edit and after it was taken back.
 */
export function settings(sandbox: Sandbox, cluster: string, region: string): Data {
  const lasting = owned(sandbox, cluster, region).filter(({ family }) => !passing.has(family));
  return Object.fromEntries(lasting.map(({ tags, record }) => [tags["ekstool.dev/id"] ?? "", withoutHistory(record)]));
}

/** What comes and goes with the nodes. */
const passing: ReadonlySet<string> = new Set(["instances", "volumes", "networkInterfaces"]);

const history: ReadonlySet<string> = new Set([
  "modifiedAt",
  "updates",
  "lastVersion",
  "DefaultVersionNumber",
  "instanceIds",
  "readySince",
  "associatedAt",
  "nodegroups",
  "addons",
  "accessEntries",
  "networkInterfaceIds",
]);

function withoutHistory(record: Data): Data {
  const { launchTemplate, versions, ...rest } = Object.fromEntries(
    Object.entries(record).filter(([key]) => !history.has(key)),
  ) as Data & {
    readonly launchTemplate?: { readonly id: string };
    readonly versions?: readonly { readonly data: unknown }[];
  };
  const kept = {
    ...rest,
    ...(launchTemplate && { launchTemplate: launchTemplate.id }),
    ...(versions && { data: versions.at(-1)?.data }),
  };
  return JSON.parse(JSON.stringify(kept)) as Data;
}
