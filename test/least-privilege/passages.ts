import { givenThings } from "../../src/operations/given-things.ts";
import { listAddons, listNodegroups } from "../../src/operations/inventory.ts";
import { proposeDeleteNodegroups } from "../../src/operations/nodegroups.ts";
import type { Finished } from "../../src/operations/proposal.ts";
import type { Purpose } from "../../src/operations/purposes.ts";
import { inhabited, made } from "../campaign/accounts.ts";
import {
  type Command,
  apply,
  create,
  grow,
  label,
  remove,
  scale,
  upgrade,
  upgradeCluster,
} from "../campaign/commands.ts";
import { editedFile, files, nodegroupsOf } from "../campaign/files.ts";
import { edited } from "../operations/golden-file.ts";
import { edits } from "../operations/golden-table.ts";
import { type Account, example, examples, parse } from "../support/account.ts";
import { loggingFile } from "../support/kubernetes.ts";
import type { Passage } from "../support/least-privilege.ts";
import { busy, busyByEksTag, busyByKubernetesTag, changed, drifted, empty, scaling } from "./accounts.ts";

const { golden, plain, rich } = files;
const region = "us-west-2";

type From = () => Promise<Account>;

/** One command, typed by whoever may do what its purpose takes. */
function typed(name: string, from: From, purpose: Purpose, command: Command, more: Partial<Passage> = {}): Passage {
  return {
    name,
    from,
    purpose,
    text: command.file,
    run: (account) => carriedOut(command, account),
    ...more,
  };
}

/** In an account that holds what the file takes as given. */
async function carriedOut(command: Command, account: Account): Promise<Finished<unknown>> {
  account.sandbox.residents(givenThings(parse(command.file)));
  return (await command.propose(account, {})).run({ onFailure: command.onFailure });
}

function creates(name: string, from: From, text: string): Passage {
  return typed(name, from, "create", create(text));
}

function applies(name: string, from: From, text: string): Passage {
  return typed(name, from, "apply", apply(text));
}

function reads(
  name: string,
  from: From,
  text: string,
  work: (account: Account) => Promise<unknown>,
  more: Partial<Passage> = {},
): Passage {
  const run = async (account: Account) => {
    await work(account);
    return undefined;
  };
  return { name, from, purpose: "read", text, run, ...more };
}

const up = (text: string) => () => made(text);

/** What everybody does. */
export const life: readonly Passage[] = [
  creates("create", empty, golden),
  typed("apply the same again", up(golden), "apply", apply(golden), { changesNothing: true }),
  typed("scale", up(plain), "apply", scale(plain), { part: true }),
  typed("upgrade", up(plain), "upgrade", upgrade(plain), { goesOnWithout: ["ec2:DescribeLaunchTemplateVersions"] }),
  typed("upgrade cluster", up(plain), "upgrade", upgradeCluster(plain), {
    part: true,
    goesOnWithout: ["eks:DescribeAddonVersions", "eks:ListInsights"],
  }),
  reads("plan", up(golden), golden, (account) => account.plan(golden)),
  typed("delete", up(golden), "delete", remove(golden)),
];

const logging = loggingFile();
/** By the gateway that leads to the hybrid nodes. */
const hybrid = {
  "transit gateway": example("hybrid-nodes.yaml"),
  "virtual private gateway": example("hybrid-nodes-roles-anywhere.yaml"),
};
const anotherGateway = editedFile(hybrid["virtual private gateway"], {
  remoteNetworkConfig: { vpcGatewayID: "vgw-0123456789abcdef1" },
});
const withTag = editedFile(rich, { metadata: { tags: { owner: "red" } } });
const withoutPaths = editedFile(plain, { accessConfig: { authenticationMode: "CONFIG_MAP" } });
const withoutNat = editedFile(plain, { vpc: { nat: { gateway: "Disable" } } });
const withSecondGroup = editedFile(plain, { managedNodeGroups: [...nodegroupsOf(plain), { name: "more" }] });
const withGivenIdentity = rich.replace(
  "permissionPolicyARNs: [arn:aws:iam::aws:policy/service-role/AmazonEFSCSIDriverPolicy]",
  "roleARN: arn:aws:iam::111122223333:role/pods",
);
const rolledBack = create(rich, "rollback");

/** What happens more seldom. */
export const cases: readonly Passage[] = [
  creates("create what needs more kinds of things", inhabited, rich),
  typed("a creation that is rolled back", inhabited, "create", rolledBack, {
    outcome: "failed",
    run(account) {
      const failure = { resource: "nodegroup", name: "workers", code: "AsgInstanceLaunchFailures", times: 1 } as const;
      account.sandbox.scenario({ failures: [{ ...failure, message: "Could not launch On-Demand Instances." }] });
      return carriedOut(rolledBack, account);
    },
  }),
  applies("apply to nothing", inhabited, rich),
  applies(
    "another tag in place of one",
    up(golden),
    edited({ file: { metadata: { tags: { team: undefined, owner: "red" } } } }),
  ),
  applies("another tag", up(rich), withTag),
  applies("one NAT gateway in place of several", up(rich), rich.replace("HighlyAvailable", "Single")),
  applies("no NAT gateways any more", up(plain), withoutNat),
  applies(
    "hardly anything is left in the file",
    up(rich),
    editedFile(files["control-plane"], { metadata: { version: "1.34" } }),
  ),
  applies("the last tag goes", up(withTag), rich),
  applies("a given role in place of one that is made", up(rich), withGivenIdentity),
  applies("what others changed is put right", drifted, rich),
  typed("set labels", up(plain), "apply", label(plain), { part: true }),
  typed("create nodegroup", up(plain), "apply", grow(withSecondGroup), { part: true }),
  {
    name: "delete nodegroup",
    part: true,
    from: up(plain),
    purpose: "apply",
    text: plain,
    run: async (account) =>
      (await proposeDeleteNodegroups(account.session(region), "demo", () => ["workers"])).run({ onFailure: "keep" }),
  },
  typed("scale while it is being scaled", scaling, "apply", scale(plain), { part: true }),
  typed("delete what others have changed", changed, "delete", remove(plain)),
  typed("delete what Kubernetes is at work in", busy, "delete", remove(logging)),
  ...Object.entries({ "its own tags": busy, "Kubernetes' tag": busyByKubernetesTag, "EKS's tag": busyByEksTag }).map(
    ([tags, from]): Passage => ({
      name: `delete what Kubernetes is at work in, by ${tags}, with its volumes`,
      from,
      purpose: "delete",
      text: logging,
      run: (account) => account.delete("demo", region, { volumes: "delete" }),
    }),
  ),
  creates("create roles without a path", empty, withoutPaths),
  ...Object.entries(hybrid).map(([gateway, text]) =>
    typed(`delete what is attached to a ${gateway}`, up(text), "delete", remove(text)),
  ),
  applies("another virtual private gateway", up(hybrid["virtual private gateway"]), anotherGateway),
  ...examples.map((name) => creates(`create ${name}`, inhabited, example(name))),
  ...edits.map((edit) => applies(edit.what, up(golden), edited(edit))),
  typed("delete what needs more kinds of things", up(rich), "delete", remove(rich)),
  reads("plan what needs more kinds of things", up(rich), rich, (account) => account.plan(rich)),
];

/** What can be answered in part. */
export const answers: readonly Passage[] = [
  reads("get nodegroup", up(plain), plain, (account) => listNodegroups(account.session(region), "demo"), {
    goesOnWithout: ["ec2:DescribeLaunchTemplateVersions"],
  }),
  reads("get addon", up(plain), plain, (account) => listAddons(account.session(region), "demo"), {
    goesOnWithout: ["eks:DescribeAddonVersions"],
  }),
];
