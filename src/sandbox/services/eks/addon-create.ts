import type { CreateAddonRequest, CreateAddonResponse } from "@aws-sdk/client-eks";
import type { Call } from "../../service.ts";
import { lackOf, recheckAddons, scheduleCheck } from "./addon-health.ts";
import { addonVersionFor, checkConfiguration, checkPodIdentity, offeredAddon } from "./addon-rules.ts";
import { addonView } from "./addons.ts";
import { askedBy, isRepeat } from "./asked.ts";
import { invalidParameter, resourceInUse } from "./errors.ts";
import { clusterOf, requireIdle } from "./lookup.ts";
import { scheduleOwnUpdates } from "./own-updates.ts";
import { eksArn, uuid } from "./place.ts";
import { addAssociation } from "./pod-identity.ts";
import { serviceAccountRole } from "./roles.ts";
import type { AddonRecord } from "./state.ts";
import { checkedTags } from "./tag-rules.ts";

function createAddon(input: CreateAddonRequest, call: Call): CreateAddonResponse {
  const cluster = clusterOf(call, input.clusterName ?? "");
  const name = input.addonName ?? "";
  const about = { clusterName: cluster.name, addonName: name };
  const asked = askedBy(input);
  const there = Object.hasOwn(cluster.addons, name) ? cluster.addons[name] : undefined;
  if (there && isRepeat(there.asked, asked)) return { addon: addonView(call, cluster, there) };
  const kind = offeredAddon(call, name, about);
  if (there) throw resourceInUse("Addon already exists.", about);
  requireIdle(cluster);

  const version = addonVersionFor(kind, input.addonVersion, cluster.version, about);
  checkConfiguration(kind, input.configurationValues, about);
  const { serviceAccountRoleArn, podIdentityAssociations = [] } = input;
  if (serviceAccountRoleArn && podIdentityAssociations.length > 0) {
    throw invalidParameter("serviceAccountRoleArn and podIdentityAssociations cannot be used together", about);
  }
  if (serviceAccountRoleArn) serviceAccountRole(call, serviceAccountRoleArn, about);
  checkPodIdentity(call, kind, version, podIdentityAssociations, about);
  const tags = checkedTags(input.tags, about);

  const now = call.world.now();
  const addon: AddonRecord = {
    name,
    arn: eksArn(call, `addon/${cluster.name}/${name}/${uuid(call)}`),
    createdAt: now,
    modifiedAt: now,
    status: "CREATING",
    version,
    configurationValues: input.configurationValues?.trim() ? input.configurationValues : null,
    serviceAccountRoleArn: serviceAccountRoleArn ?? null,
    namespace: input.namespaceConfig?.namespace ?? kind.namespace,
    tags,
    asked,
    waiting: false,
    issues: [],
    updates: [],
  };
  for (const { serviceAccount = "", roleArn = "" } of podIdentityAssociations) {
    const { namespace, arn: ownerArn } = addon;
    addAssociation(call, cluster, { namespace, serviceAccount, roleArn, ownerArn, asked });
  }
  if (input.resolveConflicts === "OVERWRITE") {
    cluster.selfManagedAddons = cluster.selfManagedAddons.filter((each) => each !== name);
  }
  addon.waiting = lackOf(call, cluster, addon) !== undefined;
  cluster.addons[name] = addon;
  scheduleCheck(call, cluster, addon);
  recheckAddons(call, cluster);
  scheduleOwnUpdates(call, cluster, "addon");
  return { addon: addonView(call, cluster, addon) };
}

export const addonCreateHandlers = { CreateAddon: createAddon };
