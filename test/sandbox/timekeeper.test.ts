import { expect, it } from "vitest";
import { realClock } from "../../src/clock.ts";
import { timekeeper, type Member } from "../../src/sandbox/timekeeper.ts";

const second = 1000;
const wait = (member: Member, until: number) => new Promise<number>((resolve) => member.wait(until, resolve));

it("jumps at once when it is not paced", async () => {
  const time = timekeeper(0);
  const member = time.join();
  const start = time.clock.now();
  expect(await wait(member, start + 86_400 * second)).toBe(start + 86_400 * second);
  expect(time.clock.now()).toBe(start + 86_400 * second);
});

it("paces members with the speed", async () => {
  const time = timekeeper(0, 1000);
  const member = time.join();
  const start = time.clock.now();
  const woken = wait(member, start + 60 * second).then(() => "woken");
  expect(await Promise.race([woken, realClock.sleep(20).then(() => "still waiting")])).toBe("still waiting");
  expect(time.clock.now()).toBe(start);
  expect(await woken).toBe("woken");
  expect(time.clock.now()).toBe(start + 60 * second);
});

it("stands still while work is held", async () => {
  const time = timekeeper(0);
  const member = time.join();
  const start = time.clock.now();
  let release: (() => void) | undefined;
  const held = time.clock.hold(() => new Promise<void>((resolve) => (release = resolve)));
  const woken = wait(member, start + second);
  expect(await Promise.race([woken, realClock.sleep(10).then(() => "still waiting")])).toBe("still waiting");
  release?.();
  await held;
  expect(await woken).toBe(start + second);
});

it("wakes its own sleepers on the way, and goes on", async () => {
  const time = timekeeper(0);
  const member = time.join();
  const start = time.clock.now();
  const order: string[] = [];
  const slept = time.clock.sleep(10 * second).then(() => order.push(`sleeper at ${time.clock.now() - start}`));
  const woken = wait(member, start + 20 * second).then((now) => order.push(`member at ${now - start}`));
  await Promise.all([slept, woken]);
  expect(order).toEqual(["sleeper at 10000", "member at 20000"]);
});

it("forgets a sleeper that was called off", async () => {
  const time = timekeeper(0);
  const member = time.join();
  const start = time.clock.now();
  const called = new AbortController();
  const slept = time.clock.sleep(second, called.signal);
  called.abort(new Error("called off"));
  await expect(slept).rejects.toThrow("called off");
  expect(await wait(member, start + 5 * second)).toBe(start + 5 * second);
});
