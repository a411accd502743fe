import { type Rule, present } from "./rule.ts";

const onlyOne: Rule = ({ identityProviders }, report) => {
  for (const [index] of present(identityProviders).slice(1)) {
    report(["identityProviders", index], "is one too many: EKS takes one identity provider a cluster");
  }
};

const prefixOfGroups: Rule = ({ identityProviders }, report) => {
  for (const [index, { groupsClaim, groupsPrefix }] of present(identityProviders)) {
    if (groupsPrefix === undefined || groupsClaim !== undefined) continue;
    const path = ["identityProviders", index];
    report([...path, "groupsPrefix"], "needs groupsClaim: without it there are no groups", {
      at: "key",
      reads: [[...path, "groupsClaim"]],
    });
  }
};

export const identityProviderRules: readonly Rule[] = [onlyOne, prefixOfGroups];
