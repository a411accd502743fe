import { type Rule, present, reportDuplicates } from "./rule.ts";

const names: Rule = ({ fargateProfiles }, report) => {
  const named = present(fargateProfiles).map(([index, { name }]) => ({
    name,
    path: ["fargateProfiles", index, "name"],
  }));
  reportDuplicates(named, report, (name) => `there is a Fargate profile ${name} already`);
};

const podExecutionRole: Rule = ({ iam }, report) => {
  if (iam?.fargatePodExecutionRoleARN === undefined || iam.fargatePodExecutionRolePermissionsBoundary === undefined) {
    return;
  }
  report(
    ["iam", "fargatePodExecutionRolePermissionsBoundary"],
    "cannot stand beside fargatePodExecutionRoleARN: a given role is not changed",
    { at: "key" },
  );
};

/** Fargate's pods enter through aws-auth in this mode, which knows no paths. */
const rolesWithPath: Rule = ({ accessConfig, iam, fargateProfiles }, report) => {
  if (accessConfig?.authenticationMode !== "CONFIG_MAP") return;
  const given = [
    { arn: iam?.fargatePodExecutionRoleARN, path: ["iam", "fargatePodExecutionRoleARN"] },
    ...present(fargateProfiles).map(([index, { podExecutionRoleARN }]) => ({
      arn: podExecutionRoleARN,
      path: ["fargateProfiles", index, "podExecutionRoleARN"],
    })),
  ];
  for (const { arn, path } of given) {
    if (arn === undefined || arn.split("/").length <= 2) continue;
    report(path, "must be a role without a path with authenticationMode CONFIG_MAP");
  }
};

export const fargateRules: readonly Rule[] = [names, podExecutionRole, rolesWithPath];
