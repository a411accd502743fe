import type { Path } from "../../yaml.ts";
import type { AccessEntry } from "../types.ts";
import { type Draft, type Report, type Rule, present, reportDuplicates } from "./rule.ts";

const authenticationMode: Rule = ({ accessConfig }, report) => {
  if (accessConfig?.authenticationMode !== "CONFIG_MAP") return;
  if ((accessConfig.accessEntries?.length ?? 0) > 0) {
    report(["accessConfig", "accessEntries"], "needs authenticationMode API or API_AND_CONFIG_MAP, not CONFIG_MAP", {
      at: "key",
    });
  }
  if (accessConfig.bootstrapClusterCreatorAdminPermissions === false) {
    report(
      ["accessConfig", "bootstrapClusterCreatorAdminPermissions"],
      "must be true with authenticationMode CONFIG_MAP: nobody could enter the cluster",
    );
  }
};

const accessEntries: Rule = ({ accessConfig }, report) => {
  const entries = present(accessConfig?.accessEntries);
  reportDuplicates(
    entries.map(([index, entry]) => ({
      name: entry.principalARN,
      path: ["accessConfig", "accessEntries", index, "principalARN"],
    })),
    report,
    (arn) => `${arn} has an access entry already`,
  );
  for (const [index, entry] of entries) {
    const at = ["accessConfig", "accessEntries", index];
    reportNodeEntry(entry, at, report);
    reportNames(entry, at, report);
    reportAccessPolicies(entry.accessPolicies, [...at, "accessPolicies"], report);
  }
};

/** Types whose permissions EKS sets itself. */
const nodeTypes: ReadonlySet<string> = new Set(["EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX"]);

function reportNodeEntry(entry: Draft<AccessEntry>, at: Path, report: Report): void {
  const { type = "STANDARD", principalARN } = entry;
  if (type !== "STANDARD" && principalARN?.includes(":user/")) {
    report([...at, "principalARN"], `must be a role for the type ${type}`);
  }
  if (!nodeTypes.has(type)) return;
  for (const key of ["kubernetesGroups", "kubernetesUsername", "accessPolicies"] as const) {
    const value = entry[key];
    if (value !== undefined && value.length > 0) {
      report([...at, key], `is not for the type ${type}: EKS sets what nodes may do`, { at: "key" });
    }
  }
}

/** Prefixes that EKS refuses in entries of the type STANDARD. */
const reservedNames = ["system:", "eks:", "aws:", "amazon:", "iam:"] as const;

function reportNames({ kubernetesGroups, kubernetesUsername }: Draft<AccessEntry>, at: Path, report: Report): void {
  const named: readonly (readonly [Path, string])[] = [
    ...present(kubernetesGroups).map(([index, name]) => [[...at, "kubernetesGroups", index], name] as const),
    ...(kubernetesUsername === undefined ? [] : [[[...at, "kubernetesUsername"], kubernetesUsername] as const]),
  ];
  for (const [path, name] of named) {
    const prefix = reservedNames.find((reserved) => name.startsWith(reserved));
    if (prefix === undefined) continue;
    report(
      path,
      `must not begin with ${prefix}`,
      name === "system:masters" ? { hint: "for administrators use the access policy AmazonEKSClusterAdminPolicy" } : {},
    );
  }
}

export function reportAccessPolicies(policies: Draft<AccessEntry>["accessPolicies"], at: Path, report: Report): void {
  const all = present(policies);
  for (const [index, policy] of all) reportScope(policy, [...at, index], report);
  reportDuplicates(
    all.map(([index, { policyARN }]) => ({ name: policyARN, path: [...at, index, "policyARN"] })),
    report,
    (arn) => `${arn} is associated with this principal already`,
  );
}

function reportScope(
  { accessScope }: Draft<NonNullable<AccessEntry["accessPolicies"]>[number]>,
  at: Path,
  report: Report,
): void {
  const count = accessScope?.namespaces?.length ?? 0;
  const path = [...at, "accessScope", "namespaces"];
  if (accessScope?.type === "cluster" && count > 0) {
    report(path, "must be absent for the type cluster, which means all namespaces", { at: "key" });
  }
  if (accessScope?.type === "namespace" && count === 0)
    report(path, "needs at least one namespace for the type namespace");
}

export const accessRules: readonly Rule[] = [authenticationMode, accessEntries];
