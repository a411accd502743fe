import type { AddonPodIdentityAssociations, UpdateAddonRequest, UpdateAddonResponse } from "@aws-sdk/client-eks";
import type { Call } from "../../service.ts";
import { addonChecked, recheckAddons } from "./addon-health.ts";
import { addonVersionFor, checkConfiguration, checkPodIdentity, offeredAddon } from "./addon-rules.ts";
import { associationsOf } from "./addons.ts";
import { askedBy } from "./asked.ts";
import { scheduleIn } from "./due.ts";
import { type About, invalidParameter, invalidRequest, resourceInUse } from "./errors.ts";
import { addonOf, clusterOf, requireIdle } from "./lookup.ts";
import type { Place } from "./place.ts";
import { addAssociation } from "./pod-identity.ts";
import { serviceAccountRole } from "./roles.ts";
import type { AddonConfig, AddonRecord, Asked, ClusterRecord } from "./state.ts";
import { paramsOf, startedBefore, startUpdate, updateById, updateView } from "./updates.ts";

function updateAddon(input: UpdateAddonRequest, call: Call): UpdateAddonResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  const addon = addonOf(cluster, input.addonName ?? "");
  const about = { clusterName: cluster.name, addonName: addon.name };
  const asked = askedBy(input);
  const earlier = startedBefore(addon, asked);
  if (earlier) return { update: updateView(earlier) };
  requireIdle(cluster);
  requireUpdatable(addon, about);

  const change = changeOf(input, addon, cluster, call, about);
  if (input.podIdentityAssociations) replaceAssociations(call, cluster, addon, input.podIdentityAssociations, asked);
  const params = paramsOf({
    AddonVersion: input.addonVersion,
    ServiceAccountRoleArn: input.serviceAccountRoleArn,
    ResolveConflicts: input.resolveConflicts,
    ConfigurationValues: input.configurationValues,
    PodIdentityAssociations: input.podIdentityAssociations,
  });
  const update = startUpdate(call, addon, { type: "AddonUpdate", params, asked, change });
  addon.status = "UPDATING";
  scheduleIn(call, call.world.duration("addonUpdate", `${call.region}/${cluster.name}/${addon.name}`), {
    what: "addon updated",
    cluster: cluster.name,
    addon: addon.name,
    update: update.id,
  });
  return { update: updateView(update) };
}

function requireUpdatable({ name, status }: AddonRecord, about: About): void {
  const message = `Addon ${name} cannot be updated as it is currently in ${status} state`;
  if (status === "CREATING" || status === "UPDATING" || status === "DELETING") throw resourceInUse(message, about);
  if (status === "CREATE_FAILED") throw invalidRequest(message, about);
}

function changeOf(
  input: UpdateAddonRequest,
  addon: AddonRecord,
  cluster: ClusterRecord,
  place: Place,
  about: About,
): Partial<AddonConfig> {
  const { addonVersion, configurationValues, serviceAccountRoleArn, podIdentityAssociations } = input;
  const kind = offeredAddon(place, addon.name, about);
  checkConfiguration(kind, configurationValues, about);
  const version =
    addonVersion === undefined ? addon.version : addonVersionFor(kind, addonVersion, cluster.version, about);
  checkPodIdentity(place, kind, version, podIdentityAssociations ?? [], about);
  if (serviceAccountRoleArn) serviceAccountRole(place, serviceAccountRoleArn, about);
  const associations = podIdentityAssociations ?? associationsOf(cluster, addon);
  if (serviceAccountRoleArn && associations.length > 0) {
    throw invalidParameter("serviceAccountRoleArn and podIdentityAssociations cannot be used together", about);
  }
  return {
    version,
    ...(configurationValues === undefined ? {} : { configurationValues: configurationValues.trim() || null }),
    // Not said again, it is taken away (hashicorp/terraform-provider-aws#19402).
    serviceAccountRoleArn: serviceAccountRoleArn || null,
  };
}

/** An empty list removes all; the service accounts that stay keep their association. */
function replaceAssociations(
  place: Place,
  cluster: ClusterRecord,
  addon: AddonRecord,
  wanted: readonly AddonPodIdentityAssociations[],
  asked: Asked,
): void {
  const before = associationsOf(cluster, addon);
  for (const { id, serviceAccount } of before) {
    if (wanted.every((each) => each.serviceAccount !== serviceAccount)) delete cluster.podIdentityAssociations[id];
  }
  for (const { serviceAccount = "", roleArn = "" } of wanted) {
    const there = before.find((each) => each.serviceAccount === serviceAccount);
    const { namespace, arn: ownerArn } = addon;
    if (there) Object.assign(there, { roleArn, modifiedAt: place.world.now() });
    else addAssociation(place, cluster, { namespace, serviceAccount, roleArn, ownerArn, asked });
  }
}

export function addonUpdated(place: Place, cluster: ClusterRecord, addon: AddonRecord, updateId: string): void {
  const update = updateById(addon, updateId);
  update.status = "Successful";
  Object.assign(addon, update.change);
  addonChecked(place, cluster, addon);
  recheckAddons(place, cluster);
}

export const addonUpdateHandlers = { UpdateAddon: updateAddon };
