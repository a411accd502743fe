import { describe, expect, it } from "vitest";
import {
  elementChanges,
  foreignElements,
  memory,
  memoryChanges,
  memoryTag,
  ownElements,
  rememberedElements,
  unforgotten,
  wroteBy,
} from "../../src/aws/element-ownership.ts";
import { globalName, ownerHash, rolePath } from "../../src/aws/names.ts";
import { partitionOf, servicePrincipal } from "../../src/aws/partition.ts";
import { idOf, isReservedTag, layoutOf, owned, ownershipTags } from "../../src/aws/tags.ts";

const owner = { region: "us-west-2", cluster: "demo" };

describe("ownership tags", () => {
  it("tell the cluster, its region and the part", () => {
    const tags = ownershipTags(owner, "vpc");
    expect(tags).toEqual({ "ekstool.dev/cluster": "demo", "ekstool.dev/region": "us-west-2", "ekstool.dev/id": "vpc" });
    expect(idOf(tags)).toBe("vpc");
    expect(owned(tags, owner)).toBe(true);
    expect(owned(tags, { ...owner, region: "eu-west-1" })).toBe(false);
    expect(owned(tags, { ...owner, cluster: "other" })).toBe(false);
    expect(owned({}, owner)).toBe(false);
  });

  it("tell the layout on the control plane alone", () => {
    expect(layoutOf(ownershipTags(owner, "cluster"))).toBe("1");
    expect(layoutOf(ownershipTags(owner, "vpc"))).toBeUndefined();
  });

  it("are not shown as somebody else's", () => {
    expect(Object.keys(ownershipTags(owner, "cluster")).every(isReservedTag)).toBe(true);
    expect(isReservedTag("aws:eks:cluster-name")).toBe(true);
    expect(isReservedTag("kubernetes.io/role/elb")).toBe(false);
  });
});

describe("element ownership", () => {
  const tags = { [memoryTag("labels")]: memory(["a", "b"]) };
  const wrote = wroteBy(tags, "labels");

  it("sees what is wanted and what we once wrote, and keeps the rest", () => {
    const live = { a: "1", b: "2", foreign: "3" };
    expect(ownElements(live, { a: "1" }, wrote)).toEqual({ a: "1", b: "2" });
    expect(foreignElements(live, { a: "1" }, wrote)).toEqual(["foreign"]);
    expect(elementChanges(live, { a: "x", c: "9" }, wrote)).toEqual({ set: { a: "x", c: "9" }, remove: ["b"] });
    expect(elementChanges(live, {}, wrote)).toEqual({ set: {}, remove: ["a", "b"] });
  });

  it("takes nothing for ours without a memory", () => {
    expect(wroteBy({}, "labels")("a")).toBe(false);
    expect(wroteBy({ [memoryTag("labels")]: "" }, "labels")("")).toBe(false);
  });

  it("sees that something is gone and still remembered", () => {
    expect(rememberedElements({ a: "1", foreign: "3" }, { a: "1" }, tags, "labels")).toEqual({
      a: "1",
      ...unforgotten,
    });
    expect(rememberedElements({ a: "1" }, { a: "1", b: "2" }, tags, "labels")).toEqual({ a: "1" });
    expect(rememberedElements({ a: "1", b: "2" }, { a: "1" }, tags, "labels")).toEqual({ a: "1", b: "2" });
    const after = { [memoryTag("labels")]: memory(["a"]) };
    expect(memoryChanges("labels", tags, ["a", "foreign"], ["a"])).toEqual({ before: {}, after });
  });

  it("fits into a tag, and what does not fit is never taken for ours by mistake", () => {
    const keys = Array.from({ length: 100 }, (_, index) => `key-${index}`);
    const value = memory(keys);
    expect(value.length).toBe(256);
    expect(value).toMatch(/^[\w-]*$/);
    const remembers = wroteBy({ [memoryTag("tags")]: value }, "tags");
    expect(keys.filter(remembers)).toHaveLength(64);
    expect(Array.from({ length: 100 }, (_, index) => `foreign-${index}`).filter(remembers)).toEqual([]);
  });

  it("remembers before it adds and forgets after it removes", () => {
    const tag = memoryTag("labels");
    expect(memoryChanges("labels", tags, ["a", "b", "foreign"], ["a", "b"])).toEqual({ before: {}, after: {} });
    expect(memoryChanges("labels", tags, ["a", "b"], ["a", "c"])).toEqual({
      before: { [tag]: memory(["a", "b", "c"]) },
      after: { [tag]: memory(["a", "c"]) },
    });
    expect(memoryChanges("labels", tags, ["a", "b"], ["a"])).toEqual({ before: {}, after: { [tag]: memory(["a"]) } });
  });
});

const longName = (end: string) =>
  globalName({ ...owner, cluster: "c".repeat(60) }, `nodegroup-${"n".repeat(40)}${end}`);

describe("names of a whole account", () => {
  it("tell clusters of one name in two regions apart", () => {
    const name = globalName(owner, "cluster");
    expect(name).toBe(`demo-cluster-${ownerHash(owner)}`);
    expect(globalName({ ...owner, region: "eu-west-1" }, "cluster")).not.toBe(name);
    expect(rolePath(owner)).toBe("/ekstool/us-west-2/demo/");
  });

  it("have at most 64 characters, and stay different when cut", () => {
    expect(longName("1").length).toBeLessThanOrEqual(64);
    expect(longName("1")).not.toBe(longName("2"));
    expect(longName("1")).toMatch(/^[\w+=,.@-]+$/);
  });
});

describe("partitions", () => {
  it.each([
    ["us-west-2", "aws"],
    ["cn-north-1", "aws-cn"],
    ["us-gov-west-1", "aws-us-gov"],
    ["us-iso-east-1", "aws-iso"],
    ["us-isob-east-1", "aws-iso-b"],
  ])("%s is in %s", (region, partition) => {
    expect(partitionOf(region)).toBe(partition);
  });

  it("have their own names of some services", () => {
    expect(servicePrincipal("ec2.amazonaws.com", "aws-cn")).toBe("ec2.amazonaws.com.cn");
    expect(servicePrincipal("eks.amazonaws.com", "aws-cn")).toBe("eks.amazonaws.com");
    expect(servicePrincipal("ec2.amazonaws.com", "aws-us-gov")).toBe("ec2.amazonaws.com");
  });
});
