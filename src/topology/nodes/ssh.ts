import { createHash } from "node:crypto";
import { keyPairName } from "../../aws/names.ts";
import type { Handle } from "../../engine/graph.ts";
import { keyPair, type KeyPairAttrs } from "../../resources/ec2/key-pair.ts";
import type { SecurityGroupAttrs } from "../../resources/ec2/security-group.ts";
import type { Network } from "../network.ts";
import type { Scope } from "../scope.ts";
import { addRule, addSecurityGroup, tcp } from "../security-groups.ts";
import type { Wanted } from "./wanted.ts";

/** Open on 22 to the groups that the file names; else to everyone, or to the VPC where the nodes are private. */
export function addSshSecurityGroup(
  scope: Scope,
  network: Network,
  { full, name }: Wanted,
): Handle<SecurityGroupAttrs> {
  const label = `remote-access/${name}`;
  const group = addSecurityGroup(scope, network, label, `Allow SSH access to the nodes of ${name}`);
  const groups = full.ssh?.sourceSecurityGroupIds ?? [];
  for (const id of groups) {
    const source = scope.graph.given(`security-group/${label}/from/${id}`, { id });
    addRule(scope, `${label}/${id}`, { ...tcp(22), description: `SSH from ${id}` }, group, source);
  }
  if (groups.length > 0) return group;
  const sources = full.privateNetworking
    ? network.cidrs.map((cidrIpv4) => ({ cidrIpv4 }))
    : [{ cidrIpv4: "0.0.0.0/0" }, { cidrIpv6: "::/0" }];
  for (const source of sources) {
    const cidr = "cidrIpv4" in source ? source.cidrIpv4 : source.cidrIpv6;
    addRule(scope, `${label}/${cidr}`, { ...tcp(22), ...source, description: `SSH from ${cidr}` }, group);
  }
  return group;
}

/** The file's public key, imported; the key is part of the name, so that another key is another key pair. */
export function addKeyPair(scope: Scope, { config, name }: Wanted): Handle<KeyPairAttrs> | undefined {
  const publicKey = config.ssh?.publicKey;
  if (publicKey === undefined) return undefined;
  const [, key = publicKey] = publicKey.trim().split(/\s+/);
  const fingerprint = createHash("sha256").update(key).digest("hex").slice(0, 8);
  const label = `key-pair/${name}`;
  return scope.graph.add(keyPair, {
    id: label,
    name: keyPairName({ region: scope.region, cluster: scope.name }, name, fingerprint),
    spec: { publicKey, tags: scope.tags(label) },
    deps: {},
  });
}
