import { type Rule, forEachNodegroup } from "./rule.ts";

const keys = ["publicKeyPath", "publicKey", "publicKeyName"] as const;

const oneKey = forEachNodegroup((group, at, report) => {
  const [first, ...others] = keys.filter((key) => group.ssh?.[key] !== undefined);
  for (const key of others) {
    report([...at, "ssh", key], `cannot stand beside ${first}: give one key`, { at: "key" });
  }
});

const sources = forEachNodegroup(({ ssh }, at, report) => {
  if (ssh?.sourceSecurityGroupIds === undefined || ssh.sourceSecurityGroupIds.length === 0) return;
  if (ssh.allow ?? keys.some((key) => ssh[key] !== undefined)) return;
  report([...at, "ssh", "sourceSecurityGroupIds"], "opens nothing: SSH is not allowed", {
    at: "key",
    hint: "set allow: true and a key",
    reads: [...keys, "allow"].map((key) => [...at, "ssh", key]),
  });
});

const bottlerocket = forEachNodegroup((group, at, report) => {
  if (group.bottlerocket?.enableAdminContainer !== false) return;
  if (!(group.ssh?.allow ?? keys.some((key) => group.ssh?.[key] !== undefined))) return;
  report([...at, "ssh"], "reaches Bottlerocket through its admin container only, which is off", {
    at: "key",
    hint: "set bottlerocket.enableAdminContainer: true, or use Session Manager",
  });
});

export const sshRules: readonly Rule[] = [oneKey, sources, bottlerocket];
