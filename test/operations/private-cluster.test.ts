import { describe, expect, it } from "vitest";
import type { JournalEntry } from "../../src/sandbox/index.ts";
import { closing, failuresOf, openTestAccount } from "../support/account.ts";

const file = (body: string) => `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: us-west-2 }
${body}
managedNodeGroups: [{ name: web, privateNetworking: true, desiredCapacity: 1 }]`;

/** The endpoint access that a request asks for. */
function access({ input }: JournalEntry): unknown {
  const { resourcesVpcConfig } = input as { readonly resourcesVpcConfig?: Readonly<Record<string, unknown>> };
  const { endpointPublicAccess, endpointPrivateAccess } = resourcesVpcConfig ?? {};
  return { endpointPublicAccess, endpointPrivateAccess };
}

describe("a private cluster", () => {
  it("never has a public endpoint, where nothing is to be made in Kubernetes", async () => {
    const account = closing(await openTestAccount());
    expect(failuresOf(await account.create(file("privateCluster: { enabled: true }")))).toEqual([]);
    const sent = account.changes();
    const made = sent.filter(({ operation }) => operation === "CreateCluster");
    expect(made.map(access)).toEqual([{ endpointPublicAccess: false, endpointPrivateAccess: true }]);
    const others = ["UpdateClusterConfig", "CreateInternetGateway", "CreateNatGateway", "AllocateAddress"];
    expect(sent.filter(({ operation }) => others.includes(operation))).toEqual([]);
  });

  it("closes its public endpoint last, where something is", async () => {
    const account = closing(await openTestAccount());
    const text = file(`privateCluster: { enabled: true }
iam: { withOIDC: true, serviceAccounts: [{ metadata: { name: cart }, wellKnownPolicies: { autoScaler: true } }] }`);
    expect(failuresOf(await account.create(text))).toEqual([]);
    const sent = account.changes().filter(({ service }) => service !== "ssm");
    const made = sent.find(({ operation }) => operation === "CreateCluster");
    expect(made && access(made)).toEqual({ endpointPublicAccess: true, endpointPrivateAccess: true });
    const last = sent.at(-1);
    expect(last?.operation).toBe("UpdateClusterConfig");
    expect(last && access(last)).toMatchObject({ endpointPublicAccess: false });
    expect((await account.plan(text)).changes).toBe(false);
  });

  it("can be made of one that is not, and back", async () => {
    const account = closing(await openTestAccount());
    const open = "vpc: { controlPlaneOnPrivateSubnets: true, clusterEndpoints: { publicAccess: true } }";
    expect(failuresOf(await account.create(file("")))).toEqual([]);
    account.changes();

    const closed = file("privateCluster: { enabled: true }");
    expect(failuresOf(await account.apply(closed, { prune: true }))).toEqual([]);
    const sent = account.changes().map(({ operation }) => operation);
    expect(sent.filter((operation) => operation === "UpdateClusterConfig")).toHaveLength(2);
    // Nodes have the one way before they lose the other.
    expect(sent.indexOf("DeleteRoute")).toBeGreaterThan(sent.lastIndexOf("CreateVpcEndpoint"));
    expect(sent).toEqual(expect.arrayContaining(["DeleteInternetGateway", "DeleteNatGateway", "ReleaseAddress"]));
    expect((await account.plan(closed, true)).changes).toBe(false);

    await expect(account.apply(file(""))).rejects.toThrow("say vpc.controlPlaneOnPrivateSubnets: true");
    expect(failuresOf(await account.apply(file(open), { prune: true }))).toEqual([]);
    const back = account.changes().map(({ operation }) => operation);
    expect(back.filter((operation) => operation === "UpdateClusterConfig")).toHaveLength(1);
    expect(back).toEqual(expect.arrayContaining(["CreateInternetGateway", "CreateNatGateway", "DeleteVpcEndpoints"]));
    expect((await account.plan(file(open), true)).changes).toBe(false);
    expect(failuresOf(await account.delete("demo", "us-west-2"))).toEqual([]);
  });

  it("has nodes that join only where they reach AWS", async () => {
    const account = closing(await openTestAccount());
    const ids = ["subnet-0a1b2c3d4e5f60801", "subnet-0a1b2c3d4e5f60802"];
    const subnets = ids.map((id) => ({ id, public: false, isolated: true }));
    account.sandbox.residents({ vpcs: [{ region: "us-west-2", id: "vpc-0a1b2c3d4e5f60801", subnets }] });
    const given = `vpc: { subnets: { private: { us-west-2a: { id: ${ids[0]} }, us-west-2b: { id: ${ids[1]} } } } }`;
    const without = file(`privateCluster: { enabled: true, skipEndpointCreation: true }\n${given}`);
    const failed = failuresOf(await account.create(without, { onFailure: "keep" })).join("\n");
    expect(failed).toContain("failed to join");
  });
});
