import { type Rule, forEachNodegroup, present, reportDuplicates } from "./rule.ts";

const ownRoleKeys = [
  "instanceRoleName",
  "instanceRolePermissionsBoundary",
  "attachPolicyARNs",
  "attachPolicy",
  "withAddonPolicies",
] as const;

const givenRole = forEachNodegroup((group, at, report) => {
  const { iam } = group;
  if (iam?.instanceRoleARN === undefined) return;
  for (const key of ownRoleKeys) {
    const value = iam[key];
    const asks = typeof value === "object" ? Object.values(value).some((part) => part !== false) : value !== undefined;
    if (asks)
      report([...at, "iam", key], "cannot stand beside instanceRoleARN: a given role is not changed", { at: "key" });
  }
});

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

const oneName = forEachNodegroup(({ iam }, at, report) => {
  const { albIngress, awsLoadBalancerController } = iam?.withAddonPolicies ?? {};
  if (albIngress !== true || awsLoadBalancerController !== true) return;
  report(
    [...at, "iam", "withAddonPolicies", "albIngress"],
    "is another name of awsLoadBalancerController: use one of the two",
    { at: "key" },
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

export const nodeRoleRules: readonly Rule[] = [givenRole, podIMDS, oneName, roleNames];
