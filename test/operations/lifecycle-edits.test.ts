import { describe, expect, it } from "vitest";
import { closing, failuresOf, openTestAccount } from "../support/account.ts";
import { settings } from "../support/holdings.ts";

const region = "us-west-2";

interface Edit {
  readonly what: string;
  readonly from: string;
  readonly to: string;
  /** How often the edit itself sends what is worth counting. */
  readonly sends: Readonly<Record<string, number>>;
  /** And the way back, which prunes. */
  readonly back?: Readonly<Record<string, number>>;
}

const group = (more: string) => `managedNodeGroups: [{ name: web${more} }]`;
const selfManaged = (iam: string) => `nodeGroups: [{ name: web, desiredCapacity: 1, iam: { ${iam} } }]`;
const addon = (more: string) => `
addons: [{ name: eks-pod-identity-agent }, { name: aws-ebs-csi-driver${more} }]
${group("")}`;

/** Edits that make or remove several things, there and back. */
const edits: readonly Edit[] = [
  {
    what: "SSH to the nodes",
    from: group(", privateNetworking: true, ssh: { allow: false, publicKeyName: operations }"),
    to: group(", privateNetworking: true, ssh: { allow: true, publicKeyName: operations }"),
    sends: {
      CreateSecurityGroup: 1,
      AuthorizeSecurityGroupIngress: 1,
      CreateLaunchTemplateVersion: 1,
      UpdateNodegroupVersion: 1,
    },
    back: {
      CreateLaunchTemplateVersion: 1,
      UpdateNodegroupVersion: 1,
      RevokeSecurityGroupIngress: 1,
      DeleteSecurityGroup: 1,
    },
  },
  {
    what: "more nodes than the bounds that nobody named",
    from: group(", desiredCapacity: 2"),
    to: group(", desiredCapacity: 3"),
    sends: { UpdateNodegroupConfig: 1 },
  },
  {
    what: "a NAT gateway for each zone",
    from: `vpc: { nat: { gateway: Single } }\n${group(", privateNetworking: true")}`,
    to: `vpc: { nat: { gateway: HighlyAvailable } }\n${group(", privateNetworking: true")}`,
    sends: { AllocateAddress: 2, CreateNatGateway: 2, ReplaceRoute: 2 },
    back: { ReplaceRoute: 2, DeleteNatGateway: 2, ReleaseAddress: 2 },
  },
  {
    what: "no NAT gateway",
    from: `vpc: { nat: { gateway: Single } }\n${group("")}`,
    to: `vpc: { nat: { gateway: Disable } }\n${group("")}`,
    sends: { DeleteRoute: 3 },
    back: { CreateRoute: 3 },
  },
  {
    what: "pod identity for an add-on",
    from: addon(""),
    to: addon(", useDefaultPodIdentityAssociations: true"),
    sends: { CreateRole: 1, AttachRolePolicy: 1, UpdateAddon: 1 },
    back: { UpdateAddon: 1, DetachRolePolicy: 1, DeleteRole: 1 },
  },
  {
    what: "from IRSA to pod identity",
    from: `iam: { withOIDC: true }${addon("")}`,
    to: `iam: { withOIDC: true }${addon(", useDefaultPodIdentityAssociations: true")}`,
    sends: { CreateRole: 1, AttachRolePolicy: 1, UpdateAddon: 1 },
    back: { CreateRole: 0, UpdateAddon: 1, DeleteRole: 1 },
  },
  {
    what: "another role for self-managed nodes: let in before they are replaced",
    from: selfManaged("instanceRoleARN: arn:aws:iam::111122223333:role/nodes"),
    to: selfManaged("instanceRoleARN: arn:aws:iam::111122223333:role/others"),
    sends: { CreateAccessEntry: 1, CreateLaunchTemplateVersion: 1, ExecuteChangeSet: 1, DeleteAccessEntry: 0 },
    back: { CreateAccessEntry: 0, CreateLaunchTemplateVersion: 1, ExecuteChangeSet: 1, DeleteAccessEntry: 1 },
  },
  {
    what: "a role of their own for self-managed nodes, instead of a given instance profile",
    from: selfManaged("instanceProfileARN: arn:aws:iam::111122223333:instance-profile/nodes"),
    to: selfManaged("instanceRoleName: nodes-of-demo"),
    sends: { CreateRole: 1, CreateAccessEntry: 1, CreateLaunchTemplateVersion: 1, ExecuteChangeSet: 1 },
    back: { ExecuteChangeSet: 1, DeleteAccessEntry: 1, DeleteRole: 1 },
  },
  {
    what: "from aws-auth to access entries",
    from: `accessConfig: { authenticationMode: CONFIG_MAP }\n${group("")}`,
    to: `accessConfig: { authenticationMode: API_AND_CONFIG_MAP }\n${group("")}`,
    sends: { UpdateClusterConfig: 1, CreateNodegroup: 0, CreateRole: 0 },
  },
  {
    what: "from aws-auth to access entries, for self-managed nodes",
    from: `accessConfig: { authenticationMode: CONFIG_MAP }\n${selfManaged("instanceRoleARN: arn:aws:iam::111122223333:role/nodes")}`,
    to: `accessConfig: { authenticationMode: API_AND_CONFIG_MAP }\n${selfManaged("instanceRoleARN: arn:aws:iam::111122223333:role/nodes")}`,
    sends: { UpdateClusterConfig: 1, CreateAccessEntry: 1, ExecuteChangeSet: 0 },
  },
];

const file = (body: string) => `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: ${region} }
${body}`;

describe("an edit that makes or removes several things", () => {
  it.each(edits)("$what", async ({ from, to, sends, back }) => {
    const account = closing(await openTestAccount());
    await account.plan(file(to));
    expect(failuresOf(await account.create(file(from)))).toEqual([]);
    const atFirst = settings(account.sandbox);
    const counted = (operations: Readonly<Record<string, number>>) => {
      const sent = account.changes().filter(({ outcome }) => outcome === "ok");
      const count = (name: string) => sent.filter(({ operation }) => operation === name).length;
      return Object.fromEntries(Object.keys(operations).map((name) => [name, count(name)]));
    };
    account.changes();

    expect(failuresOf(await account.apply(file(to)))).toEqual([]);
    expect(counted(sends)).toEqual(sends);
    expect((await account.plan(file(to))).changes).toBe(false);
    if (back === undefined) return;
    expect(failuresOf(await account.apply(file(from), { prune: true }))).toEqual([]);
    expect(counted(back)).toEqual(back);
    expect((await account.plan(file(from), true)).changes).toBe(false);
    await account.rest();
    expect(settings(account.sandbox)).toEqual(atFirst);
  });
});
