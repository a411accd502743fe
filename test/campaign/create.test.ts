import { afterAll, describe, expect, it } from "vitest";
import { blows, disturbed, isFitting, undisturbed } from "../support/campaign.ts";
import { creation, inhabitedAccount, plainFile, richFile } from "../support/campaign-journeys.ts";
import { changes, product, reads, sample } from "../support/campaign-points.ts";

const before = await inhabitedAccount();
afterAll(() => before.close());

for (const [title, text, counts] of [
  ["the usual cluster", plainFile(), { changes: 8, reads: 3 }],
  ["one with roles, logs and SSH", richFile, { changes: 6, reads: 2 }],
] as const) {
  const journey = creation(before, text);
  const { journal, inventory } = await undisturbed(journey);
  const cases = [
    ...sample(product(changes(journal), blows), counts.changes),
    ...sample(product(reads(journal), blows), counts.reads),
  ];

  describe(`creating ${title} ends the same when it is run again`, () => {
    it.each(cases.map(([point, blow]) => ({ ...point, blow })))(
      "after $service:$operation no. $nth met with: $blow",
      async ({ blow, ...point }) => {
        const { first, inventory: found, idle } = await disturbed(journey, point, blow);
        expect(found).toEqual(inventory);
        expect(idle).toEqual([]);
        expect(first).toSatisfy(isFitting(blow));
      },
    );
  });
}
