import type {
  Addon,
  DeleteAddonRequest,
  DeleteAddonResponse,
  DescribeAddonRequest,
  DescribeAddonResponse,
  ListAddonsRequest,
  ListAddonsResponse,
} from "@aws-sdk/client-eks";
import type { Call } from "../../service.ts";
import { addonKind } from "./addon-kinds.ts";
import { recheckAddons } from "./addon-health.ts";
import { scheduleIn, unschedule } from "./due.ts";
import { resourceInUse } from "./errors.ts";
import { addonOf, clusterOf, hasRunningUpdate } from "./lookup.ts";
import { paged } from "./pages.ts";
import type { Place } from "./place.ts";
import type { AddonRecord, ClusterRecord, PodIdentityAssociationRecord } from "./state.ts";

function describeAddon(input: DescribeAddonRequest, call: Call): DescribeAddonResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  return { addon: addonView(call, cluster, addonOf(cluster, input.addonName ?? "")) };
}

function listAddons(input: ListAddonsRequest, call: Call): ListAddonsResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  const { items, nextToken } = paged(Object.keys(cluster.addons).toSorted(), input);
  return { addons: items, ...nextToken };
}

function deleteAddon(input: DeleteAddonRequest, call: Call): DeleteAddonResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  const addon = addonOf(cluster, input.addonName ?? "");
  if (addon.status === "DELETING") return { addon: addonView(call, cluster, addon) };
  if (hasRunningUpdate(cluster)) {
    throw resourceInUse("Cluster currently has an update in progress", {
      clusterName: cluster.name,
      addonName: addon.name,
    });
  }
  const what = { cluster: cluster.name, addon: addon.name };
  unschedule(call, what);
  addon.status = "DELETING";
  // Preserved, its objects stay and are from then on the user's own; otherwise they go, those of old conflicts included.
  cluster.selfManagedAddons = cluster.selfManagedAddons.filter((name) => name !== addon.name);
  if (input.preserve) cluster.selfManagedAddons.push(addon.name);
  scheduleIn(call, call.world.duration("addonDelete", `${call.region}/${cluster.name}/${addon.name}`), {
    ...what,
    what: "addon gone",
  });
  recheckAddons(call, cluster);
  return { addon: addonView(call, cluster, addon) };
}

export function addonGone(cluster: ClusterRecord, addon: AddonRecord): void {
  for (const { id } of associationsOf(cluster, addon)) delete cluster.podIdentityAssociations[id];
  delete cluster.addons[addon.name];
}

/** The pod identity associations that belong to an add-on. */
export function associationsOf(cluster: ClusterRecord, addon: AddonRecord): PodIdentityAssociationRecord[] {
  return Object.values(cluster.podIdentityAssociations).filter((each) => each.ownerArn === addon.arn);
}

export function addonView({ region }: Place, cluster: ClusterRecord, addon: AddonRecord): Addon {
  const { configurationValues, serviceAccountRoleArn } = addon;
  const associations = associationsOf(cluster, addon).map((association) => association.arn);
  return {
    addonName: addon.name,
    clusterName: cluster.name,
    addonArn: addon.arn,
    status: addon.status,
    addonVersion: addon.version,
    health: { issues: addon.issues },
    createdAt: new Date(addon.createdAt),
    modifiedAt: new Date(addon.modifiedAt),
    owner: addonKind(region, addon.name)?.community ? "community" : "aws",
    publisher: "eks",
    namespaceConfig: { namespace: addon.namespace },
    tags: addon.tags,
    ...(configurationValues === null ? {} : { configurationValues }),
    ...(serviceAccountRoleArn === null ? {} : { serviceAccountRoleArn }),
    ...(associations.length === 0 ? {} : { podIdentityAssociations: associations }),
  };
}

export const addonHandlers = { DescribeAddon: describeAddon, ListAddons: listAddons, DeleteAddon: deleteAddon };
