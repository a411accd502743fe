import type { Service } from "../../service.ts";
import { accessEntryHandlers } from "./access-entries.ts";
import { accessPolicyHandlers } from "./access-policies.ts";
import { addonHandlers } from "./addons.ts";
import { addonCreateHandlers } from "./addon-create.ts";
import { addonUpdateHandlers } from "./addon-update.ts";
import { addonVersionHandlers } from "./addon-versions.ts";
import { capabilityHandlers } from "./capabilities.ts";
import { clusterConfigHandlers } from "./cluster-config.ts";
import { clusterCreateHandlers } from "./cluster-create.ts";
import { clusterVersionUpdateHandlers } from "./cluster-version.ts";
import { clusterVersionHandlers } from "./cluster-versions.ts";
import { clusterHandlers } from "./clusters.ts";
import { fargateProfileHandlers } from "./fargate-profiles.ts";
import { identityProviderHandlers } from "./identity-providers.ts";
import { insightHandlers } from "./insights.ts";
import { nodegroupConfigHandlers } from "./nodegroup-config.ts";
import { nodegroupCreateHandlers } from "./nodegroup-create.ts";
import { nodegroupVersionHandlers } from "./nodegroup-version.ts";
import { nodegroupHandlers } from "./nodegroups.ts";
import { podIdentityHandlers } from "./pod-identity.ts";
import { settle } from "./settle.ts";
import { tagHandlers } from "./tags.ts";
import { updateHandlers } from "./updates.ts";

/** Amazon EKS: control planes, managed nodegroups, Fargate profiles, add-ons, and who may enter as whom. */
export const eksService: Service = {
  name: "eks",
  handlers: {
    ...clusterVersionHandlers,
    ...clusterCreateHandlers,
    ...clusterHandlers,
    ...clusterConfigHandlers,
    ...clusterVersionUpdateHandlers,
    ...updateHandlers,
    ...nodegroupCreateHandlers,
    ...nodegroupHandlers,
    ...nodegroupConfigHandlers,
    ...nodegroupVersionHandlers,
    ...fargateProfileHandlers,
    ...addonVersionHandlers,
    ...addonCreateHandlers,
    ...addonHandlers,
    ...addonUpdateHandlers,
    ...capabilityHandlers,
    ...accessEntryHandlers,
    ...accessPolicyHandlers,
    ...podIdentityHandlers,
    ...identityProviderHandlers,
    ...tagHandlers,
    ...insightHandlers,
  },
  settle,
};
