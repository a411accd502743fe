import { broughtByAutoMode, hasAutoMode, hasOnlyAutoMode } from "../auto-mode.ts";
import { present, type Rule } from "./rule.ts";

const at = (key: string) => ["autoModeConfig", key];

const onlyWhenOn: Rule = (config, report) => {
  if (hasAutoMode(config)) return;
  for (const key of ["nodePools", "nodeRoleARN", "permissionsBoundaryARN"] as const) {
    if (config.autoModeConfig?.[key] === undefined) continue;
    report(at(key), "needs enabled: true", { at: "key", reads: [at("enabled")] });
  }
};

const nodeRole: Rule = ({ autoModeConfig }, report) => {
  const { nodePools, nodeRoleARN, permissionsBoundaryARN } = autoModeConfig ?? {};
  if (nodePools?.length === 0) {
    const details = { at: "key", reads: [at("nodePools")] } as const;
    const words = "is for nodes of built-in pools, and nodePools is empty: other pools name their own roles";
    if (nodeRoleARN !== undefined) report(at("nodeRoleARN"), words, details);
    if (permissionsBoundaryARN !== undefined) report(at("permissionsBoundaryARN"), words, details);
  } else if (nodeRoleARN !== undefined && permissionsBoundaryARN !== undefined) {
    report(at("permissionsBoundaryARN"), "cannot stand beside nodeRoleARN: a given role is not changed", { at: "key" });
  }
};

/** EKS lets Auto Mode's nodes in by an access entry. */
const access: Rule = (config, report) => {
  if (!hasAutoMode(config) || config.accessConfig?.authenticationMode !== "CONFIG_MAP") return;
  report(
    ["accessConfig", "authenticationMode"],
    "cannot be CONFIG_MAP with EKS Auto Mode, whose nodes enter by access entries",
    {
      hint: "use API_AND_CONFIG_MAP or API",
      reads: [at("enabled")],
    },
  );
};

const addons: Rule = (config, report) => {
  if (!hasOnlyAutoMode(config)) return;
  for (const [index, { name = "" }] of present(config.addons)) {
    if (!broughtByAutoMode.includes(name.toLowerCase())) continue;
    report(["addons", index, "name"], `${name} is part of EKS Auto Mode`, {
      hint: "leave it out: only nodegroups, Fargate profiles and hybrid nodes need it",
      reads: [at("enabled")],
    });
  }
};

export const autoModeRules: readonly Rule[] = [onlyWhenOn, nodeRole, access, addons];
