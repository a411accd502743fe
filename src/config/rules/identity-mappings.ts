import type { Path } from "../../yaml.ts";
import type { IdentityMapping } from "../types.ts";
import { type Draft, type Report, type Rule, present, reportDuplicates } from "./rule.ts";

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
  for (const [index, mapping] of all) reportParts(mapping, [key, index], report);
  reportDuplicates(
    all.map(([index, { arn, account }]) => ({
      name: arn ?? account,
      path: [key, index, arn === undefined ? "account" : "arn"],
    })),
    report,
    (name) => `${name} is mapped already: name all its groups there`,
  );
  reportDuplicates(
    all.map(([index, { serviceName, namespace }]) => ({
      name: serviceName && namespace && `${serviceName} in ${namespace}`,
      path: [key, index, "namespace"],
    })),
    report,
    (name) => `${name} is listed already`,
  );
};

function reportParts(mapping: Draft<IdentityMapping>, at: Path, report: Report): void {
  const { arn, account, username, groups, serviceName, namespace } = mapping;
  const reads = ["arn", "account", "serviceName"].map((name) => [...at, name]);
  const named = arn ?? username ?? groups;
  if ((arn ?? account ?? serviceName) === undefined) {
    report(at, "needs one of arn, account and serviceName", { reads });
  }
  if (account !== undefined && (named ?? serviceName) !== undefined) {
    report([...at, "account"], "stands alone: its roles and users come in under their ARNs, without groups", {
      at: "key",
      reads,
    });
  }
  if (serviceName !== undefined && named !== undefined) {
    report([...at, "serviceName"], "stands alone with its namespace: the service has a role and a name of its own", {
      at: "key",
      reads,
    });
  }
  if (serviceName !== undefined && namespace === undefined) {
    report([...at, "serviceName"], "needs the namespace that the service works in", {
      at: "key",
      reads: [[...at, "namespace"]],
    });
  }
  if (serviceName === undefined && namespace !== undefined) {
    report([...at, "namespace"], "goes with serviceName: a mapping holds in all namespaces", { at: "key", reads });
  }
}

export const identityMappingRules: readonly Rule[] = [mappings];
