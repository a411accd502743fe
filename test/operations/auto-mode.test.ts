import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { givenThings } from "../../src/operations/given-things.ts";
import { type Account, closing, failuresOf, openTestAccount, parse } from "../support/account.ts";
import { contents } from "../support/holdings.ts";
import { settled } from "../support/kubernetes.ts";

const region = "us-west-2";
const file = (autoMode: string) => `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: ${region} }
${autoMode}
managedNodeGroups: [{ name: web, desiredCapacity: 1 }]`;
const on = file("autoModeConfig: { enabled: true }");
const off = file("autoModeConfig: { enabled: false }");

let base: Account;
let nothing: unknown;
beforeAll(async () => {
  base = await openTestAccount();
  await base.rest();
  nothing = contents(base.sandbox);
  expect(failuresOf(await base.create(on))).toEqual([]);
}, 120_000);
afterAll(() => base.close());

/** With what Auto Mode has launched by then. */
async function busy(): Promise<Account> {
  const account = closing(await base.fork());
  const loadBalancers = [{ name: "shop", type: "application" as const }];
  account.sandbox.scenario({
    kubernetes: [{ cluster: "demo", autoModeNodes: 2, loadBalancers, volumes: [{ name: "data", sizeGiB: 10 }] }],
  });
  await settled(account);
  return account;
}

const subnetsOf = ({ sandbox }: Account) => sandbox.world.region(region).eks.clusters["demo"]?.vpc.subnetIds;

describe("a cluster with EKS Auto Mode", () => {
  it("keeps its control plane where it is when Auto Mode is turned off", async () => {
    const account = await busy();
    const before = subnetsOf(account);
    expect(failuresOf(await account.apply(off))).toEqual([]);
    expect(subnetsOf(account)).toEqual(before);
    expect((await account.plan(off)).items.filter(({ verb }) => !["keep", "orphan"].includes(verb))).toEqual([]);
    await account.rest();
    const { ec2, elbv2 } = account.sandbox.world.region(region);
    expect(Object.values(ec2.instances).filter(({ operator }) => operator !== undefined)).toEqual([]);
    expect(elbv2).toMatchObject({ loadBalancers: {}, targetGroups: {} });
    expect(Object.values(ec2.volumes).filter(({ Size }) => Size === 10)).toHaveLength(1);

    const moved = file("autoModeConfig: { enabled: false }\nvpc: { controlPlaneOnPrivateSubnets: false }");
    expect(failuresOf(await account.apply(moved))).toEqual([]);
    expect(subnetsOf(account)).toHaveLength(2 * (before?.length ?? 0));
  });

  it("may have a given role, which has to be what EKS asks for", async () => {
    const account = closing(await openTestAccount());
    const arn = "arn:aws:iam::111122223333:role/control-plane";
    const given = on.replace("managedNodeGroups", `iam: { serviceRoleARN: "${arn}" }\nmanagedNodeGroups`);
    const role = { arn, trustServices: ["eks.amazonaws.com"], policyArns: [] };
    account.sandbox.residents({ ...givenThings(parse(given)), roles: [role] });
    const { result } = await account.create(given);
    expect(result.failures.map(({ error }) => String(error))).toEqual([
      expect.stringMatching(/lacks what EKS Auto Mode requires: .*AmazonEKSComputePolicy.*sts:TagSession/),
    ]);

    const other = closing(await openTestAccount());
    other.sandbox.residents(givenThings(parse(given)));
    expect(failuresOf(await other.create(given))).toEqual([]);
    expect((await other.plan(given)).changes).toBe(false);
  });

  it("goes with all that Auto Mode has made", async () => {
    const account = await busy();
    const deleted = await account.delete("demo", region, { volumes: "delete" });
    expect(failuresOf(deleted)).toEqual([]);
    expect(deleted.output).toMatchObject({ kept: [], leftovers: [] });
    expect(new Set(deleted.output?.swept.map(({ kind }) => kind))).toEqual(
      new Set(["elb.load-balancer", "elb.target-group", "ec2.derived-security-group", "ec2.volume"]),
    );
    expect(account.changes().filter(({ operation }) => operation === "TerminateInstances")).toEqual([]);
    await account.rest();
    expect(contents(account.sandbox)).toEqual(nothing);
  });
});
