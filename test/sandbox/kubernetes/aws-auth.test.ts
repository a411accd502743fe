import { expect, test } from "vitest";
import { clusterApi } from "../../../src/aws/kubernetes.ts";
import { closing, failuresOf, openTestAccount } from "../../support/account.ts";

const region = "us-west-2";
const file = `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: ${region} }
accessConfig: { authenticationMode: CONFIG_MAP }
managedNodeGroups: [{ name: web, desiredCapacity: 1 }]
nodeGroups: [{ name: own, desiredCapacity: 1, iam: { instanceRoleARN: arn:aws:iam::111122223333:role/team/nodes } }]`;

const awsAuth = { apiVersion: "v1", kind: "ConfigMap", namespace: "kube-system", name: "aws-auth" };

test("a self-managed node is let in by aws-auth, for a role without its path", async () => {
  const account = closing(await openTestAccount());
  expect(failuresOf(await account.create(file))).toEqual([]);
  const { clients, clock } = account.session(region);
  const api = await clusterApi({ clients, clock, cluster: "demo" })();
  if (api === null) throw new Error("the cluster is not up");
  const nodes = async () => (await api.list({ apiVersion: "v1", kind: "Node" })).length;
  const ofRole = (arn: string, groups: readonly string[]) => ({
    data: { mapRoles: `- rolearn: ${arn}\n  username: system:node:a\n  groups: ${JSON.stringify(groups)}\n` },
  });
  expect(await nodes()).toBe(2);
  for (const [arn, groups, count] of [
    ["arn:aws:iam::111122223333:role/team/nodes", ["system:nodes"], 1],
    ["arn:aws:iam::111122223333:role/nodes", ["people"], 1],
    ["arn:aws:iam::111122223333:role/nodes", ["system:bootstrappers", "system:nodes"], 2],
  ] as const) {
    await api.merge(awsAuth, ofRole(arn, groups));
    expect(await nodes()).toBe(count);
  }
});
