import type { Path } from "../../yaml.ts";
import type { ServiceAccount } from "../types.ts";
import { type Draft, type Report, type Rule, present, reportDuplicates } from "./rule.ts";

const list: Path = ["iam", "serviceAccounts"];
const roleAnnotation = "eks.amazonaws.com/role-arn";

/** Keys about the role that is made. */
const roleParts = [
  "attachPolicyARNs",
  "attachPolicy",
  "wellKnownPolicies",
  "permissionsBoundary",
  "roleName",
  "roleOnly",
  "subjectPattern",
] as const;

const accounts: Rule = ({ iam }, report) => {
  const all = present(iam?.serviceAccounts);
  if (all.length > 0 && iam?.withOIDC !== true) {
    report(list, "needs iam.withOIDC: true, since service accounts get roles through the OIDC provider", {
      at: "key",
      reads: [["iam", "withOIDC"]],
    });
  }
  for (const [index, account] of all) {
    const at = [...list, index];
    reportRole(account, at, report);
    if (Object.hasOwn(account.metadata?.annotations ?? {}, roleAnnotation)) {
      report(
        [...at, "metadata", "annotations", roleAnnotation],
        "is set to the role: use attachRoleARN for a given one",
        {
          at: "key",
        },
      );
    }
  }
  reportDuplicates(
    all.map(([index, { metadata }]) => ({
      name: metadata?.name && `${metadata.namespace ?? "default"}/${metadata.name}`,
      path: [...list, index, "metadata", "name"],
    })),
    report,
    (name) => `the service account ${name} is listed already`,
  );
};

function reportRole(account: Draft<ServiceAccount>, at: Path, report: Report): void {
  if (account.attachRoleARN !== undefined) {
    for (const key of roleParts) {
      const value = account[key];
      const asks = typeof value === "object" ? Object.values(value).some((part) => part !== false) : Boolean(value);
      if (asks) report([...at, key], "cannot stand beside attachRoleARN: a given role is not changed", { at: "key" });
    }
    return;
  }
  const hasPolicy =
    (account.attachPolicyARNs?.length ?? 0) > 0 ||
    account.attachPolicy !== undefined ||
    Object.values(account.wellKnownPolicies ?? {}).includes(true);
  if (hasPolicy) return;
  report(at, "needs one of attachPolicyARNs, attachPolicy, wellKnownPolicies and attachRoleARN", {
    reads: [...roleParts, "attachRoleARN"].map((key) => [...at, key]),
  });
}

export const serviceAccountRules: readonly Rule[] = [accounts];
