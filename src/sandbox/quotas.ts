import type { World } from "./world.ts";

/** AWS's default quotas (Service Quotas, `vpc`, `ec2` and `eks`), per region unless said otherwise. */
export const defaultQuotas = {
  vpcs: 5,
  internetGateways: 5,
  /** Virtual private gateways. */
  vpnGateways: 5,
  addresses: 5,
  /** Per zone. */
  natGateways: 5,
  /** Per VPC, as the next one. */
  subnets: 200,
  routeTables: 200,
  securityGroups: 2500,
  /** Per table. */
  routes: 500,
  /** Per group and direction. */
  securityGroupRules: 60,
  launchTemplates: 5000,
  /** Of running on-demand instances of the families A, C, D, H, I, M, R, T and Z. New accounts have 5, and more with use. */
  onDemandVcpus: 640,
  clusters: 100,
  /** Per cluster, as the next two. */
  nodegroups: 30,
  fargateProfiles: 10,
  podIdentityAssociations: 5000,
  /** Per nodegroup. */
  nodes: 450,
};
export type Quota = keyof typeof defaultQuotas;

/** How many the account may have: AWS's default unless the scenario says otherwise. */
export function quotaOf({ state }: World, quota: Quota): number {
  return state.scenario.quotas[quota] ?? defaultQuotas[quota];
}
