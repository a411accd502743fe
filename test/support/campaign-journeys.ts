import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  ImportKeyPairCommand,
} from "@aws-sdk/client-ec2";
import { AttachRolePolicyCommand, CreateRoleCommand } from "@aws-sdk/client-iam";
import { proposeApply, proposeCreate, proposeDelete } from "../../src/operations/cluster.ts";
import { proposeCreateNodegroups } from "../../src/operations/nodegroups.ts";
import { proposeScale } from "../../src/operations/scale.ts";
import { proposeUpgrade } from "../../src/operations/upgrade.ts";
import { type Account, openTestAccount, parse } from "./account.ts";
import type { Journey } from "./campaign.ts";

export const region = "us-west-2";

/** The usual cluster, and what of it can be edited. */
export const plainFile = (
  edit: { readonly labels?: string; readonly desiredCapacity?: number; readonly volumeSize?: number } = {},
) => `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: ${region}, tags: { team: platform } }
managedNodeGroups:
  - name: workers
    instanceType: m5.large
    releaseVersion: 1.34.6-20261015
    labels: ${edit.labels ?? "{ tier: web, old: label }"}
    desiredCapacity: ${edit.desiredCapacity ?? 2}
    minSize: 1
    maxSize: 4
    volumeSize: ${edit.volumeSize ?? 80}
`;

/** One that needs more kinds of things: roles of add-ons, an OIDC provider, logs, SSH, a NAT gateway for each zone. */
export const richFile = `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: ${region} }
iam: { withOIDC: true }
vpc: { nat: { gateway: HighlyAvailable }, clusterEndpoints: { privateAccess: true } }
cloudWatch: { clusterLogging: { enableTypes: [api, audit], logRetentionInDays: 30 } }
accessConfig:
  accessEntries:
    - principalARN: arn:aws:iam::111122223333:role/somebody
      kubernetesGroups: [readers]
      accessPolicies:
        - policyARN: arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy
          accessScope: { type: namespace, namespaces: [default] }
addons:
  - name: vpc-cni
    attachPolicyARNs: [arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy]
  - name: eks-pod-identity-agent
  - name: aws-ebs-csi-driver
    attachPolicy:
      Version: "2012-10-17"
      Statement: [{ Effect: Allow, Action: ["ec2:CreateVolume"], Resource: "*" }]
  - name: aws-efs-csi-driver
    podIdentityAssociations:
      - namespace: kube-system
        serviceAccountName: efs-csi-controller-sa
        permissionPolicyARNs: [arn:aws:iam::aws:policy/service-role/AmazonEFSCSIDriverPolicy]
managedNodeGroups:
  - name: workers
    privateNetworking: true
    desiredCapacity: 2
    ssh: { allow: true, publicKeyName: somebody }
    labels: { role: workers }
    taints: [{ key: dedicated, value: workers, effect: NoSchedule }]
    iam: { withAddonPolicies: { autoScaler: true, externalDNS: true } }
`;

/** A control plane alone, and what of it can be edited. */
export const controlPlaneFile = (version: string, more = "") => `
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: { name: demo, region: ${region}, version: "${version}" }
addonsConfig: { disableDefaultAddons: true }
${more}
`;

/** An account in which others have something already, a cluster of the same name in another region among it. */
export async function inhabitedAccount(): Promise<Account> {
  const account = await openTestAccount();
  const { ec2, iam } = account.session(region).clients;
  const { Vpc: { VpcId } = {} } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
  await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: "10.0.0.0/24" }));
  const group = await ec2.send(new CreateSecurityGroupCommand({ VpcId, GroupName: "theirs", Description: "theirs" }));
  const rule = { IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "10.0.0.0/8" }] };
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: group.GroupId, IpPermissions: [rule] }));
  const PublicKeyMaterial = Buffer.from(`ssh-ed25519 ${sshKey} somebody`);
  await ec2.send(new ImportKeyPairCommand({ KeyName: "somebody", PublicKeyMaterial }));
  const trust = { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
  await iam.send(new CreateRoleCommand({ RoleName: "somebody", AssumeRolePolicyDocument }));
  const PolicyArn = "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy";
  await iam.send(new AttachRolePolicyCommand({ RoleName: "somebody", PolicyArn }));
  await account.create(plainFile().replaceAll(region, "eu-west-1"));
  await account.rest();
  return account;
}

const sshKey = Buffer.concat([
  Buffer.from("0000000b7373682d6564323535313900000020", "hex"),
  Buffer.alloc(32, 7),
]).toString("base64");

/** The account that a journey leads to. */
export async function arrival({ from, run }: Journey): Promise<Account> {
  const account = await from.fork();
  const { result } = await run(account, {});
  if (result.outcome !== "done") throw new Error(`the way there ended as ${result.outcome}`);
  await account.rest();
  return account;
}

export function creation(from: Account, text: string): Journey {
  return {
    from,
    run: async (account, choice) =>
      (await proposeCreate(account.session(region, choice), parse(text))).run({ onFailure: "auto" }),
  };
}

export function application(from: Account, text: string): Journey {
  return {
    from,
    run: async (account, choice) =>
      (await proposeApply(account.session(region, choice), parse(text), { prune: true })).run({ onFailure: "auto" }),
  };
}

export function deletion(from: Account): Journey {
  return {
    from,
    run: async (account, choice) =>
      (await proposeDelete(account.session(region, choice), "demo")).run({ onFailure: "auto" }),
  };
}

export function scaling(from: Account): Journey {
  const size = { nodegroup: "workers", desired: 3, max: 6 };
  return {
    from,
    run: async (account, choice) =>
      (await proposeScale(account.session(region, choice), "demo", [size], { wait: true })).run({ onFailure: "keep" }),
  };
}

/** Makes the nodegroups of a file that are missing. */
export function growth(from: Account, text: string): Journey {
  return {
    from,
    run: async (account, choice) =>
      (await proposeCreateNodegroups(account.session(region, choice), parse(text), () => true)).run({
        onFailure: "keep",
      }),
  };
}

export function upgrade(from: Account): Journey {
  const request = {
    cluster: "demo",
    nodegroup: "workers",
    releaseVersion: "1.34.6-20261105",
    force: false,
    wait: true,
  };
  return {
    from,
    run: async (account, choice) =>
      (await proposeUpgrade(account.session(region, choice), request)).run({ onFailure: "keep" }),
  };
}
