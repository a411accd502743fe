import { expect, it } from "vitest";
import { systemProcesses } from "../../src/operations/lock/process.ts";

const { self, exists } = systemProcesses();

it("this process is there", () => {
  expect(self.pid).toBe(process.pid);
  expect(exists(self)).toBe(true);
});

it("a number that another process has by now, or none, is no sign of life", () => {
  expect(exists({ ...self, started: "some other time" })).toBe(false);
  expect(exists({ ...self, pid: 2 ** 30 })).toBe(false);
});

it("a process of another machine cannot be told", () => {
  expect(exists({ ...self, space: "another machine" })).toBeUndefined();
  expect(exists({ ...self, host: "another-machine" })).toBeUndefined();
  expect(exists({ ...self, started: "" })).toBeUndefined();
});
