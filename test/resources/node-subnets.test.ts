import { describe, expect, it } from "vitest";
import { heldSubnets, subnetsAtFirst, wantedSubnets } from "../../src/resources/node-subnets.ts";

const subnets = [{ id: "b" }, { id: "a" }];

describe("the subnets of a nodegroup", () => {
  it("are exactly those that the file names", () => {
    const want = wantedSubnets({}, subnets);
    expect(want).toEqual(["a", "b"]);
    expect(heldSubnets(["a"], want)).toEqual(["a"]);
  });

  it("stay as they are where the file leaves them open, among those that would do", () => {
    const want = wantedSubnets({ keepsSubnets: true }, subnets);
    expect(heldSubnets(["a"], want)).toEqual(want);
    expect(heldSubnets(["a", "c"], want)).toEqual(["a", "c"]);
    expect(heldSubnets([], want)).toEqual([]);
    expect(subnetsAtFirst({ keepsSubnets: true }, subnets)).toEqual(["b", "a"]);
  });

  it("are one of them for nodes that are to be near to each other: the first, or the one that it has", () => {
    const choice = { keepsSubnets: true, oneSubnet: true } as const;
    expect(subnetsAtFirst(choice, subnets)).toEqual(["b"]);
    const want = wantedSubnets(choice, subnets);
    expect(heldSubnets(["a"], want)).toEqual(want);
    expect(heldSubnets(["a", "b"], want)).toEqual(["a", "b"]);
  });
});
