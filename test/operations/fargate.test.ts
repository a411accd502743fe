import { describe, expect, it } from "vitest";
import { closing, failuresOf, openTestAccount } from "../support/account.ts";

const header = "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: { name: demo, region: us-west-2 }\n";
const file = (...profiles: readonly string[]) => `${header}fargateProfiles: [${profiles.join(", ")}]\n`;
const profile = (name: string, namespace: string, more = "") =>
  `{ name: ${name}, selectors: [{ namespace: ${namespace} }]${more} }`;

async function accountWith(text: string) {
  const account = closing(await openTestAccount());
  expect(failuresOf(await account.create(text))).toEqual([]);
  account.changes();
  return account;
}

describe("Fargate profiles", () => {
  it("take over one from the other: the successor is there before the old one goes", async () => {
    const account = await accountWith(file(profile("apps", "default"), profile("system", "kube-system")));
    const edited = file(profile("apps", "'team-*'"), profile("system", "kube-system"));
    const { items } = await account.plan(edited);
    expect(items.filter(({ verb }) => verb !== "keep").map(({ verb, id }) => `${verb} ${id}`)).toEqual([
      "replace fargate-profile/apps",
      "delete fargate-profile/apps",
    ]);
    expect(failuresOf(await account.apply(edited))).toEqual([]);
    expect(account.changes().map(({ operation, input }) => [operation, input])).toMatchObject([
      [
        "CreateFargateProfile",
        {
          fargateProfileName: expect.stringMatching(/^apps-[0-9a-f]{6}$/) as string,
          selectors: [{ namespace: "team-*" }],
        },
      ],
      ["DeleteFargateProfile", { fargateProfileName: "apps" }],
    ]);
    expect((await account.plan(edited)).changes).toBe(false);
  });

  it("tell CoreDNS to run on them where they select it, whatever else it is told", async () => {
    const account = closing(await openTestAccount());
    const settings = "addons: [{ name: coredns, configurationValues: '{\"replicaCount\":3}' }]\n";
    expect(failuresOf(await account.create(`${file(profile("system", "'kube-*'"))}${settings}`))).toEqual([]);
    const made = account.changes().filter(({ operation }) => operation === "CreateAddon");
    expect(made.map(({ input }) => input)).toContainEqual(
      expect.objectContaining({
        addonName: "coredns",
        configurationValues: '{"computeType":"Fargate","replicaCount":3}',
      }),
    );
  });

  it("do not tell it where they select other pods only", async () => {
    const account = await accountWith(file(profile("apps", "default")));
    const again = await account.plan(file(profile("apps", "default")));
    expect(again.items.filter(({ id, verb }) => id === "addon/coredns" && verb === "deferred")).toHaveLength(1);
  });
});
