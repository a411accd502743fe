import { describe, expect, it, onTestFinished } from "vitest";
import { type CatalogueEntry, catalogue } from "../../src/sandbox/services/ec2/instance-type-catalogue.ts";
import { closing, failuresOf, openTestAccount } from "../support/account.ts";

const file = (allow: string) => `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: us-west-2 }
managedNodeGroups:
  - { name: several, spot: true, desiredCapacity: 1, instanceSelector: { vCPUs: 4, memory: 16GiB, allow: "${allow}" } }
  - { name: single, desiredCapacity: 1, instanceSelector: { vCPUs: 4, memory: 16GiB, allow: "^m5n?[.]" } }
nodeGroups:
  - { name: own, desiredCapacity: 1, instanceSelector: { vCPUs: 4, memory: 16GiB, allow: "${allow}" } }
`;

/** Until it is called EC2 does not offer these types. */
function withhold(...names: readonly string[]): () => void {
  const types = catalogue as Map<string, CatalogueEntry>;
  const withheld = names.flatMap((name) => catalogue.get(name) ?? []);
  for (const name of names) types.delete(name);
  const offer = () => {
    for (const type of withheld) types.set(type.name, type);
  };
  onTestFinished(offer);
  return offer;
}

describe("what instanceSelector chooses", () => {
  it("is kept when EC2 offers more, and chosen anew when the selector is edited", async () => {
    const offer = withhold("m5d.xlarge", "m5n.xlarge");
    const account = closing(await openTestAccount());
    expect(failuresOf(await account.create(file("^m5[adn]?[.]")))).toEqual([]);
    account.changes();

    offer();
    const { changes, information } = await account.plan(file("^m5[adn]?[.]"));
    expect(changes).toBe(false);
    expect(information.filter((line) => line.includes("instanceSelector"))).toEqual([
      "nodegroup own: instanceSelector fits m5d.xlarge, m5n.xlarge by now, too; what it chose first is kept",
      "nodegroup several: instanceSelector fits m5d.xlarge, m5n.xlarge by now, too; what it chose first is kept",
      "nodegroup single: instanceSelector fits m5n.xlarge by now, too; what it chose first is kept",
    ]);

    expect(failuresOf(await account.apply(file("^m5[dn]?[.]")))).toEqual([]);
    const made = account.changes().find(({ operation }) => operation === "CreateNodegroup");
    expect(made?.input).toMatchObject({ instanceTypes: ["m5.xlarge", "m5d.xlarge", "m5n.xlarge"] });
    expect((await account.plan(file("^m5[dn]?[.]"))).changes).toBe(false);
  });
});
