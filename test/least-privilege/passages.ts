import {
  CreateRouteTableCommand,
  DescribeRouteTablesCommand,
  ModifyLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  ModifySecurityGroupRulesCommand,
  ModifySubnetAttributeCommand,
  ModifyVpcAttributeCommand,
  ReplaceRouteTableAssociationCommand,
} from "@aws-sdk/client-ec2";
import { RemoveClientIDFromOpenIDConnectProviderCommand, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import { proposeCreate } from "../../src/operations/cluster.ts";
import { givenThings } from "../../src/operations/given-things.ts";
import { listAddons, listNodegroups } from "../../src/operations/inventory.ts";
import { type Account, openTestAccount, parse } from "../support/account.ts";
import {
  application,
  arrival,
  controlPlaneFile,
  creation,
  deletion,
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

const read = (name: string, from: () => Promise<Account>, text: string, work: (account: Account) => Promise<unknown>) => ({
  name,
  from,
  purpose: "read" as const,
  text,
  run: async (account: Account) => {
    await work(account);
    return undefined;
  },
});

const tagged = (text: string, tags: string) => text.replace(/metadata: \{(.*)\}\n/u, `metadata: {$1, tags: ${tags} }\n`);

/** What somebody else did to it: each an edit that `apply` takes back. */
const drifted = once(async () => {
  const account = await (await rich()).fork();
  const { ec2, iam } = account.session(region).clients;
  const ours = async (kind: string) => {
    const { result } = await account.apply(richFile);
    const live = [...result.live.values()].find(({ id }) => id === kind);
    if (live === undefined) throw new Error(`there is no ${kind}`);
    return live.ref;
  };
  const vpc = await ours("vpc");
  await ec2.send(new ModifyVpcAttributeCommand({ VpcId: vpc, EnableDnsHostnames: { Value: false } }));
  const SubnetId = await ours("subnet/public/us-west-2a");
  await ec2.send(new ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value: false } }));
  return account;
});

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
  applies("another tag in place of one", made, JSON.stringify({ ...before, metadata: { ...before.metadata, tags: { owner: "red" } } })),
  applies("another tag", rich, tagged(richFile, "{ owner: red }")),
  applies("one NAT gateway in place of several", rich, richFile.replace("HighlyAvailable", "Single")),
  applies("no NAT gateways any more", workers, `${plain}vpc: { nat: { gateway: Disable } }\n`),
  applies("hardly anything is left in the file", rich, controlPlaneFile("1.34")),
  applies("what others changed is put right", drifted, richFile),
  ...edits.map((edit) => applies(edit.what, made, edited(edit))),
  {
    name: "delete what needs more kinds of things",
    from: rich,
    purpose: "delete",
    text: richFile,
    run: (account) => deletion(account).run(account, {}),
  },
  read("plan what needs more kinds of things", rich, richFile, (account) => account.plan(richFile)),
  read("get nodegroup", workers, plain, (account) => listNodegroups(account.session(region), "demo")),
  read("get addon", workers, plain, (account) => listAddons(account.session(region), "demo")),
];
