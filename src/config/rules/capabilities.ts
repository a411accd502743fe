import type { Path } from "../../yaml.ts";
import type { Capability } from "../types.ts";
import { reportAccessPolicies } from "./access.ts";
import { type Draft, type Report, type Rule, present, reportDuplicates } from "./rule.ts";

const list = "capabilities";

const authenticationMode: Rule = ({ capabilities = [], accessConfig }, report) => {
  if (capabilities.length === 0 || accessConfig?.authenticationMode !== "CONFIG_MAP") return;
  report([list], "needs authenticationMode API or API_AND_CONFIG_MAP, not CONFIG_MAP", {
    at: "key",
    reads: [["accessConfig", "authenticationMode"]],
  });
};

const names: Rule = ({ capabilities }, report) => {
  const all = present(capabilities);
  reportDuplicates(
    all.map(([index, { name }]) => ({ name, path: [list, index, "name"] })),
    report,
    (name) => `there is a capability ${name} already`,
  );
  reportDuplicates(
    all.map(([index, { type }]) => ({ name: type, path: [list, index, "type"] })),
    report,
    (type) => `EKS takes one capability of the type ${type}`,
  );
};

const each: Rule = ({ capabilities }, report) => {
  for (const [index, capability] of present(capabilities)) {
    const at = [list, index];
    reportRole(capability, at, report);
    reportConfiguration(capability, at, report);
    reportAccessPolicies(capability.accessPolicies, [...at, "accessPolicies"], report);
  }
};

/** Keys about the role that is made. */
const roleParts = ["attachPolicyARNs", "attachPolicy", "permissionsBoundary"] as const;

function reportRole(capability: Draft<Capability>, at: Path, report: Report): void {
  if (capability.roleArn === undefined) return;
  for (const key of roleParts) {
    if (capability[key] === undefined) continue;
    report([...at, key], "cannot stand beside roleArn: a given role is not changed", { at: "key" });
  }
}

function reportConfiguration({ type, configuration }: Draft<Capability>, at: Path, report: Report): void {
  const reads = [[...at, "type"]];
  if (type !== "ARGOCD") {
    if (type === undefined || configuration?.argocd === undefined) return;
    return report([...at, "configuration", "argocd"], `is for the type ARGOCD, not for ${type}`, { at: "key" });
  }
  if (configuration?.argocd === undefined) {
    return report(at, "needs configuration.argocd.awsIdc: the type ARGOCD works with IAM Identity Center only", {
      reads: [...reads, [...at, "configuration"]],
    });
  }
  const mappings = [...at, "configuration", "argocd", "rbacRoleMappings"];
  reportDuplicates(
    present(configuration.argocd.rbacRoleMappings).map(([index, { role }]) => ({
      name: role,
      path: [...mappings, index, "role"],
    })),
    report,
    (role) => `${role} is mapped already: name all its identities there`,
  );
}

/** One role has one access entry, whose policies stand in one place. */
const accessEntries: Rule = ({ capabilities, accessConfig }, report) => {
  const withPolicies = present(capabilities).filter(([, { accessPolicies = [] }]) => accessPolicies.length > 0);
  for (const [index, { roleArn }] of withPolicies) {
    const path = [list, index, "accessPolicies"];
    const entry = present(accessConfig?.accessEntries).find(([, { principalARN }]) => principalARN === roleArn);
    if (roleArn !== undefined && entry) {
      report(path, "the role has an access entry in accessConfig.accessEntries: list its policies there", {
        at: "key",
      });
    }
    const other = withPolicies.find((one) => one[0] < index && one[1].roleArn === roleArn);
    if (roleArn !== undefined && other) {
      report(path, `the role has its policies from capabilities[${other[0]}]: list them there`, { at: "key" });
    }
  }
};

export const capabilityRules: readonly Rule[] = [authenticationMode, names, each, accessEntries];
