import { type Rule, present, reportDuplicates } from "./rule.ts";

const key = "iamIdentityMappings";

const mappings: Rule = ({ iamIdentityMappings, accessConfig }, report) => {
  const all = present(iamIdentityMappings);
  if (all.length > 0 && accessConfig?.authenticationMode === "API") {
    report([key], "needs authenticationMode API_AND_CONFIG_MAP or CONFIG_MAP: with API nobody reads aws-auth", {
      at: "key",
      hint: "use accessConfig.accessEntries",
      reads: [["accessConfig", "authenticationMode"]],
    });
  }
  for (const [index, { arn, account, username, groups }] of all) {
    const at = [key, index];
    const reads = ["arn", "account"].map((name) => [...at, name]);
    if (arn === undefined && account === undefined) report(at, "needs one of arn and account", { reads });
    if (account !== undefined && (arn ?? username ?? groups) !== undefined) {
      report([...at, "account"], "stands alone: its roles and users come in under their ARNs, without groups", {
        at: "key",
        reads,
      });
    }
  }
  reportDuplicates(
    all.map(([index, { arn, account }]) => ({
      name: arn ?? account,
      path: [key, index, arn === undefined ? "account" : "arn"],
    })),
    report,
    (name) => `${name} is mapped already: name all its groups there`,
  );
};

export const identityMappingRules: readonly Rule[] = [mappings];
