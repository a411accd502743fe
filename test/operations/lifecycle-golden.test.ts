import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PlanItem } from "../../src/engine/plan-types.ts";
import { RefusedError } from "../../src/errors.ts";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { type Account, closing, failuresOf, openTestAccount } from "../support/account.ts";
import { holdings, isMadeByAws, owned, settings } from "../support/holdings.ts";
import { edited, isMapping } from "./golden-file.ts";
import { selfManaged } from "./golden-self-managed.ts";
import { type Request, before, edits as goldenEdits } from "./golden-table.ts";

let base: Account;
beforeAll(async () => {
  base = await openTestAccount();
  expect(failuresOf(await base.create(JSON.stringify(before)))).toEqual([]);
}, 60_000);
afterAll(() => base.close());

const untouched = JSON.stringify(before);

/** The changing requests that AWS took since the last look. */
/** Without what moves from node to node: that depends on where Kubernetes had put it. */
function taken(account: Account): readonly Request[] {
  const written = inLogicalIds(account.sandbox);
  return account
    .changes()
    .filter(({ operation, outcome }) => outcome === "ok" && operation !== "create pods/eviction")
    .map(({ service, operation, input }) => [`${service}.${operation}`, written(input) as Request[1]]);
}

/** Writes inputs with logical ids for AWS's identifiers, and without what is drawn. */
function inLogicalIds(sandbox: Sandbox): (value: unknown) => unknown {
  const names = new Map<string, string>();
  for (const { at, family, tags, record } of holdings(sandbox)) {
    const id = at.split("/").at(-1) ?? "";
    const kind = { instances: "instance", volumes: "volume", networkInterfaces: "interface" }[family];
    const name = kind ?? tags["ekstool.dev/id"];
    if (name === undefined) continue;
    if (/^[a-z]+-[0-9a-f]{17}$/.test(id) || family === "roles") names.set(id, `<${name}>`);
    if (typeof record["arn"] === "string") names.set(record["arn"], `<${name}>`);
  }
  const isMemory = (key: string) =>
    /^ekstool\.dev\/(tags|labels|taints|policies|routes|asg-tags|asg-processes)$/.test(key);
  const write = (value: unknown): unknown => {
    if (typeof value === "string") {
      return names.get(value) ?? value.replaceAll(/\b[a-z]+-[0-9a-f]{17}\b/g, (id) => names.get(id) ?? id);
    }
    if (Array.isArray(value)) return value.map(write);
    if (!isMapping(value)) return value;
    const { Key } = value;
    if (typeof Key === "string" && isMemory(Key)) return { Key, Value: "(remembered)" };
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [key, isMemory(key) ? "(remembered)" : write(part)]),
    );
  };
  return write;
}

/** Whether all that is wanted is in a value; lists are compared as a whole, element by element. */
function holds(value: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(value) && value.length === wanted.length && wanted.every((part, index) => holds(value[index], part))
    );
  }
  if (!isMapping(wanted)) return value === wanted;
  return isMapping(value) && Object.entries(wanted).every(([key, part]) => holds(value[key], part));
}

/** Requests in the order of those that are wanted; what nobody wants comes last. */
function arranged(requests: readonly Request[], wanted: readonly Request[]): readonly Request[] {
  const rest = [...requests];
  const found = wanted.flatMap((request) => {
    const at = rest.findIndex((one) => holds(one, request));
    return at < 0 ? [] : rest.splice(at, 1);
  });
  return [...found, ...rest];
}

function verbsOf(items: readonly PlanItem[]): readonly string[] {
  return items.flatMap(({ verb, id }) => (verb === "keep" ? [] : [`${verb} ${id}`])).toSorted();
}

/** The instances that run. */
function nodesOf({ sandbox }: Account): readonly string[] {
  const { instances } = sandbox.world.region("us-west-2").ec2;
  return Object.values(instances).flatMap(({ InstanceId, state }) => (state === "running" ? [InstanceId] : []));
}

/** Whether AWS is asked to replace nodes. */
function rolls([operation]: Request): boolean {
  return ["eks.UpdateNodegroupVersion", "autoscaling.TerminateInstanceInAutoScalingGroup"].includes(operation);
}

describe.each([
  { of: "a file", before, edits: goldenEdits },
  { of: "a file of self-managed nodes", ...selfManaged },
])("an edit of $of is exactly these requests", ({ before: from, edits }) => {
  let made: Account;
  beforeAll(async () => {
    made = from === before ? base : await openTestAccount();
    if (made !== base) expect(failuresOf(await made.create(JSON.stringify(from)))).toEqual([]);
  }, 60_000);
  afterAll(() => made.close());

  it.each(edits)("$what", async ({ requests, unordered, stays, ...edit }) => {
    const account = closing(await made.fork());
    const { sandbox } = account;
    const text = edited(edit, from);
    const unedited = edited({ file: edit.given ?? {} }, from);
    if (edit.given) expect(failuresOf(await account.apply(unedited))).toEqual([]);
    account.changes();
    const proposal = await account.plan(text);
    expect(proposal.changes).toBe(requests.length > 0);
    expect(account.changes()).toEqual([]);
    const atFirst = settings(sandbox);
    const nodes = nodesOf(account);

    const finished = await proposal.run({ onFailure: "auto" });
    expect(failuresOf(finished)).toEqual([]);
    expect(finished.result.outcome).toBe("done");
    const sent = taken(account);
    expect(unordered ? arranged(sent, requests) : sent).toMatchObject(requests);
    expect(sent.map(([operation]) => operation)).toHaveLength(requests.length);
    const again = await account.plan(text);
    expect(verbsOf(again.items)).toEqual([]);
    // Nodes are replaced exactly where AWS is asked for that, and then the plan has said so.
    const asked = sent.some(rolls);
    expect(nodesOf(account).filter((node) => nodes.includes(node))).toEqual(asked ? [] : nodes);
    expect(proposal.items.some(({ interrupts, kind }) => interrupts && /nodegroup|stack/.test(kind))).toBe(asked);

    if (stays || requests.length === 0) return;
    expect(failuresOf(await account.apply(unedited, { prune: true }))).toEqual([]);
    expect(settings(sandbox)).toEqual(atFirst);
  });
});

describe("an edit of metadata.tags", () => {
  it("reaches every tagged thing once, and nothing else; so does taking it back", async () => {
    const account = closing(await base.fork());
    const { sandbox } = account;
    const atFirst = settings(sandbox);
    const text = edited({ file: { metadata: { tags: { team: "red", stage: "test" } } } });
    expect(failuresOf(await account.apply(text))).toEqual([]);
    for (const [operation] of taken(account)) {
      expect(["ec2.CreateTags", "eks.TagResource", "iam.TagRole", "logs.TagResource"]).toContain(operation);
    }
    const ours = holdings(sandbox).filter((holding) => owned(sandbox).includes(holding) || !isMadeByAws(holding));
    for (const { at, tags } of ours.filter(({ tags }) => "ekstool.dev/id" in tags)) {
      expect({ at, ...tags }).toMatchObject({ at, team: "red", stage: "test" });
    }
    expect(verbsOf((await account.plan(text)).items)).toEqual([]);

    expect(failuresOf(await account.apply(untouched))).toEqual([]);
    expect(settings(sandbox)).toEqual(atFirst);
  });
});

describe("what is no longer in the file", () => {
  const removals = [
    {
      what: "an access entry",
      file: { accessConfig: { accessEntries: [] } },
      orphans: ["access-entry/arn:aws:iam::111122223333:role/developers"],
      deletions: ["eks.DeleteAccessEntry"],
    },
    {
      what: "an extra CIDR",
      file: { vpc: { extraCIDRs: [] } },
      orphans: ["security-group-rule/control-plane/10.100.0.0/16"],
      deletions: ["ec2.RevokeSecurityGroupIngress"],
    },
    {
      what: "a nodegroup",
      file: { managedNodeGroups: [] },
      orphans: ["access-entry/nodegroup/web", "launch-template/web", "nodegroup/web", "role/nodegroup/web"],
      deletions: [
        "eks.DeleteNodegroup",
        "eks.DeleteAccessEntry",
        "ec2.DeleteLaunchTemplate",
        "iam.DetachRolePolicy",
        "iam.DetachRolePolicy",
        "iam.DetachRolePolicy",
        "iam.DetachRolePolicy",
        "iam.DeleteRole",
        "kubernetes.patch nodes",
        "kubernetes.patch nodes",
      ],
    },
  ];
  it.each(removals)("$what is listed, and deleted only with prune", async ({ file, orphans, deletions }) => {
    const account = closing(await base.fork());
    const text = edited({ file });
    const atFirst = settings(account.sandbox);
    const listed = await account.plan(text);
    const isCoreDns = (verb: string) => /addon\/(coredns|metrics-server)$/.test(verb);
    expect(verbsOf(listed.items).filter((verb) => !isCoreDns(verb))).toEqual(orphans.map((id) => `orphan ${id}`));
    expect(listed.changes).toBe(false);
    expect(failuresOf(await account.apply(text))).toEqual([]);
    expect(account.changes()).toEqual([]);
    expect(settings(account.sandbox)).toEqual(atFirst);

    expect(failuresOf(await account.apply(text, { prune: true }))).toEqual([]);
    expect(
      taken(account)
        .map(([operation]) => operation)
        .toSorted(),
    ).toEqual(deletions.toSorted());
    expect((await account.plan(text, true)).changes).toBe(false);
    expect(failuresOf(await account.apply(untouched))).toEqual([]);
    expect(settings(account.sandbox)).toEqual(atFirst);
  });

  it("an identity provider: the add-on gives its role back before the role goes", async () => {
    const account = closing(await base.fork());
    const atFirst = settings(account.sandbox);
    expect(failuresOf(await account.apply(edited({ file: { iam: { withOIDC: true } } })))).toEqual([]);
    account.changes();
    expect(failuresOf(await account.apply(untouched, { prune: true }))).toEqual([]);
    const sent = taken(account).map(([operation]) => operation);
    expect(sent.indexOf("eks.UpdateAddon")).toBeGreaterThanOrEqual(0);
    expect(sent.indexOf("iam.DeleteRole")).toBeGreaterThan(sent.indexOf("eks.UpdateAddon"));
    expect(settings(account.sandbox)).toEqual(atFirst);
  });
});

describe("an edit that EKS cannot bring into a nodegroup makes another one in its place", () => {
  it.each([
    ["AMI family", "amiType", { amiFamily: "Bottlerocket", releaseVersion: undefined }],
    ["capacity type", "capacityType", { spot: true }],
    ["subnets", "subnets", { availabilityZones: ["us-west-2a"] }],
  ] as const)("%s", async (_what, aspect, nodegroup) => {
    const account = closing(await base.fork());
    const text = edited({ file: {}, nodegroup });
    const proposal = await account.plan(text);
    const item = proposal.items.find(({ id, verb }) => id === "nodegroup/web" && verb === "replace");
    expect(item?.changes.map((change) => change.aspect)).toContain(aspect);
    expect(failuresOf(await proposal.run({ onFailure: "auto" }))).toEqual([]);
    const sent = taken(account).map(([operation]) => operation);
    expect(sent.filter((operation) => !operation.startsWith("ec2."))).toEqual([
      "eks.CreateNodegroup",
      "kubernetes.patch nodes",
      "kubernetes.patch nodes",
      "eks.DeleteNodegroup",
    ]);
    expect(verbsOf((await account.plan(text)).items)).toEqual([]);
  });
});

describe("an edit that AWS cannot follow is refused, with the way out, and nothing is touched", () => {
  it.each([
    [
      "two minors up",
      { file: { metadata: { version: "1.36" } } },
      /upgrade cluster` goes from 1\.34 to 1\.36 step by step/,
    ],
    [
      "a VPC's CIDR",
      { file: { vpc: { cidr: "10.0.0.0/16" } } },
      /keeps its primary CIDR block, 192\.168\.0\.0\/16; put that into vpc\.cidr/,
    ],
    [
      "the service CIDR",
      { file: { kubernetesNetworkConfig: { serviceIPv4CIDR: "10.250.0.0/16" } } },
      /cannot change the service CIDR/,
    ],
  ] as const)("%s", async (_what, edit, reason) => {
    const account = closing(await base.fork());
    const atFirst = settings(account.sandbox);
    const { items, changes } = await account.plan(edited(edit));
    expect(changes).toBe(true);
    const refused = items.filter(({ verb }) => verb === "refuse");
    expect(refused.map(({ reason: said }) => said).join("\n")).toMatch(reason);
    await expect(account.apply(edited(edit))).rejects.toThrow(RefusedError);
    expect(account.changes()).toEqual([]);
    expect(settings(account.sandbox)).toEqual(atFirst);
  });

  it("an authentication mode goes forward only", async () => {
    const account = closing(await base.fork());
    expect(failuresOf(await account.apply(edited({ file: { accessConfig: { authenticationMode: "API" } } })))).toEqual(
      [],
    );
    await expect(account.apply(untouched)).rejects.toThrow(/cannot take an authentication mode back/);
  });
});
