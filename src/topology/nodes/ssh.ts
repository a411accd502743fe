import type { Handle } from "../../engine/graph.ts";
import type { SecurityGroupAttrs } from "../../resources/ec2/security-group.ts";
import type { Network } from "../network.ts";
import type { Scope } from "../scope.ts";
import { addRule, addSecurityGroup, tcp } from "../security-groups.ts";
import type { Wanted } from "./wanted.ts";

/** Open on 22 to everyone, or to the VPC where the nodes are private. */
export function addSshSecurityGroup(
  scope: Scope,
  network: Network,
  { full, name }: Wanted,
): Handle<SecurityGroupAttrs> {
  const label = `remote-access/${name}`;
  const group = addSecurityGroup(scope, network, label, `Allow SSH access to the nodes of ${name}`);
  const sources = full.privateNetworking
    ? network.cidrs.map((cidrIpv4) => ({ cidrIpv4 }))
    : [{ cidrIpv4: "0.0.0.0/0" }, { cidrIpv6: "::/0" }];
  for (const source of sources) {
    const cidr = "cidrIpv4" in source ? source.cidrIpv4 : source.cidrIpv6;
    addRule(scope, `${label}/${cidr}`, { ...tcp(22), ...source, description: `SSH from ${cidr}` }, group);
  }
  return group;
}
