import { expect, it } from "vitest";
import { sizeOf } from "../../src/resources/group-size.ts";

const live = { minSize: 2, maxSize: 4, desiredCapacity: 3 };
const size = (minSize: number, maxSize: number, desiredCapacity: number) => ({ minSize, maxSize, desiredCapacity });

it.each([
  ["a desired capacity within the bounds", { desiredCapacity: 4 }, size(2, 4, 4)],
  ["one above them takes the upper one along", { desiredCapacity: 6 }, size(2, 6, 6)],
  ["one below them takes the lower one along", { desiredCapacity: 1 }, size(1, 4, 1)],
  ["bounds of the file are the file's", { minSize: 1, maxSize: 10, desiredCapacity: 6 }, size(1, 10, 6)],
])("edited: %s", (_what, wanted, expected) => {
  expect(sizeOf(wanted, live, true)).toEqual(expected);
});

it.each([
  ["what an autoscaler chose is kept", { desiredCapacity: 1 }, size(2, 4, 3)],
  ["and moved as far as the bounds demand", { minSize: 4 }, size(4, 4, 4)],
  ["a bound takes the other one along", { maxSize: 1 }, size(1, 1, 1)],
  ["upwards, too", { minSize: 5 }, size(5, 5, 5)],
])("not edited: %s", (_what, wanted, expected) => {
  expect(sizeOf(wanted, live, false)).toEqual(expected);
});
