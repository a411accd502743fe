import { describe, expect, it } from "vitest";
import { AwsError } from "../../src/sandbox/aws-error.ts";
import { durations } from "../../src/sandbox/durations.ts";
import { paginate } from "../../src/sandbox/paginate.ts";
import { partitionOf } from "../../src/sandbox/partitions.ts";
import type { WorldState } from "../../src/sandbox/world.ts";
import { completed, emptyWorldState, worldOver } from "../../src/sandbox/world-state.ts";

const world = (seed?: number) => {
  const state = emptyWorldState();
  return worldOver(
    () => state,
    () => 0,
    seed,
  );
};

describe("identifiers", () => {
  it("have AWS's form and come in one order", () => {
    const [a, b] = [world(), world()];
    const ids = (of: typeof a) => [of.id("vpc"), of.id("subnet"), of.hex(40)];
    const made = ids(a);
    expect(made[0]).toMatch(/^vpc-0[0-9a-f]{16}$/);
    expect(made[2]).toMatch(/^[0-9a-f]{40}$/);
    expect(new Set(made.map((id) => id.replace(/^\w+-0?/, "").slice(0, 16))).size).toBe(3);
    expect(ids(b)).toEqual(made);
  });
});

describe("durations", () => {
  it("are the table's without a seed", () => {
    expect(world().duration("clusterCreate", "demo")).toBe(durations.clusterCreate * 1000);
  });

  it("are drawn within 40 % with one, alike for the same thing whatever came before", () => {
    const seeded = world(7);
    const names = Array.from({ length: 200 }, (_, index) => `n${index}`);
    const drawn = names.map((name) => seeded.duration("nodegroupCreate", name) / 1000 / durations.nodegroupCreate);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0.6);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(1.4);
    expect(Math.max(...drawn) - Math.min(...drawn)).toBeGreaterThan(0.5);
    const another = world(7);
    another.id("vpc");
    expect(names.toReversed().map((name) => another.duration("nodegroupCreate", name))).toEqual(
      names.toReversed().map((name) => seeded.duration("nodegroupCreate", name)),
    );
    expect(world(8).duration("clusterCreate", "demo")).not.toBe(seeded.duration("clusterCreate", "demo"));
  });
});

describe("regions", () => {
  it.each([
    ["us-west-2", "aws"],
    ["ap-southeast-7", "aws"],
    ["mx-central-1", "aws"],
    ["cn-north-1", "aws-cn"],
    ["us-gov-west-1", "aws-us-gov"],
    ["us-iso-east-1", "aws-iso"],
    ["us-isob-east-1", "aws-iso-b"],
    ["us-west-2a", undefined],
    ["us-moon-1", undefined],
    ["uswest2", undefined],
  ])("%s is in %s", (region, partition) => {
    expect(partitionOf(region)).toBe(partition);
  });

  it("are separate", () => {
    const made = world();
    const region = (name: string) => made.region(name);
    expect(region("us-west-2")).toBe(region("us-west-2"));
    expect(region("us-west-2")).not.toBe(region("us-east-1"));
    expect(() => region("nowhere")).toThrow(AwsError);
  });

  it("of an older account hold nothing of a service that came later", () => {
    const { state, region } = world();
    const { ec2, eks, logs } = region("us-west-2");
    const { vpnGateways: _later, ...oldEc2 } = ec2;
    const older = { ...state, regions: { "us-west-2": { ec2: oldEc2, eks, logs } } } as unknown as WorldState;
    expect(completed(older).regions["us-west-2"]).toEqual({ ...region("us-west-2"), ec2, eks, logs });
  });
});

describe("pages", () => {
  it("go through a list without gaps", () => {
    const items = [1, 2, 3, 4, 5];
    const seen: number[] = [];
    let next: string | undefined;
    do {
      const page = paginate(items, next, undefined, 2);
      seen.push(...page.items);
      next = page.next;
    } while (next !== undefined);
    expect(seen).toEqual(items);
    expect(paginate(items, undefined, 5, 2)).toEqual({ items });
  });

  it("refuse tokens of others", () => {
    expect(() => paginate([1], "7", undefined, 1)).toThrow(AwsError);
    expect(() => paginate([1], "bmV4dDotMQ==", undefined, 1, "InvalidMarker")).toThrow(
      expect.objectContaining({ code: "InvalidMarker" }),
    );
  });
});
