import { DeleteLogGroupCommand, PutRetentionPolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateTagsCommand,
  DeleteNatGatewayCommand,
  DeleteRouteCommand,
  DisassociateRouteTableCommand,
  ModifySecurityGroupRulesCommand,
  ModifySubnetAttributeCommand,
  ModifyVpcAttributeCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import {
  DeleteAccessEntryCommand,
  DeleteAddonCommand,
  DeleteNodegroupCommand,
  UpdateAddonCommand,
  UpdateClusterConfigCommand,
  UpdateClusterVersionCommand,
  UpdateNodegroupConfigCommand,
  UpdateNodegroupVersionCommand,
} from "@aws-sdk/client-eks";
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Clients } from "../../src/aws/clients.ts";
import { type Account, closing, failuresOf, openTestAccount } from "../support/account.ts";
import { owned, settings } from "../support/holdings.ts";
import { before } from "./golden-table.ts";

const region = "us-west-2";
const file = JSON.stringify(before);
const clusterName = "demo";
const nodegroupName = "web";

let base: Account;
beforeAll(async () => {
  base = await openTestAccount();
  expect(failuresOf(await base.create(file))).toEqual([]);
}, 60_000);
afterAll(() => base.close());

interface Console extends Clients {
  readonly account: Account;
  /** AWS's identifier of a thing of ours. */
  ref(id: string): string;
}

/** An account in which somebody did something by hand. */
async function after(byHand: (aws: Console) => Promise<unknown>): Promise<Account> {
  const account = closing(await base.fork());
  const ref = (id: string) => {
    const found = owned(account.sandbox).find(({ tags }) => tags["ekstool.dev/id"] === id);
    return found?.at.split("/").at(-1) ?? id;
  };
  await byHand({ ...account.session(region).clients, account, ref });
  await account.rest();
  account.changes();
  return account;
}

/** `id: aspect` of all that a plan would change. */
async function differences(account: Account): Promise<readonly string[]> {
  const { items } = await account.plan(file);
  return items.flatMap(({ id, verb, changes }) => {
    if (verb === "keep") return [];
    return verb === "update" ? changes.map(({ aspect }) => `${id}: ${aspect}`) : [`${verb} ${id}`];
  });
}

function operations(account: Account): readonly string[] {
  return account
    .changes()
    .filter(({ outcome }) => outcome === "ok")
    .map(({ operation }) => operation);
}

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }],
});

describe("what somebody changed and the file says otherwise is exactly that change", () => {
  const cases: readonly [string, (aws: Console) => Promise<unknown>, readonly string[], readonly string[]][] = [
    [
      "a label",
      ({ eks }) =>
        eks.send(new UpdateNodegroupConfigCommand({ clusterName, nodegroupName, labels: { removeLabels: ["tier"] } })),
      ["nodegroup/web: labels"],
      ["UpdateNodegroupConfig"],
    ],
    [
      "log types",
      ({ eks }) =>
        eks.send(
          new UpdateClusterConfigCommand({
            name: clusterName,
            logging: { clusterLogging: [{ types: ["audit"], enabled: false }] },
          }),
        ),
      ["cluster: logging"],
      ["UpdateClusterConfig"],
    ],
    [
      "endpoint access",
      ({ eks }) =>
        eks.send(
          new UpdateClusterConfigCommand({
            name: clusterName,
            resourcesVpcConfig: { endpointPrivateAccess: false, publicAccessCidrs: ["0.0.0.0/0"] },
          }),
        ),
      ["cluster: endpointPrivateAccess", "cluster: publicAccessCidrs"],
      ["UpdateClusterConfig"],
    ],
    [
      "an add-on's version",
      ({ eks }) =>
        eks.send(new UpdateAddonCommand({ clusterName, addonName: "kube-proxy", addonVersion: "v1.34.6-eksbuild.2" })),
      ["addon/kube-proxy: version"],
      ["UpdateAddon"],
    ],
    [
      "a tag",
      ({ ec2, ref }) =>
        ec2.send(new CreateTagsCommand({ Resources: [ref("vpc")], Tags: [{ Key: "team", Value: "red" }] })),
      ["vpc: tags"],
      ["CreateTags"],
    ],
    [
      "a security group rule",
      ({ ec2, ref }) =>
        ec2.send(
          new ModifySecurityGroupRulesCommand({
            GroupId: ref("security-group/control-plane"),
            SecurityGroupRules: [
              {
                SecurityGroupRuleId: ref("security-group-rule/control-plane/10.100.0.0/16"),
                SecurityGroupRule: { IpProtocol: "tcp", FromPort: 22, ToPort: 22, CidrIpv4: "10.100.0.0/16" },
              },
            ],
          }),
        ),
      [
        "security-group-rule/control-plane/10.100.0.0/16: traffic",
        "security-group-rule/control-plane/10.100.0.0/16: description",
      ],
      ["ModifySecurityGroupRules"],
    ],
    [
      "the default route",
      ({ ec2, ref }) =>
        ec2.send(
          new DeleteRouteCommand({ RouteTableId: ref("route-table/public"), DestinationCidrBlock: "0.0.0.0/0" }),
        ),
      ["route-table/public: routes"],
      ["CreateRoute"],
    ],
    [
      "a subnet's route table",
      ({ ec2, ref, account }) => {
        const table = account.sandbox.world.state.regions[region]?.ec2.routeTables[ref("route-table/public")];
        return ec2.send(new DisassociateRouteTableCommand({ AssociationId: table?.associations[0]?.id }));
      },
      ["route-table/public: associations"],
      ["AssociateRouteTable"],
    ],
    [
      "public addresses of a subnet",
      ({ ec2, ref }) =>
        ec2.send(
          new ModifySubnetAttributeCommand({
            SubnetId: ref("subnet/public/us-west-2a"),
            MapPublicIpOnLaunch: { Value: false },
          }),
        ),
      ["subnet/public/us-west-2a: publicAddresses"],
      ["ModifySubnetAttribute"],
    ],
    [
      "host names of the VPC",
      ({ ec2, ref }) =>
        ec2.send(new ModifyVpcAttributeCommand({ VpcId: ref("vpc"), EnableDnsHostnames: { Value: false } })),
      ["vpc: dnsHostnames"],
      ["ModifyVpcAttribute"],
    ],
    [
      "a policy of the node role",
      ({ iam, ref }) =>
        iam.send(
          new DetachRolePolicyCommand({
            RoleName: ref("role/nodegroup/web"),
            PolicyArn: "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
          }),
        ),
      ["role/nodegroup/web: managedPolicies"],
      ["AttachRolePolicy"],
    ],
    [
      "whom a role trusts",
      ({ iam, ref }) =>
        iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: ref("role/nodegroup/web"), PolicyDocument: trust })),
      ["role/nodegroup/web: trust"],
      ["UpdateAssumeRolePolicy"],
    ],
    [
      "how long logs are kept",
      ({ logs }) =>
        logs.send(new PutRetentionPolicyCommand({ logGroupName: "/aws/eks/demo/cluster", retentionInDays: 1 })),
      ["log-group: retention"],
      ["PutRetentionPolicy"],
    ],
  ];
  it.each(cases)("%s", async (_what, byHand, changed, requests) => {
    const account = await after(byHand);
    expect(await differences(account)).toEqual(changed);
    expect(failuresOf(await account.apply(file))).toEqual([]);
    expect(operations(account)).toEqual(requests);
    expect(await differences(account)).toEqual([]);
    expect(settings(account.sandbox)).toEqual(settings(base.sandbox));
  });
});

describe("what somebody changed and the file says nothing of is left alone", () => {
  const cases: readonly [string, (aws: Console) => Promise<unknown>][] = [
    [
      "zonal shift",
      ({ eks }) => eks.send(new UpdateClusterConfigCommand({ name: clusterName, zonalShiftConfig: { enabled: true } })),
    ],
    [
      "support",
      ({ eks }) =>
        eks.send(new UpdateClusterConfigCommand({ name: clusterName, upgradePolicy: { supportType: "STANDARD" } })),
    ],
    [
      "a newer release of the nodes",
      ({ eks }) =>
        eks.send(new UpdateNodegroupVersionCommand({ clusterName, nodegroupName, releaseVersion: "1.34.6-20261105" })),
    ],
    [
      "the version of an add-on that the file leaves open",
      ({ eks }) =>
        eks.send(new UpdateAddonCommand({ clusterName, addonName: "coredns", addonVersion: "v1.13.2-eksbuild.4" })),
    ],
    [
      "the settings of an add-on that the file leaves open",
      ({ eks }) =>
        eks.send(
          new UpdateAddonCommand({
            clusterName,
            addonName: "vpc-cni",
            configurationValues: '{"env":{"WARM_IP_TARGET":"3"}}',
          }),
        ),
    ],
    [
      "a policy that was added to a role",
      ({ iam, ref }) =>
        iam.send(
          new PutRolePolicyCommand({
            RoleName: ref("role/cluster"),
            PolicyName: "theirs",
            PolicyDocument: JSON.stringify({
              Version: "2012-10-17",
              Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }],
            }),
          }),
        ),
    ],
  ];
  it.each(cases)("%s", async (_what, byHand) => {
    const account = await after(byHand);
    const there = settings(account.sandbox);
    expect(there).not.toEqual(settings(base.sandbox));
    expect(await differences(account)).toEqual([]);
    expect((await account.apply(file, { prune: true })).result.outcome).toBe("done");
    expect(operations(account)).toEqual([]);
    expect(settings(account.sandbox)).toEqual(there);
  });

  it("a newer Kubernetes, which is said", async () => {
    const account = await after(({ eks }) =>
      eks.send(new UpdateClusterVersionCommand({ name: clusterName, version: "1.35" })),
    );
    const { changes, information } = await account.plan(file);
    expect(changes).toBe(false);
    expect(information.join("\n")).toMatch(/runs Kubernetes 1\.35, newer than the 1\.34 of the file/);
  });

  it("a role that somebody gave an add-on outlives an update of its version", async () => {
    const serviceAccountRoleArn = "arn:aws:iam::111122223333:role/cni-of-somebody";
    const account = await after(async ({ eks, iam, account: { rest } }) => {
      const role = { RoleName: "cni-of-somebody", AssumeRolePolicyDocument: trust };
      await iam.send(new CreateRoleCommand(role));
      await rest();
      const update = { clusterName, addonName: "kube-proxy", serviceAccountRoleArn };
      await eks.send(new UpdateAddonCommand({ ...update, addonVersion: "v1.34.1-eksbuild.2" }));
    });
    expect(await differences(account)).toEqual([]);
    const [kubeProxy, coredns] = before.addons;
    const addons = [{ ...kubeProxy, version: "v1.34.6-eksbuild.2" }, coredns];
    expect(failuresOf(await account.apply(JSON.stringify({ ...before, addons })))).toEqual([]);
    const cluster = account.sandbox.world.state.regions[region]?.eks.clusters[clusterName];
    expect(cluster?.addons["kube-proxy"]).toMatchObject({ version: "v1.34.6-eksbuild.2", serviceAccountRoleArn });
  });
});

describe("what somebody deleted is made again", () => {
  it("a NAT gateway that is long gone, although EC2 still knows the request that made it", async () => {
    const text = JSON.stringify({ ...before, vpc: { ...before.vpc, nat: { gateway: "Single" } } });
    const account = closing(await openTestAccount());
    expect(failuresOf(await account.create(text))).toEqual([]);
    await account.rest();
    const atFirst = settings(account.sandbox);
    const [gateway] = owned(account.sandbox).filter(({ family }) => family === "natGateways");
    const NatGatewayId = gateway?.at.split("/").at(-1);
    await account.session(region).clients.ec2.send(new DeleteNatGatewayCommand({ NatGatewayId }));
    await account.sandbox.clock.sleep(10 * 60 * 1000);
    expect(failuresOf(await account.apply(text))).toEqual([]);
    await account.rest();
    expect(settings(account.sandbox)).toEqual(atFirst);
  });

  const cases: readonly [string, (aws: Console) => Promise<unknown>, readonly string[], readonly string[]][] = [
    [
      "an add-on",
      ({ eks }) => eks.send(new DeleteAddonCommand({ clusterName, addonName: "kube-proxy" })),
      ["create addon/kube-proxy"],
      ["CreateAddon"],
    ],
    [
      "a nodegroup",
      ({ eks }) => eks.send(new DeleteNodegroupCommand({ clusterName, nodegroupName })),
      ["create nodegroup/web"],
      ["CreateNodegroup"],
    ],
    [
      "an access entry",
      ({ eks }) =>
        eks.send(
          new DeleteAccessEntryCommand({ clusterName, principalArn: "arn:aws:iam::111122223333:role/developers" }),
        ),
      ["create access-entry/arn:aws:iam::111122223333:role/developers"],
      ["CreateAccessEntry", "AssociateAccessPolicy"],
    ],
    [
      "a security group rule",
      ({ ec2, ref }) =>
        ec2.send(
          new RevokeSecurityGroupIngressCommand({
            GroupId: ref("security-group/control-plane"),
            SecurityGroupRuleIds: [ref("security-group-rule/control-plane/10.100.0.0/16")],
          }),
        ),
      ["create security-group-rule/control-plane/10.100.0.0/16"],
      ["AuthorizeSecurityGroupIngress"],
    ],
    [
      "the log group",
      ({ logs }) => logs.send(new DeleteLogGroupCommand({ logGroupName: "/aws/eks/demo/cluster" })),
      ["create log-group"],
      ["CreateLogGroup", "PutRetentionPolicy"],
    ],
    [
      "the role of the control plane, which knows it by its ARN",
      async ({ iam, ref }) => {
        const RoleName = ref("role/cluster");
        for (const name of ["AmazonEKSClusterPolicy", "AmazonEKSVPCResourceController"]) {
          await iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn: `arn:aws:iam::aws:policy/${name}` }));
        }
        await iam.send(new DeleteRoleCommand({ RoleName }));
      },
      ["create role/cluster"],
      ["CreateRole", "AttachRolePolicy", "AttachRolePolicy"],
    ],
  ];
  it.each(cases)("%s, by create as by apply", async (_what, byHand, planned, requests) => {
    const account = await after(byHand);
    const seen = await differences(account);
    // Add-ons with Deployments wait for nodes.
    expect(seen.filter((line) => !line.startsWith("wait addon/"))).toEqual(planned);
    const other = closing(await account.fork());
    expect(failuresOf(await account.apply(file))).toEqual([]);
    expect(operations(account)).toEqual(requests);
    expect(await differences(account)).toEqual([]);
    expect(settings(account.sandbox)).toEqual(settings(base.sandbox));

    expect(failuresOf(await other.create(file))).toEqual([]);
    expect(operations(other)).toEqual(requests);
  });
});
