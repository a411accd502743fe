import { describe, expect, it } from "vitest";
import { type Credentials, type KeeperOptions, type Renewal, keepCredentials } from "../../src/aws/credentials.ts";
import { type Clock, pausable, virtualClock } from "../../src/clock.ts";
import { InterruptedError, SignedOutError } from "../../src/errors.ts";

const key = (sessionToken: string, expiration?: Date): Credentials => ({
  accessKeyId: "key",
  secretAccessKey: "secret",
  sessionToken,
  ...(expiration && { expiration }),
});
const expired = new Error("the token is expired");

/** A keeper that has worked once, of a chain that finds what is at hand. */
async function open(options: Partial<KeeperOptions> & { readonly clock?: Clock & KeeperOptions["clock"] } = {}) {
  const chain = { finds: key("first"), asked: 0 };
  const keeper = keepCredentials({
    resolve: async () => {
      chain.asked++;
      return chain.finds;
    },
    todo: () => "sign in",
    clock: pausable(virtualClock()),
    ...options,
  });
  await keeper.provide();
  keeper.accepted();
  return { chain, keeper };
}

/** Somebody who is asked, and answers when the test says so. */
function seat() {
  const asked: Renewal[] = [];
  const answers: { resolve: () => void; reject: (reason: unknown) => void }[] = [];
  const person: NonNullable<KeeperOptions["person"]> = {
    mfaCode: () => Promise.reject(new Error("no code")),
    renew: (renewal) => {
      asked.push(renewal);
      return new Promise<void>((resolve, reject) => answers.push({ resolve, reject }));
    },
  };
  return { person, asked, answers };
}

const turns = () => new Promise((resolve) => setImmediate(resolve));

describe("the keeper of credentials", () => {
  it("goes through the chain once, however many ask at once", async () => {
    let asked = 0;
    const keeper = keepCredentials({
      resolve: async () => {
        asked++;
        await turns();
        return key("one");
      },
      todo: () => undefined,
      clock: pausable(virtualClock()),
    });
    const all = await Promise.all([keeper.provide(), keeper.provide(), keeper.expiration()]);
    await keeper.provide();
    expect({ asked, all: all.length }).toEqual({ asked: 1, all: 3 });
  });

  it("tries a chain that failed again", async () => {
    let asked = 0;
    const keeper = keepCredentials({
      resolve: async () => {
        if (++asked === 1) throw new Error("not yet");
        return key("one");
      },
      todo: () => undefined,
      clock: pausable(virtualClock()),
    });
    await expect(keeper.provide()).rejects.toThrow("not yet");
    expect(await keeper.provide()).toEqual(key("one"));
  });

  it("renews once for all that were refused, also for those that hear it later", async () => {
    const { chain, keeper } = await open();
    const turn = await keeper.turn();
    chain.finds = key("second");
    await Promise.all([keeper.renew(turn, expired), keeper.renew(turn, expired)]);
    await keeper.renew(turn, expired);
    expect(chain.asked).toBe(2);
    expect(await keeper.provide()).toEqual(key("second"));
    expect(await keeper.turn()).toBe(turn + 1);
  });

  it("holds every request, and time, while somebody is asked", async () => {
    const clock = pausable(virtualClock());
    const { person, asked, answers } = seat();
    const { chain, keeper } = await open({ clock, person });
    const start = clock.now();
    const renewed = keeper.renew(await keeper.turn(), expired);
    let slept = false;
    void clock.sleep(1000).then(() => (slept = true));
    let sent = false;
    void keeper.turn().then(() => (sent = true));
    for (let count = 0; count < 20; count++) await turns();
    expect({ slept, sent, now: clock.now() }).toEqual({ slept: false, sent: false, now: start });
    expect(asked[0]).toMatchObject({ message: expired.message, todo: "sign in" });
    expect(await asked[0]?.look()).toBe("the old ones are still there");
    chain.finds = key("second");
    expect(await asked[0]?.look()).toBeUndefined();
    answers[0]?.resolve();
    await renewed;
    await turns();
    expect(sent).toBe(true);
    await clock.sleep(2000);
    expect(slept).toBe(true);
  });

  it("takes none of another account", async () => {
    const { person, asked } = seat();
    const check = async (fresh: Credentials) => (fresh.sessionToken === "second" ? "of another account" : undefined);
    const { chain, keeper } = await open({ person, check });
    void keeper.renew(await keeper.turn(), expired);
    await turns();
    chain.finds = key("second");
    expect(await asked[0]?.look()).toBe("of another account");
    expect(await keeper.provide()).toEqual(key("first"));
    chain.finds = key("third");
    expect(await asked[0]?.look()).toBeUndefined();
    expect(await keeper.provide()).toEqual(key("third"));
  });

  it("ends all requests when nobody can be asked, and says what to do", async () => {
    const { keeper } = await open();
    const refusal = await keeper.renew(await keeper.turn(), expired).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(SignedOutError);
    expect(refusal).toMatchObject({ exitCode: 75, hint: "sign in; then run the same command again to continue" });
    await expect(keeper.turn()).rejects.toBe(refusal);
    expect(keeper.ended.reason).toBe(refusal);
  });

  it("asks nobody about credentials that a running process cannot be given", async () => {
    const { person, asked } = seat();
    const { keeper } = await open({ person, todo: () => undefined });
    await expect(keeper.renew(await keeper.turn(), expired)).rejects.toBeInstanceOf(SignedOutError);
    expect(asked).toEqual([]);
  });

  it("ends with the interrupt of whoever was asked", async () => {
    const { person, answers } = seat();
    const { keeper } = await open({ person });
    const renewed = keeper.renew(await keeper.turn(), expired);
    await turns();
    answers[0]?.reject(new InterruptedError());
    await expect(renewed).rejects.toBeInstanceOf(InterruptedError);
    expect(keeper.ended.reason).toMatchObject({ exitCode: 130 });
  });

  it("ends with the interrupt of whoever is asked for an MFA code", async () => {
    let calls = 0;
    const resolve = async () => {
      if (++calls > 1) throw new InterruptedError();
      return key("first");
    };
    const { keeper } = await open({ resolve });
    await expect(keeper.renew(await keeper.turn(), expired)).rejects.toBeInstanceOf(InterruptedError);
    await expect(keeper.turn()).rejects.toBeInstanceOf(InterruptedError);
  });

  it("does not wait for AWS to refuse what is over", async () => {
    const over = new Date(Date.now() - 1000);
    const { chain, keeper } = await open();
    chain.finds = key("second", over);
    await expect(keeper.renew(await keeper.turn(), expired)).rejects.toBeInstanceOf(SignedOutError);

    const soon = await open();
    soon.chain.finds = key("second", new Date(Date.now() + 40));
    await soon.keeper.renew(await soon.keeper.turn(), expired);
    soon.chain.finds = key("third");
    while ((await soon.keeper.provide()).sessionToken === "second") await turns();
    expect(await soon.keeper.provide()).toEqual(key("third"));
  });
});

describe("a clock that can be stopped", () => {
  /** Goes when it is told to. */
  function handClock() {
    let now = 0;
    const sleepers: { until: number; wake: () => void }[] = [];
    const clock: Clock = {
      now: () => now,
      hold: (work) => work(),
      sleep: (ms) => new Promise((wake) => sleepers.push({ until: now + ms, wake })),
    };
    return {
      clock,
      async go(ms: number) {
        now += ms;
        for (const sleeper of sleepers.splice(0)) {
          if (sleeper.until <= now) sleeper.wake();
          else sleepers.push(sleeper);
        }
        await turns();
      },
    };
  }

  it("leaves out the time of its stops", async () => {
    const { clock, go } = handClock();
    const stoppable = pausable(clock);
    let woke: number | undefined;
    void stoppable.sleep(1000).then(() => (woke = stoppable.now()));
    await go(400);
    let resume = () => {};
    const stop = stoppable.pause(() => new Promise<void>((resolve) => (resume = resolve)));
    await go(3_600_000);
    expect({ woke, now: stoppable.now() }).toEqual({ woke: undefined, now: 400 });
    resume();
    await stop;
    await turns();
    expect(woke).toBeUndefined();
    await go(599);
    expect(woke).toBeUndefined();
    await go(1);
    expect(woke).toBe(1000);
    expect(clock.now()).toBe(3_601_000);
  });
});
