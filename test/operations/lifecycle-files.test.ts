import { describe, expect, it } from "vitest";
import { closing, failuresOf, openTestAccount, parse } from "../support/account.ts";
import { contents, holdings, isMadeByAws, owned } from "../support/holdings.ts";

const header = "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\n";
/** What no example has. */
const files: readonly (readonly [string, string])[] = [
  [
    "China",
    `${header}
metadata: { name: demo, region: cn-north-1 }
iam: { withOIDC: true }
managedNodeGroups: [{ name: web, privateNetworking: true, iam: { withAddonPolicies: { ebs: true } } }]`,
  ],
  [
    "GovCloud",
    `${header}
metadata: { name: demo, region: us-gov-west-1 }
addons: [{ name: aws-ebs-csi-driver }]
iam: { withOIDC: true }
managedNodeGroups: [{ name: web, amiFamily: Bottlerocket, volumeEncrypted: true }]`,
  ],
  [
    "aws-auth alone says who may enter",
    `${header}
metadata: { name: demo, region: us-west-2 }
accessConfig: { authenticationMode: CONFIG_MAP }
managedNodeGroups: [{ name: web }]`,
  ],
  [
    "the longest names",
    `${header}
metadata: { name: ${"c".repeat(100)}, region: us-west-2 }
iam: { withOIDC: true }
addons: [{ name: aws-efs-csi-driver }]
managedNodeGroups: [{ name: ${"n".repeat(63)} }, { name: ${"n".repeat(62)}m }]`,
  ],
  [
    "self-managed nodes that aws-auth lets in",
    `${header}
metadata: { name: demo, region: us-west-2 }
accessConfig: { authenticationMode: CONFIG_MAP }
nodeGroups:
  - { name: own, desiredCapacity: 1 }
  - { name: given, desiredCapacity: 1, iam: { instanceRoleARN: arn:aws:iam::111122223333:role/team/nodes } }
  - { name: win, amiFamily: WindowsServer2022CoreContainer, desiredCapacity: 1 }`,
  ],
  [
    "self-managed nodes in an IPv6 cluster",
    `${header}
metadata: { name: demo, region: us-west-2 }
kubernetesNetworkConfig: { ipFamily: IPv6 }
nodeGroups: [{ name: own, desiredCapacity: 1 }, { name: rocket, amiFamily: Bottlerocket, desiredCapacity: 1 }]`,
  ],
  [
    "no nodes",
    `${header}
metadata: { name: demo, region: us-east-1 }
accessConfig: { bootstrapClusterCreatorAdminPermissions: false }`,
  ],
  [
    "pod identity for all that have it",
    `${header}
metadata: { name: demo, region: us-west-2 }
addonsConfig: { autoApplyPodIdentityAssociations: true }
addons: [{ name: eks-pod-identity-agent }, { name: vpc-cni }, { name: aws-ebs-csi-driver }]
managedNodeGroups: [{ name: web, ssh: { allow: true, publicKeyName: operations }, privateNetworking: true }]`,
  ],
  [
    "adapters in a zone that nobody names",
    `${header}
metadata: { name: demo, region: us-west-2 }
managedNodeGroups:
  - { name: near, instanceType: p5.48xlarge, privateNetworking: true, efaEnabled: true, desiredCapacity: 1 }
nodeGroups: [{ name: self, instanceType: c5n.18xlarge, efaEnabled: true, desiredCapacity: 1 }]`,
  ],
  [
    "roles with names of the file's own, one of which an add-on is told by its ARN",
    `${header}
metadata: { name: demo, region: us-west-2 }
addons:
  - { name: eks-pod-identity-agent }
  - { name: aws-ebs-csi-driver, serviceAccountRoleARN: arn:aws:iam::111122223333:role/demo-ebs }
iam:
  withOIDC: true
  serviceAccounts:
    - metadata: { name: ebs-csi-controller-sa, namespace: kube-system }
      wellKnownPolicies: { ebsCSIController: true }
      roleName: demo-ebs
      roleOnly: true
  podIdentityAssociations:
    - { namespace: shop, serviceAccountName: cart, roleName: demo-cart, wellKnownPolicies: { certManager: true } }
managedNodeGroups:
  - { name: web, iam: { instanceRoleName: demo-nodes, withAddonPolicies: { albIngress: true, awsLoadBalancerController: true } } }`,
  ],
];

describe.each(files)("%s", (_name, text) => {
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
    expect(again.items.filter(({ verb }) => verb !== "keep" && verb !== "deferred")).toEqual([]);
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
