import * as EC2 from "@aws-sdk/client-ec2";
import * as EKS from "@aws-sdk/client-eks";
import { DeleteLogGroupCommand, DeleteRetentionPolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import * as IAM from "@aws-sdk/client-iam";
import type { Clients } from "../../src/aws/clients.ts";
import type { Account } from "../support/account.ts";
import { type Holding, owned } from "../support/holdings.ts";
import type { Disturbance } from "./disturbances.ts";
import { type Moment, type Trial, carryOut } from "./judge.ts";

/** Another program changes or deletes something of the cluster, after the plan was made and before it is carried out. */
export const meddlers: Disturbance = { name: "meddled with", moments };

interface Deed {
  /** As `nodegroup/workers deleted`. */
  readonly name: string;
  do(account: Account): Promise<void>;
}

async function moments({ scene, from }: Trial): Promise<readonly Moment[]> {
  const found: Moment[] = [];
  for (const deed of owned(from.sandbox).flatMap(deedsTo)) {
    if (await isRefused(deed, from)) continue;
    found.push({
      at: deed.name,
      others: true,
      fits: ["done", "refused", "failed"],
      strike: (account) =>
        carryOut(scene.command, async () => {
          const proposal = await scene.command.propose(account, {});
          await deed.do(account);
          return proposal;
        }),
    });
  }
  return found;
}

/** AWS keeps what others still use: nobody can get in between there. */
async function isRefused(deed: Deed, from: Account): Promise<boolean> {
  const account = await from.fork();
  try {
    await deed.do(account);
    return false;
  } catch (error) {
    if (error instanceof Error && "$metadata" in error) return true;
    throw error;
  } finally {
    await account.close();
  }
}

type Act = (clients: Clients, holding: Holding) => Promise<unknown>;
type Acts = Readonly<Record<string, Act>>;

function deedsTo(holding: Holding): readonly Deed[] {
  const region = holding.tags["ekstool.dev/region"];
  const id = holding.tags["ekstool.dev/id"];
  if (region !== "us-west-2" || id === undefined) return [];
  return Object.entries(acts[holding.family] ?? {}).map(([name, act]) => ({
    name: `${id} ${name}`,
    async do(account) {
      await act(account.session(region).clients, holding);
    },
  }));
}

const last = ({ at }: Holding): string => at.split("/").at(-1) ?? "";
/** EKS's records are below their cluster's: `us-west-2/eks/clusters/demo/nodegroups/workers`. */
const inCluster = ({ at }: Holding) => ({ clusterName: at.split("/")[3] ?? "" });

const labelOf = ({ record }: Holding): string =>
  Object.keys(record["labels"] as object).find((key) => !key.includes("/")) ?? "theirs";

/** What others may do to a thing, by its family; in the sandbox's words for families. */
const acts: Readonly<Record<string, Acts>> = {
  clusters: {
    deleted: async ({ eks }, { record }) => {
      const clusterName = String(record["name"]);
      const { nodegroups = [] } = await eks.send(new EKS.ListNodegroupsCommand({ clusterName }));
      if (nodegroups.length > 0) throw Object.assign(new Error("it has nodegroups"), { $metadata: {} });
      await eks.send(new EKS.DeleteClusterCommand({ name: clusterName }));
    },
    // Where the file speaks of logs: others' own wishes are left as they are.
    "given other logs": async ({ eks }, { record }) => {
      const { logging, name } = record as { readonly logging: readonly string[]; readonly name: string };
      if (logging.length === 0) throw Object.assign(new Error("the file says nothing of its logs"), { $metadata: {} });
      const clusterLogging = [{ types: ["scheduler" as const], enabled: true }];
      await eks.send(new EKS.UpdateClusterConfigCommand({ name, logging: { clusterLogging } }));
    },
  },
  nodegroups: {
    deleted: ({ eks }, holding) =>
      eks.send(new EKS.DeleteNodegroupCommand({ ...inCluster(holding), nodegroupName: last(holding) })),
    // One of the file's: labels of others are kept.
    "given another value of a label": ({ eks }, holding) =>
      eks.send(
        new EKS.UpdateNodegroupConfigCommand({
          ...inCluster(holding),
          nodegroupName: last(holding),
          labels: { addOrUpdateLabels: { [labelOf(holding)]: "theirs" } },
        }),
      ),
    rolled: ({ eks }, holding) =>
      eks.send(
        new EKS.UpdateNodegroupVersionCommand({
          ...inCluster(holding),
          nodegroupName: last(holding),
          releaseVersion: "1.34.6-20261105",
        }),
      ),
  },
  addons: {
    deleted: ({ eks }, holding) =>
      eks.send(new EKS.DeleteAddonCommand({ ...inCluster(holding), addonName: last(holding) })),
  },
  accessEntries: {
    deleted: ({ eks }, holding) =>
      eks.send(
        new EKS.DeleteAccessEntryCommand({
          ...inCluster(holding),
          principalArn: String(holding.record["principalArn"]),
        }),
      ),
  },
  roles: {
    deleted: async ({ iam }, { record }) => {
      const RoleName = String(record["name"]);
      await emptied(iam, RoleName);
      await iam.send(new IAM.DeleteRoleCommand({ RoleName }));
    },
    "without its policies": ({ iam }, { record }) => emptied(iam, String(record["name"])),
  },
  oidcProviders: {
    deleted: ({ iam }, { record }) =>
      iam.send(new IAM.DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: String(record["arn"]) })),
  },
  groups: {
    deleted: ({ logs }, { record }) => logs.send(new DeleteLogGroupCommand({ logGroupName: String(record["name"]) })),
    "kept for ever": ({ logs }, { record }) =>
      logs.send(new DeleteRetentionPolicyCommand({ logGroupName: String(record["name"]) })),
  },
  launchTemplates: {
    deleted: ({ ec2 }, holding) => ec2.send(new EC2.DeleteLaunchTemplateCommand({ LaunchTemplateId: last(holding) })),
  },
  natGateways: {
    deleted: ({ ec2 }, holding) => ec2.send(new EC2.DeleteNatGatewayCommand({ NatGatewayId: last(holding) })),
  },
  addresses: {
    released: ({ ec2 }, holding) => ec2.send(new EC2.ReleaseAddressCommand({ AllocationId: last(holding) })),
  },
  securityGroups: {
    deleted: ({ ec2 }, holding) => ec2.send(new EC2.DeleteSecurityGroupCommand({ GroupId: last(holding) })),
  },
  securityGroupRules: {
    revoked: ({ ec2 }, holding) => {
      const input = { GroupId: String(holding.record["GroupId"]), SecurityGroupRuleIds: [last(holding)] };
      return holding.record["IsEgress"] === true
        ? ec2.send(new EC2.RevokeSecurityGroupEgressCommand(input))
        : ec2.send(new EC2.RevokeSecurityGroupIngressCommand(input));
    },
  },
  subnets: {
    deleted: ({ ec2 }, holding) => ec2.send(new EC2.DeleteSubnetCommand({ SubnetId: last(holding) })),
    "without public addresses": ({ ec2 }, holding) =>
      ec2.send(
        new EC2.ModifySubnetAttributeCommand({ SubnetId: last(holding), MapPublicIpOnLaunch: { Value: false } }),
      ),
  },
  routeTables: {
    "without its default route": ({ ec2 }, holding) =>
      ec2.send(new EC2.DeleteRouteCommand({ RouteTableId: last(holding), DestinationCidrBlock: "0.0.0.0/0" })),
    "without subnets": async ({ ec2 }, holding) => {
      const RouteTableIds = [last(holding)];
      const { RouteTables: [table] = [] } = await ec2.send(new EC2.DescribeRouteTablesCommand({ RouteTableIds }));
      for (const { RouteTableAssociationId: AssociationId } of table?.Associations ?? []) {
        await ec2.send(new EC2.DisassociateRouteTableCommand({ AssociationId }));
      }
    },
  },
};

async function emptied(iam: Clients["iam"], RoleName: string): Promise<void> {
  const { AttachedPolicies = [] } = await iam.send(new IAM.ListAttachedRolePoliciesCommand({ RoleName }));
  for (const { PolicyArn } of AttachedPolicies) {
    await iam.send(new IAM.DetachRolePolicyCommand({ RoleName, PolicyArn }));
  }
  const { PolicyNames = [] } = await iam.send(new IAM.ListRolePoliciesCommand({ RoleName }));
  for (const PolicyName of PolicyNames) await iam.send(new IAM.DeleteRolePolicyCommand({ RoleName, PolicyName }));
}
