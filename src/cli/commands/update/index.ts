import { aliases, type Branch } from "../../command.ts";

export const updateVerb: Branch = {
  summary: "change parts of a cluster, and nothing else of it",
  nouns: {
    nodegroup: {
      summary: "bring nodegroups in line with a file",
      aliases: aliases.nodegroup,
      load: () => import("./nodegroup.ts"),
    },
    "auto-mode-config": {
      summary: "turn EKS Auto Mode on or off, or change its pools",
      load: () => import("./auto-mode-config.ts"),
    },
    cluster: {
      summary: "the older name of upgrade cluster",
      load: () => import("../upgrade/cluster.ts"),
    },
    addon: {
      summary: "bring add-ons to another version or configuration",
      aliases: aliases.addon,
      load: () => import("./addon.ts"),
    },
    capability: {
      summary: "change the role of a capability, or settings of Argo CD",
      aliases: aliases.capability,
      load: () => import("./capability.ts"),
    },
    podidentityassociation: {
      summary: "change pod identity associations",
      aliases: aliases.podidentityassociation,
      load: () => import("./podidentityassociation.ts"),
    },
    iamserviceaccount: {
      summary: "change the policies of service accounts",
      aliases: aliases.iamserviceaccount,
      load: () => import("./iamserviceaccount.ts"),
    },
    accessentry: {
      summary: "change groups, names and policies of access entries",
      aliases: aliases.accessentry,
      load: () => import("./accessentry.ts"),
    },
  },
};
