import { partitionOf } from "../aws/partition.ts";
import type { ClusterConfig } from "../config/types.ts";
import type { Needs } from "./needs.ts";
import { type Facts, templateKey } from "./types.ts";

/**
 * Facts where AWS is not asked: enough to tell which resources a file means and what they are called, not how AWS would
 * make them. What the file names exists; of the rest there is one of each.
 *
 * @param config with its defaults filled in.
 */
export function assumedFacts(config: ClusterConfig, needs: Needs, account: string): Facts {
  const { region } = needs;
  const partition = partitionOf(region);
  const groups = config.managedNodeGroups ?? [];
  const zones = [
    ...(config.availabilityZones ?? []),
    ...groups.flatMap((group) => group.availabilityZones ?? group.subnets ?? []),
    ...["a", "b", "c"].map((letter) => `${region}${letter}`),
  ];
  const version = /^\d/u.test(needs.version ?? "") ? (needs.version ?? "") : "1.0";
  return {
    caller: { account, arn: `arn:${partition}:iam::${account}:root`, partition },
    region,
    clusterVersions: [{ version, default: true, status: "" }],
    zones: [...new Set(zones)].map((name) => ({ name, id: name })),
    vpcZones: [],
    instanceTypes: Object.fromEntries(
      needs.instanceTypes.map((name) => [name, { name, architecture: "x86_64", accelerator: "none", zones }]),
    ),
    selectedTypes: Object.fromEntries(
      needs.selectors.map(({ nodegroup }) => [nodegroup, needs.instanceTypes.slice(0, 1)]),
    ),
    launchTemplates: Object.fromEntries(
      needs.launchTemplates.map((need) => [
        templateKey(need),
        { version: Number(need.version ?? 1), ownImage: false, userData: false, instanceProfile: false },
      ]),
    ),
    addons: Object.fromEntries(
      (config.addons ?? []).map(({ name, version: wanted = "v1" }) => [
        name,
        {
          versions: [{ version: wanted, default: true }],
          // Which policies AWS recommends for an add-on, only AWS knows: one of its own.
          podIdentity: needs.podIdentity.includes(name)
            ? [{ serviceAccount: name, policyArns: [`arn:${partition}:iam::aws:policy/*`] }]
            : [],
        },
      ]),
    ),
  };
}
