import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { ClusterConfig, NodeGroupBase } from "../config/types.ts";
import { InputError } from "../errors.ts";

/** Where SSH keeps a person's key; eksctl takes it where SSH is allowed and no key is named. */
const usualKey = "~/.ssh/id_rsa.pub";

/**
 * The config with the keys in it that its `ssh.publicKeyPath` name. A path where no file is stands for the name of a key
 * pair in EC2, as with eksctl.
 *
 * @throws InputError for a file that holds no public key.
 */
export function withKeyFiles(config: ClusterConfig): ClusterConfig {
  const { nodeGroups, managedNodeGroups } = config;
  return {
    ...config,
    ...(nodeGroups && { nodeGroups: nodeGroups.map(withKeyFile) }),
    ...(managedNodeGroups && { managedNodeGroups: managedNodeGroups.map(withKeyFile) }),
  };
}

function withKeyFile<Group extends NodeGroupBase>(group: Group): Group {
  if (group.ssh === undefined) return group;
  const { publicKeyPath, ...ssh } = group.ssh;
  const named = ssh.publicKey !== undefined || ssh.publicKeyName !== undefined;
  const path = publicKeyPath ?? (ssh.allow === true && !named ? usualKey : undefined);
  if (path === undefined) return group;
  // A key means that SSH is allowed, whichever way it is named.
  return { ...group, ssh: { allow: true, ...ssh, ...keyAt(path, group.name) } };
}

function keyAt(
  path: string,
  nodegroup: string,
): Pick<NonNullable<NodeGroupBase["ssh"]>, "publicKey" | "publicKeyName"> {
  const file = path.startsWith("~/") ? join(homedir(), path.slice(2)) : path;
  if (!existsSync(file)) return { publicKeyName: path };
  const publicKey = readFileSync(file, "utf8").trim();
  if (/^ssh-(?:rsa|ed25519) \S+/.test(publicKey)) return { publicKey };
  throw new InputError(`nodegroup ${nodegroup}: ${path} holds no public key that EC2 takes`, {
    hint: "it must begin with ssh-rsa or ssh-ed25519; a private key has no place here",
  });
}
