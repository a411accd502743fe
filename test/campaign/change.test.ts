import { afterAll, describe, expect, it } from "vitest";
import { blows, disturbed, isFitting, undisturbed } from "../support/campaign.ts";
import {
  application,
  arrival,
  controlPlaneFile,
  creation,
  growth,
  inhabitedAccount,
  plainFile,
  scaling,
  upgrade,
} from "../support/campaign-journeys.ts";
import { settings } from "../support/holdings.ts";
import { changes, product, reads, sample } from "../support/campaign-points.ts";

const before = await inhabitedAccount();
const there = await arrival(creation(before, plainFile()));
const bare = await arrival(creation(before, controlPlaneFile("1.33")));
afterAll(async () => {
  for (const account of [before, there, bare]) await account.close();
});

const unedited = plainFile();
const edited = plainFile({ labels: "{ tier: api, new: label }", desiredCapacity: 3, volumeSize: 100 });
const newControlPlane = controlPlaneFile(
  "1.34",
  `
vpc: { publicAccessCIDRs: [203.0.113.0/24], clusterEndpoints: { privateAccess: true } }
cloudWatch: { clusterLogging: { enableTypes: [api], logRetentionInDays: 7 } }`,
);

for (const [title, journey, counts] of [
  ["applying new labels, another size and another volume", application(there, edited), { changes: 6, reads: 1 }],
  ["taking a nodegroup out of the file", application(there, withoutNodes(unedited)), { changes: 3, reads: 1 }],
  ["applying another version, logs and limits of access", application(bare, newControlPlane), { changes: 3, reads: 1 }],
  ["creating a nodegroup", growth(there, `${unedited}  - name: more\n`), { changes: 2, reads: 1 }],
  ["scaling a nodegroup", scaling(there), { changes: 1, reads: 1 }],
  ["upgrading a nodegroup", upgrade(there), { changes: 2, reads: 1 }],
] as const) {
  const { journal, inventory } = await undisturbed(journey);
  const cases = [
    ...sample(product(changes(journal), blows), counts.changes),
    ...sample(product(reads(journal), blows), counts.reads),
  ];

  describe(`${title} ends the same when it is run again`, () => {
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

const { journal } = await undisturbed(application(there, edited));
const takenBack = sample(product(changes(journal), ["killed before", "killed after"] as const), 3);

describe("an edit that is cut short can be taken back", () => {
  it.each(takenBack.map(([point, blow]) => ({ ...point, blow })))(
    "at $service:$operation no. $nth: $blow",
    async ({ blow, ...point }) => {
      const back = application(there, unedited);
      const { settings: found, idle } = await disturbed(application(there, edited), point, blow, back.run);
      expect(found).toEqual(settings(there.sandbox));
      expect(idle).toEqual([]);
    },
  );
});

function withoutNodes(text: string): string {
  return text.slice(0, text.indexOf("managedNodeGroups"));
}
