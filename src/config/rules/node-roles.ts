import type { Path } from "../../yaml.ts";
import type { NodeGroup } from "../types.ts";
import {
  type Draft,
  type Report,
  type Rule,
  forEachNodegroup,
  forEachSelfManagedNodegroup,
  present,
  reportDuplicates,
} from "./rule.ts";

const ownRoleKeys = [
  "instanceRoleName",
  "instanceRolePermissionsBoundary",
  "attachPolicyARNs",
  "attachPolicy",
  "withAddonPolicies",
] as const;

const givenRole = forEachNodegroup(({ iam }, at, report) => {
  if (iam?.instanceRoleARN !== undefined) reportOwnRoleKeys("instanceRoleARN", iam, at, report);
});

const givenProfile = forEachSelfManagedNodegroup(({ iam }, at, report) => {
  if (iam?.instanceProfileARN === undefined || iam.instanceRoleARN !== undefined) return;
  reportOwnRoleKeys("instanceProfileARN", iam, at, report);
});

function reportOwnRoleKeys(given: string, iam: Draft<NonNullable<NodeGroup["iam"]>>, at: Path, report: Report): void {
  for (const key of ownRoleKeys) {
    const value = iam[key];
    const asks = typeof value === "object" ? Object.values(value).some((part) => part !== false) : value !== undefined;
    if (asks) report([...at, "iam", key], `cannot stand beside ${given}: a given role is not changed`, { at: "key" });
  }
}

/** A role has one access entry, which is of a type. */
const oneSystem: Rule = ({ nodeGroups }, report) => {
  const first = new Map<string, Draft<NodeGroup>>();
  for (const [index, group] of present(nodeGroups)) {
    const arn = group.iam?.instanceRoleARN;
    const other = first.get(arn ?? "") ?? group;
    if (arn === undefined) continue;
    first.set(arn, other);
    if (isWindows(other) === isWindows(group)) continue;
    const system = isWindows(group) ? "are not Windows" : "are Windows";
    report(
      ["nodeGroups", index, "iam", "instanceRoleARN"],
      `is the role of ${other.name}, whose nodes ${system}: an access entry is for nodes of one kind`,
    );
  }
};

function isWindows({ amiFamily }: Draft<NodeGroup>): boolean {
  return amiFamily?.startsWith("Windows") === true;
}

const podIMDS = forEachNodegroup((group, at, report) => {
  if (group.disablePodIMDS !== true) return;
  const policy = Object.entries(group.iam?.withAddonPolicies ?? {}).find(([, wanted]) => wanted === true)?.[0];
  if (policy === undefined) return;
  report(
    [...at, "disablePodIMDS"],
    `takes from pods the permissions that iam.withAddonPolicies.${policy} gives them: use one of the two`,
    {
      at: "key",
    },
  );
});

/** Names of IAM roles are unique in an account. */
const roleNames: Rule = ({ nodeGroups, managedNodeGroups, addons, iam }, report) => {
  reportDuplicates(
    [
      ...present(addons).flatMap(([index, addon]) =>
        present(addon.podIdentityAssociations).map(([number, { roleName }]) => ({
          name: roleName,
          path: ["addons", index, "podIdentityAssociations", number, "roleName"],
        })),
      ),
      ...present(iam?.serviceAccounts).map(([index, { roleName }]) => ({
        name: roleName,
        path: ["iam", "serviceAccounts", index, "roleName"],
      })),
      ...present(iam?.podIdentityAssociations).map(([index, { roleName }]) => ({
        name: roleName,
        path: ["iam", "podIdentityAssociations", index, "roleName"],
      })),
      ...present(nodeGroups).map(([index, { iam }]) => ({
        name: iam?.instanceRoleName,
        path: ["nodeGroups", index, "iam", "instanceRoleName"],
      })),
      ...present(managedNodeGroups).map(([index, { iam }]) => ({
        name: iam?.instanceRoleName,
        path: ["managedNodeGroups", index, "iam", "instanceRoleName"],
      })),
    ],
    report,
    (name) => `a role with the name ${name} is made already`,
  );
};

export const nodeRoleRules: readonly Rule[] = [givenRole, givenProfile, oneSystem, podIMDS, roleNames];
