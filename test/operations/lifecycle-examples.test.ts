import { describe, expect, it } from "vitest";
import { brokenModels, closing, example, examples, failuresOf, openTestAccount, parse } from "../support/account.ts";
import { contents, holdings, isMadeByAws, owned } from "../support/holdings.ts";

it("there are examples", () => {
  expect(examples.length).toBeGreaterThanOrEqual(10);
});

describe.each(examples)("%s", (name) => {
  const text = example(name);
  const { metadata } = parse(text);

  it("is made, left alone when nothing has changed, and deleted without a trace", async () => {
    const account = closing(await openTestAccount());
    const { sandbox } = account;
    const proposal = await account.plan(text);
    expect(proposal.changes).toBe(true);
    expect(account.changes()).toEqual([]);
    const before = contents(sandbox);
    const there = new Set(holdings(sandbox).map(({ at }) => at));

    const created = await account.create(text);
    expect(failuresOf(created)).toEqual([]);
    expect(created.result.outcome).toBe("done");
    expect(account.changes().length).toBeGreaterThan(30);

    const made = holdings(sandbox).filter((holding) => !there.has(holding.at) && !isMadeByAws(holding));
    for (const { at, tags } of made) {
      expect({ at, ...tags }).toMatchObject({
        "ekstool.dev/cluster": metadata.name,
        "ekstool.dev/region": metadata.region,
        "ekstool.dev/id": expect.stringMatching(/./) as string,
      });
    }

    expect((await account.create(text)).result.outcome).toBe("done");
    expect((await account.apply(text, { prune: true })).result.outcome).toBe("done");
    const again = await account.plan(text, true);
    expect(again.items.filter(({ verb }) => verb !== "keep")).toEqual([]);
    expect(again.changes).toBe(false);
    expect(account.changes()).toEqual([]);

    const gone = await account.delete(metadata.name, metadata.region);
    expect(gone.result.outcome).toBe("done");
    expect(gone.result.leftovers).toEqual([]);
    await account.rest();
    expect(owned(sandbox)).toEqual([]);
    expect(contents(sandbox)).toEqual(before);
  });
});

it("every request is one that AWS's published models accept", () => {
  expect([...brokenModels]).toEqual([]);
});
