import {
  DescribeRouteTablesCommand,
  DescribeSecurityGroupRulesCommand,
  ModifySecurityGroupRulesCommand,
  ModifySubnetAttributeCommand,
  ModifyVpcAttributeCommand,
  ReplaceRouteTableAssociationCommand,
} from "@aws-sdk/client-ec2";
import { UpdateNodegroupConfigCommand } from "@aws-sdk/client-eks";
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  PutRolePolicyCommand,
  RemoveClientIDFromOpenIDConnectProviderCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import type { Live } from "../../src/engine/kind.ts";
import { proposeCreate } from "../../src/operations/cluster.ts";
import { givenThings } from "../../src/operations/given-things.ts";
import { listAddons, listNodegroups } from "../../src/operations/inventory.ts";
import { proposeDeleteNodegroups } from "../../src/operations/nodegroups.ts";
import { type Account, example, examples, openTestAccount, parse } from "../support/account.ts";
import {
  application,
  arrival,
  controlPlaneFile,
  creation,
  deletion,
  growth,
  inhabitedAccount,
  plainFile,
  region,
  richFile,
  scaling,
  upgrade,
} from "../support/campaign-journeys.ts";
import type { Passage } from "../support/least-privilege.ts";
import { before, edited, edits } from "../operations/golden-table.ts";

const opened: Promise<Account>[] = [];

/** An account that is made when the first passage needs it. */
function once(make: () => Promise<Account>): () => Promise<Account> {
  let made: Promise<Account> | undefined;
  return () => {
    if (made === undefined) opened.push((made = make()));
    return made;
  };
}

export async function closeAll(): Promise<void> {
  for (const account of await Promise.all(opened)) await account.close();
}

const demo = JSON.stringify(before);
const plain = plainFile();
const more = `${plain}  - name: more\n`;

const empty = once(async () => {
  const account = await openTestAccount();
  account.sandbox.residents(givenThings(parse(demo)));
  return account;
});
const made = once(async () => arrival(creation(await empty(), demo)));
const inhabited = once(inhabitedAccount);
const rich = once(async () => arrival(creation(await inhabited(), richFile)));
const workers = once(async () => arrival(creation(await empty(), plain)));

const applies = (name: string, from: () => Promise<Account>, text: string): Passage => ({
  name,
  from,
  purpose: "apply",
  text,
  run: async (account) => {
    account.sandbox.residents(givenThings(parse(text)));
    return application(account, text).run(account, {});
  },
});

/** What everybody does. */
export const life: readonly Passage[] = [
  {
    name: "create",
    from: empty,
    purpose: "create",
    text: demo,
    run: (account) => creation(account, demo).run(account, {}),
  },
  applies("apply the same again", made, demo),
  {
    name: "scale",
    part: true,
    from: workers,
    purpose: "apply",
    text: plain,
    run: (account) => scaling(account).run(account, {}),
  },
  {
    name: "upgrade",
    from: workers,
    purpose: "upgrade",
    text: plain,
    run: (account) => upgrade(account).run(account, {}),
  },
  {
    name: "plan",
    from: made,
    purpose: "read",
    text: demo,
    run: async (account) => {
      await account.plan(demo);
      return undefined;
    },
  },
  {
    name: "delete",
    from: made,
    purpose: "delete",
    text: demo,
    run: (account) => deletion(account).run(account, {}),
  },
];

const read = (
  name: string,
  from: () => Promise<Account>,
  text: string,
  work: (account: Account) => Promise<unknown>,
) => ({
  name,
  from,
  purpose: "read" as const,
  text,
  run: async (account: Account) => {
    await work(account);
    return undefined;
  },
});

const tagged = (text: string, tags: string) =>
  text.replace(/metadata: \{(.*)\}\n/u, `metadata: {$1, tags: ${tags} }\n`);

const withTag = tagged(richFile, "{ owner: red }");
const taggedRich = once(async () => arrival(application(await rich(), withTag)));

/** What others did to it: all of it is put right by `apply`, or taken along by `delete`. */
const drifted = once(async () => {
  const account = await arrival(application(await rich(), richFile));
  const { result } = await application(account, richFile).run(account, {});
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
});

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

/** A role of it is used by others too, as Karpenter does it. */
const shared = once(async () => {
  const account = await arrival(application(await workers(), plain));
  const { iam } = account.session(region).clients;
  const { result } = await application(account, plain).run(account, {});
  const RoleName = result.live.get("role/nodegroup/workers")?.ref;
  await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "theirs" }));
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: "theirs", RoleName }));
  const allowed = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [allowed] });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "theirs", PolicyDocument }));
  return account;
});

/** A nodegroup of it is being scaled. */
const busy = once(async () => {
  const account = await (await workers()).fork();
  const request = {
    clusterName: "demo",
    nodegroupName: "workers",
    scalingConfig: { minSize: 1, desiredSize: 3, maxSize: 6 },
  };
  await account.session(region).clients.eks.send(new UpdateNodegroupConfigCommand(request));
  return account;
});

const withoutPaths = `${plain}accessConfig: { authenticationMode: CONFIG_MAP }\n`;
const givenIdentity = richFile.replace(
  "permissionPolicyARNs: [arn:aws:iam::aws:policy/service-role/AmazonEFSCSIDriverPolicy]",
  "roleARN: arn:aws:iam::111122223333:role/pods",
);

/** What happens more seldom. */
export const cases: readonly Passage[] = [
  {
    name: "create what needs more kinds of things",
    from: inhabited,
    purpose: "create",
    text: richFile,
    run: (account) => creation(account, richFile).run(account, {}),
  },
  {
    name: "a creation that is rolled back",
    from: inhabited,
    purpose: "create",
    text: richFile,
    outcome: "failed",
    async run(account) {
      account.sandbox.faults([{ operation: "CreateNodegroup", effect: { error: { code: "ServerException" } } }]);
      const proposal = await proposeCreate(account.session(region), parse(richFile));
      return proposal.run({ onFailure: "rollback" });
    },
  },
  applies("apply to nothing", inhabited, richFile),
  applies(
    "another tag in place of one",
    made,
    JSON.stringify({ ...before, metadata: { ...before.metadata, tags: { owner: "red" } } }),
  ),
  applies("another tag", rich, withTag),
  applies("one NAT gateway in place of several", rich, richFile.replace("HighlyAvailable", "Single")),
  applies("no NAT gateways any more", workers, `${plain}vpc: { nat: { gateway: Disable } }\n`),
  applies("hardly anything is left in the file", rich, controlPlaneFile("1.34")),
  applies("the last tag goes", taggedRich, richFile),
  applies("a given role in place of one that is made", rich, givenIdentity),
  applies("what others changed is put right", drifted, richFile),
  {
    name: "create nodegroup",
    part: true,
    from: workers,
    purpose: "apply",
    text: more,
    run: (account) => growth(account, more).run(account, {}),
  },
  {
    name: "delete nodegroup",
    part: true,
    from: workers,
    purpose: "apply",
    text: plain,
    run: async (account) =>
      (await proposeDeleteNodegroups(account.session(region), "demo", () => ["workers"])).run({ onFailure: "keep" }),
  },
  {
    name: "scale while it is being scaled",
    part: true,
    from: busy,
    purpose: "apply",
    text: plain,
    run: (account) => scaling(account).run(account, {}),
  },
  {
    name: "delete what others use too",
    from: shared,
    purpose: "delete",
    text: plain,
    run: (account) => deletion(account).run(account, {}),
  },
  {
    name: "create roles without a path",
    from: empty,
    purpose: "create",
    text: withoutPaths,
    run: (account) => creation(account, withoutPaths).run(account, {}),
  },
  ...examples.map((name): Passage => ({
    name: `create ${name}`,
    from: empty,
    purpose: "create",
    text: example(name),
    run: (account) => account.create(example(name)),
  })),
  ...edits.map((edit) => applies(edit.what, made, edited(edit))),
  {
    name: "delete what needs more kinds of things",
    from: rich,
    purpose: "delete",
    text: richFile,
    run: (account) => deletion(account).run(account, {}),
  },
  read("plan what needs more kinds of things", rich, richFile, (account) => account.plan(richFile)),
];

/** What can be answered in part. */
export const answers: readonly Passage[] = [
  {
    ...read("get nodegroup", workers, plain, (account) => listNodegroups(account.session(region), "demo")),
    goesOnWithout: ["ec2:DescribeLaunchTemplateVersions"],
  },
  {
    ...read("get addon", workers, plain, (account) => listAddons(account.session(region), "demo")),
    goesOnWithout: ["eks:DescribeAddonVersions"],
  },
];
