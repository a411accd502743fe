import type { Path } from "../../yaml.ts";
import { type Draft, type Report, type Rule, forEachNodegroup, present } from "./rule.ts";

type Tags = Draft<Record<string, string>>;

/** AWS takes 50 a resource; up to ten are set by the tool. */
const maxTags = 40;

const reserved: readonly { readonly prefix: RegExp; readonly whose: string }[] = [
  { prefix: /^aws:/i, whose: "AWS" },
  { prefix: /^ekstool\.dev\//i, whose: "ekstool, which knows its resources by them" },
  { prefix: /^alpha\.eksctl\.io\//i, whose: "ekstool, which sets them as eksctl does" },
];

/** @param own tags that the tool sets: who says the same says nothing new, as eksctl's dry run does. */
function reportReserved(tags: Tags | undefined, at: Path, report: Report, own: Tags = {}): void {
  for (const [key, value] of Object.entries(tags ?? {})) {
    const found = reserved.find(({ prefix }) => prefix.test(key));
    if (found && own[key] !== value)
      report([...at, key], `tag keys that begin with ${key.slice(0, prefixLength(key))} belong to ${found.whose}`, {
        at: "key",
      });
  }
}

function prefixLength(key: string): number {
  return key.search(/[:/]/) + 1;
}

function reportCount(count: number, at: Path, report: Report): void {
  if (count > maxTags) {
    report(at, `has ${count} tags; at most ${maxTags} are possible, since AWS allows 50 and ekstool sets up to 10`, {
      at: "key",
    });
  }
}

const clusterTags: Rule = ({ metadata }, report) => {
  const at = ["metadata", "tags"];
  reportReserved(metadata?.tags, at, report);
  reportCount(Object.keys(metadata?.tags ?? {}).length, at, report);
  reportCase(metadata?.tags, [], at, report);
};

/** @param others keys that stand beside these on a role. */
function reportCase(tags: Tags | undefined, others: readonly string[], at: Path, report: Report): void {
  const seen = new Map(["Name", ...others].map((key) => [key.toLowerCase(), key]));
  for (const key of Object.keys(tags ?? {})) {
    const other = seen.get(key.toLowerCase());
    if (other !== undefined && other !== key) {
      report([...at, key], `IAM does not tell the tag key ${key} from ${other}: letter case does not count there`, {
        at: "key",
      });
    }
    seen.set(key.toLowerCase(), key);
  }
}

const nodegroupTags = forEachNodegroup((group, at, report, { metadata }) => {
  reportReserved(group.tags, [...at, "tags"], report, {
    "alpha.eksctl.io/nodegroup-name": group.name,
    "alpha.eksctl.io/nodegroup-type": at[0] === "managedNodeGroups" ? "managed" : "unmanaged",
  });
  if (group.tags) reportCount(Object.keys({ ...metadata?.tags, ...group.tags }).length, [...at, "tags"], report);
});

const addonTags: Rule = ({ addons, metadata }, report) => {
  for (const [index, addon] of present(addons)) {
    const at = ["addons", index, "tags"];
    reportReserved(addon.tags, at, report);
    if (addon.tags) reportCount(Object.keys({ ...metadata?.tags, ...addon.tags }).length, at, report);
  }
};

/** Tags of what has a role with the same tags. */
const identityTags: Rule = ({ iam, capabilities, metadata }, report) => {
  const tagged = [
    ...(["serviceAccounts", "podIdentityAssociations"] as const).flatMap((key) =>
      present(iam?.[key]).map(([index, { tags }]) => ({ tags, at: ["iam", key, index, "tags"] })),
    ),
    ...present(capabilities).map(([index, { tags }]) => ({ tags, at: ["capabilities", index, "tags"] })),
  ];
  for (const { tags, at } of tagged) {
    reportReserved(tags, at, report);
    reportCase(tags, Object.keys(metadata?.tags ?? {}), at, report);
    if (tags) reportCount(Object.keys({ ...metadata?.tags, ...tags }).length, at, report);
  }
};

export const tagRules: readonly Rule[] = [clusterTags, nodegroupTags, addonTags, identityTags];
