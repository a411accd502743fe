import { afterAll, describe, expect, it } from "vitest";
import { blows, disturbed, isFitting, undisturbed } from "../support/campaign.ts";
import { inventory } from "../support/campaign-inventory.ts";
import { arrival, creation, deletion, inhabitedAccount, plainFile, richFile } from "../support/campaign-journeys.ts";
import { changes, product, reads, sample } from "../support/campaign-points.ts";
import { contents } from "../support/holdings.ts";

const before = await inhabitedAccount();
afterAll(() => before.close());

for (const [title, text, counts] of [
  ["the usual cluster", plainFile(), { changes: 4, reads: 1 }],
  ["one with roles, logs and SSH", richFile, { changes: 4, reads: 1 }],
] as const) {
  const there = await arrival(creation(before, text));
  afterAll(() => there.close());
  const journey = deletion(there);
  const { journal, ...remaining } = await undisturbed(journey);
  const cases = [
    ...sample(product(changes(journal), blows), counts.changes),
    ...sample(product(reads(journal), blows), counts.reads),
  ];

  describe(`deleting ${title} leaves what was there before it, to the letter`, () => {
    it("undisturbed", () => {
      expect(inventory(there.sandbox.world.state)).not.toEqual(inventory(before.sandbox.world.state));
      expect(remaining.contents).toEqual(contents(before.sandbox));
    });

    it.each(cases.map(([point, blow]) => ({ ...point, blow })))(
      "after $service:$operation no. $nth met with: $blow",
      async ({ blow, ...point }) => {
        const { first, contents: found, idle } = await disturbed(journey, point, blow);
        expect(found).toEqual(contents(before.sandbox));
        expect(idle).toEqual([]);
        expect(first).toSatisfy(isFitting(blow));
      },
    );
  });
}
