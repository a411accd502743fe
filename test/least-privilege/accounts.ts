import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  ModifySecurityGroupRulesCommand,
  ModifySubnetAttributeCommand,
  ModifyVpcAttributeCommand,
  ReplaceRouteTableAssociationCommand,
} from "@aws-sdk/client-ec2";
import { UpdateNodegroupConfigCommand } from "@aws-sdk/client-eks";
import {
  PutRolePolicyCommand,
  RemoveClientIDFromOpenIDConnectProviderCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import type { Live } from "../../src/engine/kind.ts";
import { givenThings } from "../../src/operations/given-things.ts";
import { keptAccount, made } from "../campaign/accounts.ts";
import { files } from "../campaign/files.ts";
import { type Account, openTestAccount, parse } from "../support/account.ts";
import { busyCluster, loggingFile, settled } from "../support/kubernetes.ts";

const region = "us-west-2";

/** Nobody has made anything in it, but what the golden file names. */
export const empty = () => keptAccount("empty", empt);
export const drifted = () => keptAccount("drifted", drift);
export const changed = () => keptAccount("changed", change);
/** Kubernetes is at work in it: the cluster of `loggingFile`. */
export const busy = () => keptAccount("busy", work);
export const busyByKubernetesTag = () =>
  keptAccount("busy by the tag of Kubernetes", () =>
    mark({ "kubernetes.io/cluster/demo": "owned" }, [
      "instances",
      "volumes",
      "securityGroups",
      "networkInterfaces",
      "loadBalancers",
      "targetGroups",
    ]),
  );
export const busyByEksTag = () =>
  keptAccount("busy by the tag of EKS", () =>
    mark({ "eks:eks-cluster-name": "demo" }, ["instances", "volumes", "loadBalancers", "targetGroups"]),
  );
export const scaling = () => keptAccount("scaling", startScaling);

/** What others did to it: all of it is put right by `apply`, or taken along by `delete`. */
async function drift(): Promise<Account> {
  const account = await (await made(files.rich)).fork();
  const { result } = await account.apply(files.rich);
  const live = ({ id }: { readonly id: string }): Live<unknown> => {
    const found = result.live.get(id);
    if (found === undefined) throw new Error(`there is no ${id}`);
    return found;
  };
  const ref = (id: string) => live({ id }).ref;
  const { ec2, iam } = account.session(region).clients;
  await ec2.send(new ModifyVpcAttributeCommand({ VpcId: ref("vpc"), EnableDnsHostnames: { Value: false } }));
  const SubnetId = [...result.live.keys()].find((id) => id.startsWith("subnet/public/")) ?? "";
  await ec2.send(new ModifySubnetAttributeCommand({ SubnetId: ref(SubnetId), MapPublicIpOnLaunch: { Value: false } }));
  await moveAssociation(account, ref(SubnetId), ref("route-table/private/us-west-2a"));
  for (const id of ["security-group-rule/shared-node/self", "security-group-rule/cluster/shared-node"]) {
    await describeAnew(account, ref(id));
  }
  const RoleName = ref("role/nodegroup/workers");
  const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
  const OpenIDConnectProviderArn = ref("oidc-provider");
  const audience = { OpenIDConnectProviderArn, ClientID: "sts.amazonaws.com" };
  await iam.send(new RemoveClientIDFromOpenIDConnectProviderCommand(audience));
  return account;
}

async function moveAssociation(account: Account, SubnetId: string, RouteTableId: string): Promise<void> {
  const { ec2 } = account.session(region).clients;
  const Filters = [{ Name: "association.subnet-id", Values: [SubnetId] }];
  const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand({ Filters }));
  const association = RouteTables.flatMap(({ Associations = [] }) => Associations).find(
    (one) => one.SubnetId === SubnetId,
  );
  const AssociationId = association?.RouteTableAssociationId;
  await ec2.send(new ReplaceRouteTableAssociationCommand({ AssociationId, RouteTableId }));
}

async function describeAnew(account: Account, SecurityGroupRuleId: string): Promise<void> {
  const { ec2 } = account.session(region).clients;
  const request = { SecurityGroupRuleIds: [SecurityGroupRuleId] };
  const { SecurityGroupRules: [rule] = [] } = await ec2.send(new DescribeSecurityGroupRulesCommand(request));
  const { GroupId, IpProtocol, ReferencedGroupInfo } = rule ?? {};
  const SecurityGroupRule = { IpProtocol, ReferencedGroupId: ReferencedGroupInfo?.GroupId, Description: "theirs" };
  const changed = [{ SecurityGroupRuleId, SecurityGroupRule }];
  await ec2.send(new ModifySecurityGroupRulesCommand({ GroupId, SecurityGroupRules: changed }));
}

/** Somebody gave a role of it an inline policy. */
async function change(): Promise<Account> {
  const account = await (await made(files.plain)).fork();
  const { iam } = account.session(region).clients;
  const { result } = await account.apply(files.plain);
  const RoleName = result.live.get("role/nodegroup/workers")?.ref;
  const allowed = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [allowed] });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "theirs", PolicyDocument }));
  return account;
}

async function empt(): Promise<Account> {
  const account = await openTestAccount();
  account.sandbox.residents(givenThings(parse(files.golden)));
  return account;
}

async function work(): Promise<Account> {
  const account = await (await made(loggingFile())).fork();
  account.sandbox.scenario({ kubernetes: [busyCluster] });
  await settled(account);
  await letEachOtherIn(account);
  return account;
}

/** Rules of every kind of group that name another one, in both directions. */
async function letEachOtherIn(account: Account): Promise<void> {
  const { ec2 } = account.session(region).clients;
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({}));
  const tagged = (key: string) => SecurityGroups.find(({ Tags = [] }) => Tags.some(({ Key }) => Key === key))?.GroupId;
  const ring = ["kubernetes.io/service-name", "elbv2.k8s.aws/cluster", "ekstool.dev/id"].map(tagged);
  for (const [index, GroupId] of ring.entries()) {
    const UserIdGroupPairs = [{ GroupId: ring[(index + 1) % ring.length] }];
    const IpPermissions = [{ IpProtocol: "tcp", FromPort: 8080, ToPort: 8080, UserIdGroupPairs }];
    await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
    await ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions }));
  }
}

/** What was made for the cluster says so by one tag alone. */
async function mark(tag: Readonly<Record<string, string>>, families: readonly Family[]): Promise<Account> {
  const account = await (await busy()).fork();
  account.sandbox.scenario({});
  const { ec2, elbv2 } = account.sandbox.world.region(region);
  const all = { ...ec2, ...elbv2 };
  for (const record of families.flatMap((family) => Object.values<{ tags: Record<string, string> }>(all[family]))) {
    const kept = Object.entries(record.tags).filter(([key]) => !marks.includes(key));
    const isMade = kept.length < Object.keys(record.tags).length;
    if (isMade && !kept.some(([key]) => key.startsWith("aws:") || key === "eks:nodegroup-name"))
      record.tags = { ...Object.fromEntries(kept), ...tag };
  }
  for (const profile of Object.values(account.sandbox.world.state.iam.instanceProfiles)) {
    const kept = profile.tags.filter(({ Key }) => !marks.includes(Key));
    if (kept.length === profile.tags.length) continue;
    profile.tags = [...kept, ...Object.entries(tag).map(([Key, Value]) => ({ Key, Value }))];
  }
  return account;
}

type Family = "instances" | "volumes" | "securityGroups" | "networkInterfaces" | "loadBalancers" | "targetGroups";

const marks = [
  "kubernetes.io/cluster/demo",
  "eks:eks-cluster-name",
  "elbv2.k8s.aws/cluster",
  "cluster.k8s.amazonaws.com/name",
];

/** A nodegroup of it is being scaled. */
async function startScaling(): Promise<Account> {
  const account = await (await made(files.plain)).fork();
  const request = {
    clusterName: "demo",
    nodegroupName: "workers",
    scalingConfig: { minSize: 1, desiredSize: 3, maxSize: 6 },
  };
  await account.session(region).clients.eks.send(new UpdateNodegroupConfigCommand(request));
  return account;
}
